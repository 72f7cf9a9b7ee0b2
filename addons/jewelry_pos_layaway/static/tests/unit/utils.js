import { tick } from "@odoo/hoot-dom";
import { patchWithCleanup } from "@web/../tests/web_test_helpers";
import { setupPosEnv } from "@point_of_sale/../tests/unit/utils";
import { PosStore } from "@point_of_sale/app/services/pos_store";
import { pieceCatalog } from "@jewelry_pos/app/services/piece_catalog";

const STYLE = 5;
const PIECE = {
    id: 1,
    name: "R-1",
    price: 300,
    reason: false,
    can_ask: false,
    former_number: false,
    inscription: false,
    reports: false,
};

/** What the server says of a layaway that has been begun. */
export const BEGUN = {
    id: 7,
    name: "L/1",
    state: "signed",
    deposit: { id: 3, number: "D/1", partner_id: 1, partner: "Client" },
    first: 60,
    terms: "<p>What you pay, and when</p>",
    signer: "Client",
};

/**
 * Open a register that has a piece of 300 on its order, and a customer.
 *
 * @param {Object} methods what the store does otherwise
 * @returns {Promise<Object>} `answers` of the server by method, to be filled in; what it was
 *     `asked`; the `store`, its `order`, the `line` and its `product`
 */
export async function setupLayawayEnv(methods = {}) {
    const [answers, asked] = [{}, []];
    pieceCatalog.clear();
    patchWithCleanup(PosStore.prototype, {
        async loadPieces() {},
        async savePieces() {},
        async callRegister(method, ...args) {
            asked.push([method, ...args]);
            const told = answers[method];
            return typeof told === "function" ? told(...args) : told;
        },
        ...methods,
    });
    const store = await setupPosEnv();
    const order = store.addNewOrder();
    order.setPricelist(false);
    order.setPartner(store.models["res.partner"].getFirst());
    const product = store.models["product.template"].get(STYLE).product_variant_ids[0];
    Object.assign(product.product_tmpl_id, { jewelry_kind: "piece", tracking: "serial" });
    const row = { ...PIECE, product_id: product.id };
    const columns = Object.fromEntries(Object.entries(row).map(([key, value]) => [key, [value]]));
    pieceCatalog.apply({ cursor: "2026-01-01 00:00:00", columns, labels: {} });
    const line = await store.addPiece(pieceCatalog.get(row.id));
    await tick();
    return { answers, asked, line, order, product, store };
}
