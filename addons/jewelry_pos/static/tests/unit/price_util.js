import { pieceCatalog } from "@jewelry_pos/app/services/piece_catalog";

/**
 * Put pieces of product 5 into the catalog, and make it a style of pieces.
 *
 * @param {Object} store
 * @param {{id: number, name: string, price: number}[]} pieces
 */
export async function stockPieces(store, ...pieces) {
    await store.piecesReady;
    const columns = { id: [], name: [], product_id: [], price: [], reason: [] };
    for (const name of ["former_number", "inscription", "reports"]) {
        columns[name] = [];
    }
    for (const piece of pieces) {
        const values = { product_id: 5, reason: false, ...piece };
        Object.keys(columns).forEach((name) => columns[name].push(values[name] ?? false));
    }
    pieceCatalog.clear();
    pieceCatalog.apply({ cursor: "1", columns, labels: {} });
    const product = store.models["product.product"].get(5);
    product.product_tmpl_id.jewelry_kind = "piece";
    product.product_tmpl_id.tracking = "serial";
    return product;
}

/** @returns {Promise<Object>} the line of an order that sells a piece */
export async function sellPiece(store, order, number, values = {}) {
    const product = store.models["product.product"].get(5);
    const line = await store.addLineToOrder(
        { product_id: product, product_tmpl_id: product.product_tmpl_id },
        order,
        { code: { type: "lot", code: number } },
        false
    );
    Object.assign(line, values);
    return line;
}
