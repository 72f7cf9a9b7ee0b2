import { formatCurrency } from "@web/core/currency";
import { patch } from "@web/core/utils/patch";
import { Orderline } from "@point_of_sale/app/components/orderline/orderline";

patch(Orderline.prototype, {
    /** Override: money has no price for each unit, and is called as the server calls it. */
    get lineScreenValues() {
        const values = super.lineScreenValues;
        if (!this.line.isDeposit()) {
            return values;
        }
        return { ...values, name: this.line.full_product_name, displayPriceUnit: false };
    },

    /** @returns {string} what is left to pay after the line */
    get depositDue() {
        return formatCurrency(this.line.deposit_due || 0, this.line.currency.id);
    },
});
