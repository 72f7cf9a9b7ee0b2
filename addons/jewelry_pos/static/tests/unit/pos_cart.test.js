import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { tick } from "@odoo/hoot-dom";
import { patchWithCleanup } from "@web/../tests/web_test_helpers";
import { RPCError } from "@web/core/network/rpc";
import { setupPosEnv } from "@point_of_sale/../tests/unit/utils";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { PosStore } from "@point_of_sale/app/services/pos_store";
import { pieceCatalog } from "@jewelry_pos/app/services/piece_catalog";

definePosModels();

const STYLE = 5;
const REQUEST = { shop: "Shop 2", transfer: "S2/OUT/1", is_sent: false };
let answers, asked, dialogs, order, product, store;

/** @returns {Object} what the server says of the piece here, or of the one in another shop */
function answer({ id = 1, reason = false, request = false, ...row } = {}) {
    return {
        row: {
            id,
            name: `R-${id}`,
            product_id: product.id,
            price: 300,
            reason,
            can_ask: false,
            former_number: false,
            inscription: false,
            reports: false,
            ...row,
        },
        labels: {},
        is_shown: true,
        description: "",
        reports: [],
        prices: {},
        care: [],
        sale: false,
        reason,
        request,
    };
}

/** A register with a piece that is here, and one that another shop has. */
beforeEach(async () => {
    [answers, asked, dialogs] = [{}, [], []];
    pieceCatalog.clear();
    patchWithCleanup(PosStore.prototype, {
        async loadPieces() {},
        async savePieces() {},
        async callRegister(method, ...args) {
            asked.push([method, ...args]);
            const told = answers[method];
            return typeof told === "function" ? told(...args) : told;
        },
    });
    store = await setupPosEnv();
    order = store.addNewOrder();
    order.setPricelist(false);
    product = store.models["product.template"].get(STYLE).product_variant_ids[0];
    Object.assign(product.product_tmpl_id, { jewelry_kind: "piece", tracking: "serial" });
    const rows = [answer().row, answer({ id: 2, reason: "At Shop 2", can_ask: true }).row];
    const columns = {};
    Object.keys(rows[0]).forEach((name) => (columns[name] = rows.map((row) => row[name])));
    pieceCatalog.apply({ cursor: "2026-01-01 00:00:00", columns, labels: {} });
    // Whoever stands before the register agrees to everything.
    store.dialog.add = (component, props) => {
        dialogs.push(`${props.title}: ${props.body || ""}`);
        (props.confirm || (() => props.getPayload?.("2026-12-24")))();
        props.close?.();
    };
    store.notification.add = (text) => dialogs.push(String(text));
});

function methods() {
    return asked.map(([method]) => method);
}

describe("what becomes of a piece on an order", () => {
    let line;

    beforeEach(async () => {
        line = await store.addPiece(pieceCatalog.get(1));
        await tick();
    });

    test("another price is taken, and the line tells the one before", async () => {
        answers.read_piece = answer({ price: 350 });
        await store.readOpenLines([1]);
        expect(line.price_unit).toBe(350);
        expect(line.getPieceNews().length).toBe(1);
        expect(String(line.getPieceNews()[0])).toMatch(/Its price was .*345/);
    });

    test("a price that somebody typed stays", async () => {
        line.setUnitPrice(280);
        line.price_type = "manual";
        answers.read_piece = answer({ price: 350 });
        await store.readOpenLines([1]);
        expect(line.price_unit).toBe(280);
        expect(line.getPieceNews()).toEqual([]);
    });

    test("what is being paid stays as it was asked", async () => {
        order.addPaymentline(store.models["pos.payment.method"].getFirst());
        answers.read_piece = answer({ price: 350 });
        await store.readOpenLines([1]);
        expect(line.price_unit).toBe(300);
    });

    test("another number is taken, and the line tells the one before", async () => {
        answers.read_piece = answer({ name: "R-77" });
        await store.readOpenLines([1]);
        expect(line.getPieceNumber()).toBe("R-77");
        expect(line.getPieceId()).toBe(1);
        expect(line.getPieceNews().map(String)).toEqual(["Its number was R-1"]);
    });

    test("a line is asked for by its piece, also under a number that nobody has any more", async () => {
        pieceCatalog.forget([1]);
        answers.read_piece = answer({ name: "R-77" });
        await store.readOpenLines([1]);
        expect(line.getPieceNumber()).toBe("R-77");
    });

    test("only pieces that changed are asked for", async () => {
        await store.readOpenLines([2, 3]);
        expect(methods()).not.toInclude("read_piece");
    });

    test("a line that is removed while another is asked for is not asked for", async () => {
        const columns = {};
        Object.entries(answer({ id: 3 }).row).forEach(([name, value]) => (columns[name] = [value]));
        pieceCatalog.apply({ cursor: "2026-01-01 00:00:00", columns, labels: {} });
        const other = await store.addPiece(pieceCatalog.get(3));
        answers.read_piece = (id) => {
            other.delete();
            return answer({ id });
        };
        await store.readOpenLines([1, 3]);
        expect(methods().filter((name) => name === "read_piece").length).toBe(1);
    });

    test("what cannot be sold any more is told once, and not paid", async () => {
        answers.read_piece = answer({ reason: "At the bench" });
        answers.renew_claims = [
            { order_uuid: order.uuid, piece_id: 1, number: "R-1", reason: "At the bench" },
        ];
        await store.readOpenLines([1]);
        await store.readOpenLines([1]);
        expect(line.uiState.pieceReason).toBe("At the bench");
        expect(dialogs.filter((text) => text.includes("At the bench")).length).toBe(1);
        expect(await store.mayBePaid(order)).toBe(false);
        expect(order.lines.length).toBe(0);
    });

    test("what can be sold again is paid", async () => {
        answers.renew_claims = [
            { order_uuid: order.uuid, piece_id: 1, number: "R-1", reason: "Reserved" },
        ];
        await store.renewClaims();
        expect(line.uiState.pieceReason).toBe("Reserved");
        answers.renew_claims = [];
        expect(await store.mayBePaid(order)).toBe(true);
        expect(line.uiState.pieceReason).toBe(false);
    });

    test("without the server what was known stays known", async () => {
        line.uiState.pieceReason = "Reserved";
        answers.renew_claims = undefined;
        await store.renewClaims();
        expect(line.uiState.pieceReason).toBe("Reserved");
    });
});

describe("terms of what comes back", () => {
    test("an empty order takes the customer and the taxes of the sale", () => {
        const partner_id = store.models["res.partner"].getFirst();
        const fiscal_position_id = store.models["account.fiscal.position"].getFirst();
        store.prepareReturn({ partner_id, fiscal_position_id });
        expect(store.getOrder().uuid).toBe(order.uuid);
        expect(order.getPartner().id).toBe(partner_id.id);
        expect(order.fiscal_position_id.id).toBe(fiscal_position_id.id);
    });

    test("an order that has begun under other taxes stays as it is", async () => {
        await store.addPiece(pieceCatalog.get(1));
        const fiscal_position_id = store.models["account.fiscal.position"].find(
            ({ id }) => id !== order.fiscal_position_id?.id
        );
        store.prepareReturn({ fiscal_position_id });
        expect(store.getOrder().uuid).not.toBe(order.uuid);
        expect(store.getOrder().fiscal_position_id.id).toBe(fiscal_position_id.id);
        expect(order.lines.length).toBe(1);
    });

    test("an exchange under the same taxes is one order", async () => {
        await store.addPiece(pieceCatalog.get(1));
        store.prepareReturn({ fiscal_position_id: order.fiscal_position_id });
        expect(store.getOrder().uuid).toBe(order.uuid);
    });
});

describe("what the device keeps", () => {
    test("a line sells the same piece when it is loaded again", async () => {
        const line = await store.addPiece(pieceCatalog.get(1));
        const kept = line.serializeState();
        expect(kept.lotNames).toEqual(["R-1"]);
        line.pack_lot_ids[0].delete();
        expect(line.getPieceNumber()).toBe(undefined);
        line.uiState = kept;
        line.restoreLots();
        line.restoreLots();
        expect(line.pack_lot_ids.map((lot) => lot.lot_name)).toEqual(["R-1"]);
        expect(line.getPieceNumber()).toBe("R-1");
    });

    test("what the server knows of a line stands", async () => {
        const line = await store.addPiece(pieceCatalog.get(1));
        line.uiState.lotNames = ["R-OLD"];
        line.restoreLots();
        expect(line.getPieceNumber()).toBe("R-1");
    });
});

describe("pieces of other shops", () => {
    const asks = (values = {}) => answer({ id: 2, request: { ...REQUEST, ...values } });

    test("the shop that has it is asked, and the line tells how far that is", async () => {
        Object.assign(answers, { request_piece: asks(), claim_piece: asks() });
        const line = await store.addPiece(pieceCatalog.get(2));
        expect(asked[0]).toEqual(["request_piece", 2, order.uuid]);
        expect(String(line.getRequestText())).toBe("Asked for at Shop 2 (S2/OUT/1)");
        answers.read_piece = asks({ is_sent: true });
        await store.readOpenLines([2]);
        expect(String(line.getRequestText())).toBe("On its way from Shop 2 (S2/OUT/1)");
        answers.read_piece = answer({ id: 2 });
        await store.readOpenLines([2]);
        expect(line.getRequestText()).toBe(undefined);
    });

    test("nobody is asked unless the cashier says so", async () => {
        store.dialog.add = (component, props) => props.cancel?.();
        store.addPiece(pieceCatalog.get(2));
        await tick();
        expect(asked).toEqual([]);
    });

    test("what stands against it is told, and nothing is on the order", async () => {
        answers.request_piece = () => {
            const error = new RPCError();
            error.data = { message: "R-2 cannot be asked for: Sold." };
            throw error;
        };
        await store.addPiece(pieceCatalog.get(2));
        expect(dialogs.at(-1)).toMatch(/cannot be asked for: Sold/);
        expect(order.lines.length).toBe(0);
    });

    test("without the server nobody can be asked", async () => {
        await store.addPiece(pieceCatalog.get(2));
        expect(dialogs.at(-1)).toMatch(/server cannot be reached/);
        expect(order.lines.length).toBe(0);
    });

    test("the order is handed over on a day, and now when nothing has yet to come", async () => {
        Object.assign(answers, { request_piece: asks(), claim_piece: asks(), renew_claims: [] });
        const line = await store.addPiece(pieceCatalog.get(2));
        await tick();
        expect(await store.mayBePaid(order)).toBe(true);
        expect(Boolean(order.shipping_date)).toBe(true);
        line.keepPieceFacts({ request: false });
        expect(await store.mayBePaid(order)).toBe(true);
        expect(Boolean(order.shipping_date)).toBe(false);
    });

    test("a day that the cashier chose stays", async () => {
        await store.addPiece(pieceCatalog.get(1));
        order.setShippingDate("2026-12-24");
        answers.renew_claims = [];
        expect(await store.mayBePaid(order)).toBe(true);
        expect(Boolean(order.shipping_date)).toBe(true);
    });
});
