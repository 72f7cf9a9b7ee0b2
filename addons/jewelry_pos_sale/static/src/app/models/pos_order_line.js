import { patch } from "@web/core/utils/patch";
import { PosOrderline } from "@point_of_sale/app/models/pos_order_line";

/** Lines that settle those of a quotation, and what is paid in advance. */
patch(PosOrderline.prototype, {
    /** Override: a down payment is no goods when it is taken, and money when it is deducted. */
    isMoney() {
        return super.isMoney() || this.isDownPayment();
    },

    isDownPayment() {
        const product = this.config.down_payment_product_id;
        return Boolean(product) && this.product_id?.id === product.id;
    },

    /** Override: what the quotation takes off is not the cashier's doing. */
    isGrantedDiscount() {
        return (
            super.isGrantedDiscount() ||
            Boolean(this.sale_order_line_id && !this.isDownPayment() && this.priceIncl < 0)
        );
    },

    /** Override: what the quotation granted holds without the server, too. */
    getAllowedPrice() {
        const allowed = super.getAllowedPrice(...arguments);
        const { price_unit, discount } = this.sale_order_line_id || {};
        return price_unit === undefined
            ? allowed
            : Math.min(allowed, price_unit * (1 - (discount || 0) / 100));
    },
});
