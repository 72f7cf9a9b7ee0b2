import { describe, expect, test } from "@odoo/hoot";
import { onRpc } from "@web/../tests/web_test_helpers";
import { setupPosEnv } from "@point_of_sale/../tests/unit/utils";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { PieceCatalog } from "@jewelry_pos/app/services/piece_catalog";
import { getPriceShare } from "@jewelry_pos/app/utils/price_share";
import { sellPiece, stockPieces } from "./price_util";

definePosModels();

describe("the part of its price that a piece is paid with", () => {
    test("goods alone are paid in full", () => {
        expect(getPriceShare([{ amount: 100 }, { amount: 50 }])).toBe(1);
    });

    test("nothing is shared without goods", () => {
        expect(getPriceShare([])).toBe(1);
        expect(getPriceShare([{ amount: -10 }])).toBe(1);
    });

    test("what is taken off counts, what pays does not", () => {
        const rows = [{ amount: 400 }, { amount: -100 }, { amount: -200, is_money: true }];
        expect(getPriceShare(rows)).toBe(0.75);
    });

    test("what is paid in advance carries no discount of goods", () => {
        const rows = [{ amount: 100 }, { amount: 900, is_money: true }, { amount: -50 }];
        expect(getPriceShare(rows)).toBe(0.5);
        expect(getPriceShare(rows.slice(1))).toBe(1);
    });
});

describe("prices that the server tells", () => {
    const STEPS = [
        [10, 80],
        [5, false],
        [0, 90],
    ];

    async function tell() {
        const store = await setupPosEnv();
        const product = store.models["product.product"].get(6);
        product._told_prices = { 3: STEPS };
        return [store, product];
    }

    test("hold from their quantity on", async () => {
        const [store, product] = await tell();
        const pricelist = store.models["product.pricelist"].get(3);
        const price = (quantity) =>
            product.product_tmpl_id.getPrice(pricelist, quantity, 0, false, product);
        expect(price(1)).toBe(90);
        expect(price(10)).toBe(80);
        expect(price(12)).toBe(80);
    });

    test("are left out where a rule without a cost holds", async () => {
        const [store, product] = await tell();
        const pricelist = store.models["product.pricelist"].get(3);
        const own = product.product_tmpl_id.getPrice(pricelist, 7, 0, false, product);
        product._told_prices = {};
        expect(product.product_tmpl_id.getPrice(pricelist, 7, 0, false, product)).toBe(own);
    });

    test("are those of their pricelist only", async () => {
        const [store, product] = await tell();
        const other = store.models["product.pricelist"].get(1);
        const told = product.product_tmpl_id.getPrice(other, 1, 0, false, product);
        product._told_prices = {};
        expect(product.product_tmpl_id.getPrice(other, 1, 0, false, product)).toBe(told);
    });

    test("of a piece stay until the piece changes", () => {
        const catalog = new PieceCatalog();
        const columns = { id: [1, 2], name: ["P-1", "P-2"], price: [10, 20] };
        for (const name of ["former_number", "inscription", "reports"]) {
            columns[name] = [false, false];
        }
        catalog.apply({ cursor: "1", columns, labels: {} });
        const told = { ...catalog.get(2), labels: undefined, prices: { 7: 18 } };
        delete told.labels;
        const answer = Object.fromEntries(Object.entries(told).map(([k, v]) => [k, [v]]));
        catalog.apply({ cursor: "1", columns: answer, labels: {} });
        expect(catalog.get(2).prices).toEqual({ 7: 18 });
        expect(catalog.get(1).prices).toBe(undefined);
        const kept = new PieceCatalog();
        kept.apply(catalog.dump());
        expect(kept.get(2).prices).toEqual({ 7: 18 });
        delete answer.prices;
        catalog.apply({ cursor: "2", columns: answer, labels: {} });
        expect(catalog.get(2).prices).toBe(undefined);
    });
});

describe("a price that a manager must agree to", () => {
    async function sellFor(price, asked) {
        onRpc("pos.config", "check_prices", ({ args }) => {
            expect.step(`asked for ${args[1].lines[0].price_unit}`);
            return asked;
        });
        const store = await setupPosEnv();
        await stockPieces(store, { id: 1, name: "P-1", price: 2000 });
        const order = store.addNewOrder();
        order.pricelist_id = false;
        const line = await sellPiece(store, order, "P-1");
        line.price_type = "manual";
        line.setUnitPrice(price);
        return [store, order];
    }

    test("is not asked for at the price of the piece", async () => {
        const [store, order] = await sellFor(2000);
        expect(await store.agreePrices(order)).toBe(true);
        expect.verifySteps([]);
    });

    test("is asked for below it, and goes where the server does not mind", async () => {
        const [store, order] = await sellFor(1900, { problems: [] });
        expect(await store.agreePrices(order)).toBe(true);
        expect.verifySteps(["asked for 1900"]);
    });

    test("does not go while the server cannot be reached", async () => {
        const [store, order] = await sellFor(1900);
        store.data.network.offline = true;
        expect(await store.agreePrices(order)).toBe(false);
        expect.verifySteps([]);
    });

    test("goes offline where the pricelist makes it", async () => {
        const [store, order] = await sellFor(200);
        store.data.network.offline = true;
        // Nine tenths off.
        order.pricelist_id = store.models["product.pricelist"].get(3);
        expect(await store.agreePrices(order)).toBe(true);
    });
});
