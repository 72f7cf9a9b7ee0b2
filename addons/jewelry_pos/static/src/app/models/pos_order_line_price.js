import { patch } from "@web/core/utils/patch";
import { PosOrderline } from "@point_of_sale/app/models/pos_order_line";

/** What a line asks, as the server is told when a manager may have to agree. */
patch(PosOrderline.prototype, {
    /** @returns {boolean} whether the line pays, and takes nothing off a price, or is paid in advance */
    isMoney() {
        return this.qty < 0 && Boolean(this.refunded_orderline_id || this.getPieceId());
    },

    /** @returns {boolean} whether a program of the store gives what the line takes off */
    isGrantedDiscount() {
        return false;
    },

    /** @returns {number} what the line may cost while nobody can be asked */
    getAllowedPrice(piece) {
        return this.product_id.getPiecePrice(piece, this.order_id.pricelist_id);
    },

    /** @returns {Object} the line as `pos.config.check_prices` reads it */
    getPriceRow() {
        return {
            uuid: this.uuid,
            piece_id: this.qty > 0 ? this.getPieceId() || false : false,
            quantity: 1,
            price_unit: this.price_unit,
            discount: this.getDiscount(),
            amount: this.priceIncl,
            is_money: this.isMoney(),
            is_granted: this.isGrantedDiscount(),
        };
    },
});
