import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { patchWithCleanup } from "@web/../tests/web_test_helpers";
import { setupPosEnv } from "@point_of_sale/../tests/unit/utils";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { PosStore } from "@point_of_sale/app/services/pos_store";
import { isDepositNumber } from "@jewelry_pos_deposit/app/services/pos_store";
import { DepositDialog } from "@jewelry_pos_deposit/app/components/deposit_dialog/deposit_dialog";

definePosModels();

const PRODUCT = 5;
let answers, asked, dialogs, order, partner, store;

/** A register, and what its server says of deposits. */
beforeEach(async () => {
    [answers, asked, dialogs] = [{}, [], []];
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
    patchWithCleanup(store.dialog, { add: (component, props) => dialogs.push(props) });
    order = store.addNewOrder();
    partner = store.models["res.partner"].getFirst();
    answers.prepare_deposit_lines = (_id, amount) => ({
        lines: [prepareLine(amount)],
        partner_id: partner.id,
        due: 1000 - amount,
    });
});

function prepareLine(amount, values = {}) {
    const product = store.models["product.template"].get(PRODUCT).product_variant_ids[0];
    return {
        product_id: product.id,
        full_product_name: "Deposit D2026/00001 for S001",
        qty: Math.sign(amount),
        price_unit: Math.abs(amount),
        tax_ids: [],
        extra_tax_data: false,
        deposit_number: "D2026/00001",
        deposit_due: 1000 - amount,
        ...values,
    };
}

function makeDeposit(values = {}) {
    return {
        id: 7,
        number: "D2026/00001",
        partner_id: partner.id,
        partner: partner.name,
        total: 1000,
        paid: 0,
        due: 1000,
        next_amount: 250,
        refundable: 0,
        is_credit: false,
        can_hand_over: true,
        pieces: [],
        instalments: [],
        notices: [],
        ...values,
    };
}

describe("a payment of a deposit", () => {
    test("is a line of the order, of the customer whose deposit it is", async () => {
        const [line] = await store.addDepositLine(makeDeposit(), 250);
        expect(order.lines).toHaveLength(1);
        expect(order.getPartner()).toBe(partner);
        expect(line.deposit_number).toBe("D2026/00001");
        expect(line.full_product_name).toBe("Deposit D2026/00001 for S001");
        expect(order.priceIncl).toBe(250);
        expect(asked.at(-1)).toEqual(["prepare_deposit_lines", 7, 250]);
    });

    test("is told to the server as money, with what it pays for", async () => {
        const [line] = await store.addDepositLine(makeDeposit(), 250, { handOver: true });
        expect(line.getPriceRow().is_money).toBe(true);
        const sent = line.serializeForORM();
        expect(sent.deposit_number).toBe("D2026/00001");
        expect(sent.is_handed_over).toBe(true);
        expect(sent.deposit_due).toBe(750);
    });

    test("keeps its amount, whatever is typed or chosen", async () => {
        const [line] = await store.addDepositLine(makeDeposit(), 250);
        line.setQuantity(3);
        line.setUnitPrice(1);
        line.setDiscount(50);
        order.setPricelist(store.models["product.pricelist"].getFirst());
        expect([line.qty, line.price_unit, line.discount || 0]).toEqual([1, 250, 0]);
    });

    test("is not merged with another", async () => {
        await store.addDepositLine(makeDeposit(), 250);
        answers.prepare_deposit_lines = () => ({
            lines: [prepareLine(250, { deposit_number: "D2026/00002" })],
            partner_id: partner.id,
        });
        await store.addDepositLine(makeDeposit({ id: 8, number: "D2026/00002" }), 250);
        expect(order.lines).toHaveLength(2);
        expect(order.lines[0].canBeMergedWith(order.lines[1])).toBe(false);
        expect(order.getDepositSummary().map(({ number, amount }) => [number, amount])).toEqual([
            ["D2026/00001", 250],
            ["D2026/00002", 250],
        ]);
    });

    test("of several taxes goes as a whole", async () => {
        answers.prepare_deposit_lines = () => ({
            lines: [prepareLine(150), prepareLine(100)],
            partner_id: partner.id,
        });
        await store.addDepositLine(makeDeposit(), 250);
        expect(order.getDepositAmount("D2026/00001")).toBe(250);
        order.removeOrderline(order.lines[0]);
        expect(order.lines).toHaveLength(0);
    });

    test("is on an order once", async () => {
        await store.addDepositLine(makeDeposit(), 250);
        expect(await store.addDepositLine(makeDeposit(), 250)).toBe(undefined);
        expect(order.lines).toHaveLength(1);
        expect(dialogs).toHaveLength(1);
    });

    test("is not put on the order of somebody else", async () => {
        await store.addDepositLine(makeDeposit(), 250);
        const deposit = makeDeposit({ id: 9, number: "D2026/00009", partner_id: -1, partner: "X" });
        expect(await store.addDepositLine(deposit, 250)).toBe(undefined);
        expect(dialogs[0].body).toMatch(/the deposit of X/);
    });

    test("keeps the customer of the order", async () => {
        await store.addDepositLine(makeDeposit(), 250);
        const other = store.models["res.partner"].find(({ id }) => id !== partner.id);
        store.setPartnerToCurrentOrder(other);
        expect(order.getPartner()).toBe(partner);
        expect(dialogs).toHaveLength(1);
        order.removeOrderline(order.lines[0]);
        store.setPartnerToCurrentOrder(other);
        expect(order.getPartner()).toBe(other);
    });

    test("is not taken while the server cannot be reached", async () => {
        answers.prepare_deposit_lines = undefined;
        expect(await store.addDepositLine(makeDeposit(), 250)).toBe(undefined);
        expect(order.lines).toHaveLength(0);
        expect(dialogs[0].body).toMatch(/cannot be reached/);
    });

    test("that is given back makes the order one that only takes back", async () => {
        const [line] = await store.addDepositLine(makeDeposit(), -250, { reason: "Cancelled" });
        expect(order.is_refund).toBe(true);
        expect(order.getDepositAmount("D2026/00001")).toBe(-250);
        expect(line.customer_note).toBe("Cancelled");
    });
});

describe("a code", () => {
    test("may be the number of a deposit, or of something else", () => {
        expect(isDepositNumber("D2026/00001")).toBe(true);
        expect(isDepositNumber("P-100")).toBe(false);
        expect(isDepositNumber("4006381333931")).toBe(false);
    });

    test("of a deposit shows it, and of a piece asks for no deposit", async () => {
        answers.get_deposits = { deposits: [makeDeposit()], can_refund: false };
        expect(await store.scanDeposit("D2026/00001")).toBe(true);
        expect(dialogs[0].query).toBe("D2026/00001");
        asked = [];
        expect(await store.scanDeposit("P-100")).toBe(false);
        expect(asked).toEqual([]);
    });

    test("that is not known shows nothing", async () => {
        answers.get_deposits = { deposits: [], can_refund: false };
        expect(await store.scanDeposit("D2026/99999")).toBe(false);
        expect(dialogs).toEqual([]);
    });
});

describe("the dialog", () => {
    /** @returns {DepositDialog} the rules of the dialog, without its screen */
    function open(values = {}) {
        const dialog = Object.create(DepositDialog.prototype);
        dialog.pos = store;
        dialog.env = store.env;
        dialog.format = (amount) => String(amount);
        dialog.money = (amount) => String(amount);
        dialog.state = { query: "" };
        dialog.choose(makeDeposit(values));
        return dialog;
    }

    test("proposes what is due next, and no hand-over before the last payment", () => {
        const dialog = open();
        expect(dialog.amount).toBe(250);
        expect(dialog.isLast).toBe(false);
        expect(dialog.state.handOver).toBe(false);
        dialog.setAmount("1000");
        expect(dialog.isLast).toBe(true);
        expect(dialog.state.handOver).toBe(true);
    });

    test("takes no more than is to pay, and no nothing", () => {
        const dialog = open();
        expect(dialog.problem).toBe(undefined);
        for (const amount of ["1000.01", "0", "-5", "x"]) {
            dialog.setAmount(amount);
            expect(dialog.problem).not.toBe(undefined);
        }
    });

    test("gives back with a reason, and no more than may be", () => {
        const dialog = open({ refundable: 400, paid: 400, due: 600 });
        dialog.setRefund(true);
        expect(dialog.amount).toBe(400);
        expect(dialog.problem).toMatch(/why/);
        dialog.state.reason = "Cancelled";
        expect(dialog.problem).toBe(undefined);
        dialog.setAmount("400.01");
        expect(dialog.problem).toMatch(/at most/);
    });

    test("takes any amount to the customer's credit, and needs no reason to use it", () => {
        const dialog = open({ is_credit: true, due: 0, held: 90, refundable: 90 });
        dialog.setAmount("5000");
        expect(dialog.problem).toBe(undefined);
        dialog.setRefund(true);
        expect(dialog.problem).toBe(undefined);
    });

    test("tells how much is paid in per cent, also of nothing", () => {
        const dialog = open();
        expect(dialog.getShare({ paid: 250, total: 1000 })).toBe(25);
        expect(dialog.getShare({ paid: 250, total: 0 })).toBe(0);
        expect(dialog.getShare({ paid: 1200, total: 1000 })).toBe(100);
    });
});
