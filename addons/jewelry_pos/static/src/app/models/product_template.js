import { patch } from "@web/core/utils/patch";
import { ProductTemplate } from "@point_of_sale/app/models/product_template";

const PIECE_KINDS = ["piece", "stone"];

patch(ProductTemplate.prototype, {
    /** @returns {boolean} whether each unit is one of a kind, with a price of its own */
    isPiece() {
        return PIECE_KINDS.includes(this.jewelry_kind);
    },
});
