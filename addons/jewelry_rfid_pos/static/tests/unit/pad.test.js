import { beforeEach, expect, test } from "@odoo/hoot";
import { patchWithCleanup } from "@web/../tests/web_test_helpers";
import { setupPosEnv } from "@point_of_sale/../tests/unit/utils";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { PosStore } from "@point_of_sale/app/services/pos_store";
import { pieceCatalog } from "@jewelry_pos/app/services/piece_catalog";

definePosModels();

const STYLE = 5;
let answers, refused, store, time;

/** A register with a pad, and two pieces of one style that may be sold and one that may not. */
beforeEach(async () => {
    answers = {};
    refused = [];
    time = 0;
    pieceCatalog.clear();
    patchWithCleanup(PosStore.prototype, {
        async loadPieces() {},
        async callRegister(method) {
            return answers[method];
        },
        async savePieces() {},
        refusePiece: (piece, reason) => refused.push([piece.name, reason]),
    });
    store = await setupPosEnv();
    store.router.state.current = "ProductScreen";
    store.addNewOrder().setPricelist(false);
    const product = store.models["product.template"].get(STYLE).product_variant_ids[0];
    product.product_tmpl_id.jewelry_kind = "piece";
    product.product_tmpl_id.tracking = "serial";
    pieceCatalog.apply({
        cursor: "2026-01-01 00:00:00",
        columns: {
            id: [1, 2, 3],
            name: ["R-1", "R-2", "R-3"],
            product_id: [product.id, product.id, product.id],
            price: [300, 2000, 50],
            reason: [false, false, "On hold"],
            former_number: [false, false, false],
            inscription: [false, false, false],
            reports: [false, false, false],
            carat_weight: [0, 0, 0],
            ring_circumference: [0, 0, 0],
            shape_id: [null, null, null],
        },
        labels: {},
    });
});

/** Let these pieces lie on the pad. */
function lay(...piece_ids) {
    return store.takePad({ piece_ids, is_watched: true, time: ++time });
}

function numbers(order = store.getOrder()) {
    return order.lines.map((line) => line.getPieceNumber());
}

test("what lies on the pad is on the order, and what is taken away is not", async () => {
    await lay(1, 2);
    expect(numbers()).toEqual(["R-1", "R-2"]);
    await lay(2);
    expect(numbers()).toEqual(["R-2"]);
    await lay();
    expect(numbers()).toEqual([]);
});

test("the same message again changes nothing, and an older one is not believed", async () => {
    await lay(1);
    await store.takePad({ piece_ids: [1], is_watched: true, time });
    expect(numbers()).toEqual(["R-1"]);
    await store.takePad({ piece_ids: [], is_watched: true, time: time - 1 });
    expect(numbers()).toEqual(["R-1"]);
});

test("messages that come while pieces are being added do not add them twice", async () => {
    await Promise.all([lay(1), lay(1, 2), lay(1, 2), lay(2)]);
    expect(numbers()).toEqual(["R-2"]);
});

test("what was scanned already is on the order once, and stays when it is taken away", async () => {
    await store.addPiece(pieceCatalog.get(1));
    await lay(1);
    expect(numbers()).toEqual(["R-1"]);
    expect(refused).toEqual([]);
    await lay();
    expect(numbers()).toEqual(["R-1"]);
});

test("a piece that cannot be sold says why once, until it is laid down anew", async () => {
    await lay(3);
    await lay(3, 1);
    expect(refused).toEqual([["R-3", "On hold"]]);
    expect(numbers()).toEqual(["R-1"]);
    await lay(1);
    await lay(1, 3);
    expect(refused.length).toBe(2);
});

test("what the cashier took off stays off until it is laid down anew", async () => {
    await lay(1);
    store.getOrder().removeOrderline(store.getOrder().lines[0]);
    await lay(1, 2);
    expect(numbers()).toEqual(["R-2"]);
    await lay(2);
    await lay(2, 1);
    expect(numbers()).toEqual(["R-2", "R-1"]);
});

test("a line whose price was typed, that has a discount or a note stays", async () => {
    for (const change of [
        (line) => (line.price_type = "manual"),
        (line) => line.setDiscount(10),
        (line) => line.setCustomerNote("For her"),
    ]) {
        const order = store.addNewOrder();
        await lay(1);
        change(order.lines[0]);
        await lay();
        expect(numbers(order)).toEqual(["R-1"]);
        order.removeOrderline(order.lines[0]);
    }
});

test("a piece leaves the order that the pad put it on, whichever is shown", async () => {
    const first = store.getOrder();
    await lay(1);
    store.addNewOrder();
    await lay(1, 2);
    expect(numbers(first)).toEqual(["R-1"]);
    expect(numbers()).toEqual(["R-2"]);
    await lay();
    expect(numbers(first)).toEqual([]);
    expect(numbers()).toEqual([]);
});

test("nothing changes while a payment is under way, and all of it after", async () => {
    await lay(1);
    store.router.state.current = "PaymentScreen";
    expect(store.isPadPaused()).toBe(true);
    await lay(2);
    expect(numbers()).toEqual(["R-1"]);
    store.router.state.current = "ProductScreen";
    await store.syncPad();
    expect(numbers()).toEqual(["R-2"]);
});

test("a payment that has begun keeps the order as it is on every screen", async () => {
    await lay(1);
    const order = store.getOrder();
    order.addPaymentline(store.models["pos.payment.method"].getFirst());
    expect(store.isPadPaused()).toBe(true);
    await lay();
    expect(numbers(order)).toEqual(["R-1"]);
});

test("a piece that the register does not know is asked for", async () => {
    const product_id = store.models["product.template"].get(STYLE).product_variant_ids[0].id;
    answers.read_piece = {
        row: { id: 9, name: "R-9", product_id, price: 10, reason: false },
        labels: {},
        prices: {},
        reason: false,
        is_shown: false,
        sale: false,
    };
    await lay(9);
    expect(numbers()).toEqual(["R-9"]);
});

test("a piece that nobody may show is left alone", async () => {
    await lay(404, 1);
    expect(numbers()).toEqual(["R-1"]);
});

test("a register that comes back asks what lies there", async () => {
    answers.read_pad = { piece_ids: [2], is_watched: true, time: 5 };
    await store.readPad();
    expect(numbers()).toEqual(["R-2"]);
    answers.read_pad = undefined;
    await store.readPad();
    expect(numbers()).toEqual(["R-2"]);
});
