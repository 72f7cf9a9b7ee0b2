import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { tick } from "@odoo/hoot-dom";
import { patchWithCleanup } from "@web/../tests/web_test_helpers";
import { setupPosEnv } from "@point_of_sale/../tests/unit/utils";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { ProductInfoPopup } from "@point_of_sale/app/components/popups/product_info_popup/product_info_popup";
import { PosStore } from "@point_of_sale/app/services/pos_store";
import { pieceCatalog } from "@jewelry_pos/app/services/piece_catalog";

definePosModels();

const STYLE = 5;
let asked, answers, store;

/** A register whose server answers as told, with two pieces of one style at 300 and 2,000. */
beforeEach(async () => {
    asked = [];
    answers = {};
    pieceCatalog.clear();
    patchWithCleanup(PosStore.prototype, {
        async loadPieces() {},
        async callRegister(method, ...args) {
            asked.push([method, ...args]);
            return answers[method];
        },
        async savePieces() {},
    });
    store = await setupPosEnv();
    store.addNewOrder().setPricelist(false);
    const product = store.models["product.template"].get(STYLE).product_variant_ids[0];
    product.product_tmpl_id.jewelry_kind = "piece";
    product.product_tmpl_id.tracking = "serial";
    pieceCatalog.apply({
        cursor: "2026-01-01 00:00:00",
        columns: {
            id: [1, 2],
            name: ["R-1", "R-2"],
            product_id: [product.id, product.id],
            price: [300, 2000],
            reason: [false, false],
            former_number: [false, false],
            inscription: [false, false],
            reports: ["111", false],
            carat_weight: [0.52, 0],
            ring_circumference: [0, 0],
            shape_id: [1, null],
        },
        labels: { shape_id: { 1: "Round" } },
    });
});

describe("lines of pieces", () => {
    test("each piece is a line of its own, at its own price", async () => {
        await store.addPiece(pieceCatalog.get(1));
        await store.addPiece(pieceCatalog.get(2));
        const lines = store.getOrder().lines;
        expect(lines.map((line) => line.getPieceNumber())).toEqual(["R-1", "R-2"]);
        expect(lines.map((line) => line.price_unit)).toEqual([300, 2000]);
        expect(lines.map((line) => line.qty)).toEqual([1, 1]);
    });

    test("two pieces at one price are two lines", async () => {
        pieceCatalog.columns.price[1] = 300;
        await store.addPiece(pieceCatalog.get(1));
        await store.addPiece(pieceCatalog.get(2));
        const [one, other] = store.getOrder().lines;
        expect(one.canBeMergedWith(other)).toBe(false);
        expect(store.getOrder().lines.length).toBe(2);
    });

    test("of one piece nobody sells two, and nobody makes it dearer by a quantity", async () => {
        const line = await store.addPiece(pieceCatalog.get(1));
        for (const [typed, quantity] of [
            [2, 1],
            ["7", 1],
            [-3, -1],
            [0.5, 1],
            ["", 0],
        ]) {
            line.setQuantity(typed);
            expect(line.qty).toBe(quantity);
        }
        line.setQuantity(1);
        expect(line.price_unit).toBe(300);
    });

    test("the price of each piece stays whatever is priced anew", async () => {
        await store.addPiece(pieceCatalog.get(1));
        await store.addPiece(pieceCatalog.get(2));
        const order = store.getOrder();
        const getPrices = () => order.lines.map((line) => line.price_unit);
        order.lines.forEach((line) => line.setQuantity(1));
        expect(getPrices()).toEqual([300, 2000]);
        order.setPricelist(false);
        expect(getPrices()).toEqual([300, 2000]);
    });

    test("a style that the register did not load comes with its piece", async () => {
        const loaded = [];
        patchWithCleanup(PosStore.prototype, {
            async loadNewProducts(domain) {
                loaded.push(domain);
            },
        });
        await store.getPieceProduct({ product_id: 4242 });
        expect(loaded).toEqual([[["product_variant_ids", "in", [4242]]]]);
        await store.getPieceProduct({ product_id: store.models["product.product"].getFirst().id });
        expect(loaded.length).toBe(1);
    });

    test("nobody is shown a margin that no cost was known for", () => {
        expect(ProductInfoPopup.prototype._hasMarginsCostsAccessRights()).toBe(false);
    });

    test("what a coupon took off is not paid back with the piece", async () => {
        const one = await store.addPiece(pieceCatalog.get(1));
        await store.addPiece(pieceCatalog.get(2));
        const sold = store.getOrder();
        store.models["pos.order.line"].create({
            order_id: sold,
            product_id: one.product_id,
            tax_ids: one.tax_ids.map((tax) => ["link", tax]),
            price_unit: -230,
            qty: 1,
        });
        store.addNewOrder().setPricelist(false);
        patchWithCleanup(store.data, { async loadServerOrders() {} });
        const sale = { order_id: sold.id, line_uuid: one.uuid };
        const back = await store.takeBack({ id: 1, name: "R-1", sale });
        expect(back.price_unit).toBe(270);
        expect(back.qty).toBe(-1);
    });

    test("a typed price stays when the server tells of the piece", async () => {
        const line = await store.addPiece(pieceCatalog.get(1));
        line.setUnitPrice(250);
        line.price_type = "manual";
        line.setPieceFacts({ row: { id: 1, name: "R-1" }, description: "", reports: [] });
        expect(line.price_unit).toBe(250);
    });

    test("prices that the server reckoned stand before those that the browser reckons", () => {
        const product = store.models["product.template"].get(STYLE).product_variant_ids[0];
        const pricelist = { id: 7 };
        expect(product.getPiecePrice({ price: 300, prices: { 7: 270 } }, pricelist)).toBe(270);
        expect(product.getPiecePrice({ price: 300, prices: { 8: 270 } }, false)).toBe(300);
        expect(product.getPiecePrice({ price: 300 }, false)).toBe(300);
        expect(product.lst_price).not.toBe(300);
    });

    test("a line tells the piece also when the catalog does not have it any more", async () => {
        const line = await store.addPiece(pieceCatalog.get(1));
        line.setPieceFacts({
            row: { id: 1, name: "R-1", photo: true },
            description: "No. R-1\n18K gold\n0.50 ct diamond",
            reports: [{ laboratory: "GIA", number: "111" }],
            care: ["Lukewarm water."],
        });
        pieceCatalog.forget([1]);
        expect(line.getPieceId()).toBe(1);
        expect(line.getPieceLines()).toEqual(["18K gold", "0.50 ct diamond"]);
        expect(line.getPieceReports()).toEqual(["GIA 111"]);
        expect(store.getOrder().getCareTexts()).toEqual(["Lukewarm water."]);
    });

    test("without the server the numbers of the reports are told", async () => {
        const line = await store.addPiece(pieceCatalog.get(1));
        expect(line.getPieceReports()).toEqual(["111"]);
        expect(line.getPieceLines()).toEqual(["0.52 ct · Round"]);
    });
});

describe("never twice", () => {
    test("a piece that is on the order is not added again", async () => {
        await store.addPiece(pieceCatalog.get(1));
        expect(await store.addPiece(pieceCatalog.get(1))).toBe(undefined);
        expect(store.getOrder().lines.length).toBe(1);
        expect(store.getPieceProblem(pieceCatalog.get(1))).toBe("It is on this order already");
    });

    test("a piece that is on another order of this register is not added", async () => {
        await store.addPiece(pieceCatalog.get(1));
        store.addNewOrder();
        expect(store.getPieceProblem(pieceCatalog.get(1))).toMatch(/It is on order/);
    });

    test("a paid order that the server does not know yet keeps its piece", async () => {
        await store.addPiece(pieceCatalog.get(1));
        const order = store.getOrder();
        order.state = "paid";
        store.addNewOrder();
        expect(store.getPieceProblem(pieceCatalog.get(1))).toMatch(/It is on order/);
        order.state = "cancel";
        expect(store.getPieceProblem(pieceCatalog.get(1))).toBe(false);
    });

    test("a piece that the server refuses leaves the order", async () => {
        answers.claim_piece = {
            row: { id: 1, name: "R-1", product_id: 5 },
            labels: {},
            reason: "Sold",
            is_shown: false,
        };
        await store.addPiece(pieceCatalog.get(1));
        await tick();
        expect(store.getOrder().lines.length).toBe(0);
        expect(pieceCatalog.get(1)).toBe(undefined);
    });

    test("what was sold is known no more once the server has the order", async () => {
        await store.addPiece(pieceCatalog.get(1));
        const order = store.getOrder();
        order.state = "paid";
        await store.postSyncAllOrders([order]);
        expect(pieceCatalog.get(1)).toBe(undefined);
        expect(pieceCatalog.get(2).name).toBe("R-2");
    });

    test("a cashier is told of a conflict, and where there is none nobody asks", async () => {
        await store.addPiece(pieceCatalog.get(1));
        const order = store.getOrder();
        order.state = "paid";
        await store.postSyncAllOrders([order]);
        expect(asked.map(([method]) => method)).not.toInclude("read_conflicts");
        answers.read_conflicts = [{ number: "R-1", advice: "Call a manager." }];
        const answer = { id: 77, state: "paid", lines: [], raw: { conflict_count: 1 } };
        await store.postSyncAllOrders([answer]);
        expect(asked.at(-1)).toEqual(["read_conflicts", [77]]);
    });
});

describe("kept for open orders", () => {
    test("a piece of a removed line is given back, and only that one", async () => {
        await store.addPiece(pieceCatalog.get(1));
        await store.addPiece(pieceCatalog.get(2));
        const order = store.getOrder();
        order.removeOrderline(order.lines[0]);
        await store.releaseClaims();
        expect(asked.at(-1)).toEqual(["release_pieces", order.uuid, [1]]);
        const count = asked.length;
        await store.releaseClaims();
        expect(asked.length).toBe(count);
    });

    test("what open orders keep is told from time to time", async () => {
        await store.addPiece(pieceCatalog.get(1));
        await store.renewClaims();
        expect(asked.at(-1)).toEqual(["renew_claims", { [store.getOrder().uuid]: [1] }]);
    });

    test("a register without open orders is silent", async () => {
        await store.renewClaims();
        expect(asked).toEqual([]);
    });
});

describe("returns", () => {
    const back = { id: 3, name: "R-3", photo: false };

    test("an order that only takes back is a refund, one that sells as well is none", async () => {
        const order = store.addNewOrder();
        const product_id = store.models["product.template"].get(STYLE).product_variant_ids[0];
        store.addReturnLine(back, { product_id, price_unit: 500, price_type: "automatic" });
        expect(order.is_refund).toBe(true);
        expect(order.lines[0].qty).toBe(-1);
        await store.addPiece(pieceCatalog.get(1));
        expect(order.lines.length).toBe(2);
        expect(order.is_refund).toBe(false);
        expect(order.lines[0].getPieceNumber()).toBe("R-3");
    });

    test("a piece that comes back comes back once", () => {
        store.addNewOrder();
        const product_id = store.models["product.template"].get(STYLE).product_variant_ids[0];
        store.addReturnLine(back, { product_id, price_unit: 500, price_type: "automatic" });
        const sold = { ...back, product_id: product_id.id, reason: "Sold" };
        expect(store.getPieceProblem(sold)).toBe("It is on this order already");
    });

    test("a sold piece is offered to be taken back, not refused", async () => {
        const offered = [];
        patchWithCleanup(PosStore.prototype, {
            offerToTakeBack: (piece) => offered.push(piece.name),
        });
        await store.addPiece({ ...back, reason: "Sold", sale: { line_uuid: "x" } });
        expect(offered).toEqual(["R-3"]);
    });
});
