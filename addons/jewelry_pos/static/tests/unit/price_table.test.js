import { expect, test } from "@odoo/hoot";
import { setupPosEnv } from "@point_of_sale/../tests/unit/utils";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { pieceCatalog } from "@jewelry_pos/app/services/piece_catalog";
import { PRICE_TABLE } from "./price_table";
import { sellPiece, stockPieces } from "./price_util";

definePosModels();

function createTax(store, id, { amount, included }) {
    return store.models["account.tax"].create({
        id,
        name: `Tax ${id}`,
        amount,
        amount_type: "percent",
        price_include: included,
        include_base_amount: false,
        is_base_affected: true,
        has_negative_factor: false,
        children_tax_ids: [],
        sequence: 1,
        tax_group_id: store.models["account.tax.group"].getFirst(),
    });
}

/** @returns {Object|false} the order's pricelist, made after those that it starts from */
function createPricelist(store, pricelists = []) {
    let base = false;
    let ruleId = 1000;
    pricelists.toReversed().forEach((rules, index) => {
        const items = rules.map((rule) =>
            store.models["product.pricelist.item"].create({
                id: ruleId++,
                base: "list_price",
                base_pricelist_id: rule.base === "pricelist" ? base : false,
                min_quantity: 0,
                percent_price: 0,
                price_discount: 0,
                price_round: 0,
                price_surcharge: 0,
                price_min_margin: 0,
                price_max_margin: 0,
                ...rule,
            })
        );
        base = store.models["product.pricelist"].create({
            id: 1000 + index,
            name: `List ${index}`,
            item_ids: items,
        });
    });
    return base;
}

for (const {
    name,
    price,
    rate = 1,
    rules,
    discount = 0,
    tax,
    mapped,
    unit,
    total,
} of PRICE_TABLE) {
    test(`the browser prices a piece: ${name}`, async () => {
        const store = await setupPosEnv();
        const product = await stockPieces(store, { id: 1, name: "P-1", price: price * rate });
        const taxes = tax ? [createTax(store, 501, tax)] : [];
        product.product_tmpl_id.taxes_id = taxes;
        product.taxes_id = taxes;
        const order = store.addNewOrder();
        order.fiscal_position_id = false;
        if (mapped) {
            order.fiscal_position_id = store.models["account.fiscal.position"].create({
                id: 501,
                name: "Abroad",
                tax_ids: [createTax(store, 502, mapped)],
                tax_map: { 501: [502] },
            });
        }
        order.pricelist_id = createPricelist(store, rules);
        const line = await sellPiece(store, order, "P-1");
        line.setDiscount(discount);
        expect(line.price_unit).toBe(unit);
        expect(line.priceIncl).toBe(total);
        expect(pieceCatalog.size).toBe(1);
    });
}
