import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { patchWithCleanup } from "@web/../tests/web_test_helpers";
import { RPCError } from "@web/core/network/rpc";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { readAmount } from "@jewelry_pos_layaway/app/components/layaway_dialog/layaway_dialog";
import { getContent } from "@jewelry_pos_layaway/app/components/layaway_terms/layaway_terms";
import { BEGUN, setupLayawayEnv } from "./utils";

definePosModels();

let answers, asked, dialogs, line, order, store, taken;

/** A register with a piece on its order, and a customer. */
beforeEach(async () => {
    [dialogs, taken] = [[], []];
    ({ answers, asked, line, order, store } = await setupLayawayEnv({
        async addDepositLine(deposit, amount) {
            taken.push([deposit.number, amount]);
            return [];
        },
    }));
    store.dialog.add = (component, props) => dialogs.push([component.name, props]);
    store.notification.add = (text) => dialogs.push(["notification", { body: String(text) }]);
});

function refuse(message) {
    return () => {
        const error = new RPCError();
        error.data = { message };
        throw error;
    };
}

function opened() {
    return dialogs.map(([name]) => name);
}

describe("what may be paid in parts", () => {
    test("a line is told by its piece, price and discount", () => {
        line.setDiscount(10);
        expect(line.getLayawayRow()).toEqual({
            product_id: line.product_id.id,
            piece_id: 1,
            quantity: 1,
            price_unit: 300,
            discount: 10,
        });
    });

    test("goods are, and money is not", () => {
        expect(order.getLayawayLines()).toEqual([line]);
        patchWithCleanup(line, { isMoney: () => true });
        expect(order.getLayawayLines()).toEqual([]);
    });

    test("what is taken off the whole order stands against it", async () => {
        line.setUnitPrice(-5);
        await store.openLayaway();
        expect(opened()).toEqual(["AlertDialog"]);
        expect(String(dialogs[0][1].body)).toMatch(/off the order first/);
    });

    test("the cart says who wants it, under which pricelist and tax", () => {
        const cart = store.getLayawayCart(order, { kind: "layaway", lines: [] });
        expect(cart).toEqual({
            uuid: order.uuid,
            partner_id: order.getPartner().id,
            pricelist_id: false,
            fiscal_position_id: order.fiscal_position_id?.id || false,
            kind: "layaway",
            lines: [],
        });
    });
});

describe("beginning", () => {
    test("with a customer and a piece the dialog opens", async () => {
        await store.openLayaway();
        expect(opened()).toEqual(["LayawayDialog"]);
    });

    test("without a customer nothing begins", async () => {
        order.setPartner(false);
        patchWithCleanup(store, { async selectPartner() {} });
        await store.openLayaway();
        expect(opened()).toEqual(["AlertDialog"]);
    });

    test("a price that a manager does not agree to begins nothing", async () => {
        patchWithCleanup(store, { agreePrices: async () => false });
        await store.openLayaway();
        expect(opened()).toEqual([]);
    });

    test("what was begun is gone on with", async () => {
        order.setBegunLayaway(BEGUN);
        await store.openLayaway();
        expect(opened()).toEqual(["LayawayTerms"]);
    });

    test("what the server refuses is an answer, and so is that it is away", async () => {
        answers.start_layaway = refuse("R-1: On layaway L/9");
        const refused = await store.askLayaway("start_layaway", {});
        expect(refused).toEqual({ answer: undefined, error: "R-1: On layaway L/9" });
        answers.start_layaway = undefined;
        expect((await store.askLayaway("start_layaway", {})).error).toMatch(/cannot be reached/);
    });
});

describe("after the terms", () => {
    beforeEach(() => {
        store.takeBegunLayaway(order, BEGUN, [line]);
    });

    test("the pieces leave the order, and the first payment is on it", async () => {
        await store.takeFirstPayment(order, order.getBegunLayaway());
        expect(order.lines.length).toBe(0);
        expect(taken).toEqual([["D/1", 60]]);
    });

    test("a first payment that is on the order is not taken twice", async () => {
        patchWithCleanup(order, { getDepositAmount: () => 60 });
        await store.takeFirstPayment(order, order.getBegunLayaway());
        expect(taken).toEqual([]);
    });

    test("a refusal leaves the piece on the order", () => {
        store.forgetLayaway(order, order.getBegunLayaway());
        expect(order.getBegunLayaway()).toBe(undefined);
        expect(order.lines.map(({ uuid }) => uuid)).toEqual([line.uuid]);
    });

    test("the own layaway is no bad news, another one is", () => {
        store.markLine(line, "On layaway L/1");
        expect(line.uiState.pieceReason).toBe(undefined);
        order.setBegunLayaway(undefined);
        store.markLine(line, "On layaway L/9");
        expect(line.uiState.pieceReason).toBe("On layaway L/9");
    });

    test("with the order, what was begun is given up", async () => {
        const { uuid } = order;
        await store.deleteOrders([order]);
        expect(asked.filter(([method]) => method === "give_up_layaway")).toEqual([
            ["give_up_layaway", uuid],
        ]);
    });
});

describe("what is typed and drawn", () => {
    test("an amount is read, and nothing is none", () => {
        expect(readAmount("1,234.50")).toBe(1234.5);
        expect(readAmount("  ")).toBe(undefined);
        expect(readAmount("much")).toBe(undefined);
    });

    test("of a data URL the content is sent", () => {
        expect(getContent("data:image/png;base64,QUJD")).toBe("QUJD");
    });
});
