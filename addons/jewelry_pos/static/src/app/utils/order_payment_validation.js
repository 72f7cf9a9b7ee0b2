import { patch } from "@web/core/utils/patch";
import OrderPaymentValidation from "@point_of_sale/app/utils/order_payment_validation";

patch(OrderPaymentValidation.prototype, {
    /** Override: a quick payment skips the button that asks, and much may have come since. */
    async askBeforeValidation() {
        const allowed = await super.askBeforeValidation(...arguments);
        return allowed === false ? false : this.pos.mayBePaid(this.order);
    },
});
