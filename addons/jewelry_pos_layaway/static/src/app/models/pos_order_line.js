import { patch } from "@web/core/utils/patch";
import { PosOrderline } from "@point_of_sale/app/models/pos_order_line";

patch(PosOrderline.prototype, {
    /** @returns {Object} the line as `pos.config.propose_layaway` reads it */
    getLayawayRow() {
        return {
            product_id: this.product_id.id,
            piece_id: this.getPieceId() || false,
            quantity: this.qty,
            price_unit: this.price_unit,
            discount: this.getDiscount(),
        };
    },
});
