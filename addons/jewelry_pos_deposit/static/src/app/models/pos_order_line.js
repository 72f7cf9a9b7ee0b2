import { patch } from "@web/core/utils/patch";
import { PosOrderline } from "@point_of_sale/app/models/pos_order_line";

/** A line that takes money for a deposit, or gives it back: an amount, and no goods. */
patch(PosOrderline.prototype, {
    /** @returns {boolean} whether the line is money of a deposit */
    isDeposit() {
        return Boolean(this.deposit_number);
    },

    /** @returns {number} what the line adds to its deposit: core tells refunds without their sign */
    getDepositAmount() {
        return Math.sign(this.qty) * Math.abs(this.priceIncl);
    },

    /** Override: the server has said what the line is called. */
    setFullProductName() {
        if (!this.isDeposit() || !this.full_product_name) {
            super.setFullProductName(...arguments);
        }
    },

    /** Override: what is paid ahead is no goods, and what was is money. */
    isMoney() {
        return this.isDeposit() || super.isMoney();
    },

    /** Override: two payments are two lines. */
    canBeMergedWith(line) {
        return !this.isDeposit() && !line.isDeposit() && super.canBeMergedWith(line);
    },

    /** Override: the amount was agreed with the server, together with its tax. */
    setQuantity(quantity) {
        return this.isDeposit() ? true : super.setQuantity(...arguments);
    },

    /** Override: as above. */
    setUnitPrice() {
        if (!this.isDeposit() || !this.order_id?.lines.includes(this)) {
            super.setUnitPrice(...arguments);
        }
    },

    /** Override: nothing is taken off money. */
    setDiscount() {
        if (!this.isDeposit()) {
            super.setDiscount(...arguments);
        }
    },
});
