import { patch } from "@web/core/utils/patch";
import { ProductProduct } from "@point_of_sale/app/models/product_product";

patch(ProductProduct.prototype, {
    /**
     * @param {Object} piece of this style
     * @param {Object|false} pricelist
     * @returns {number} what the piece costs under the pricelist, before discount
     */
    getPiecePrice(piece, pricelist) {
        const told = pricelist && piece.prices?.[pricelist.id];
        if (told !== undefined && told !== false) {
            return told;
        }
        // The pricelist starts from what the variant is listed at: here, from the piece's price.
        const variant = new Proxy(this, {
            get: (target, name) => (name === "lst_price" ? piece.price : target[name]),
        });
        return this.product_tmpl_id.getPrice(pricelist, 1, 0, false, variant);
    },
});
