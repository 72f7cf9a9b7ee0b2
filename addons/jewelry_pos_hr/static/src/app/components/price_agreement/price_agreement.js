import { patch } from "@web/core/utils/patch";
import { PriceAgreement } from "@jewelry_pos/app/components/price_agreement/price_agreement";

/** A manager agrees by PIN. */
patch(PriceAgreement.prototype, {
    setup() {
        super.setup(...arguments);
        const managers = this.props.answer.managers || [];
        Object.assign(this.state, { managers, managerId: managers[0]?.id, pin: "" });
    },

    async agreeByPin() {
        const { reason, managerId, pin } = this.state;
        this.state.pin = "";
        await this.act("agree_prices_by_pin", this.question, reason, Number(managerId), pin);
    },
});
