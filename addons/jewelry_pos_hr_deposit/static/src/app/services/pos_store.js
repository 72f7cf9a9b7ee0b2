import { patch } from "@web/core/utils/patch";
import { PosStore } from "@point_of_sale/app/services/pos_store";

/** Money of a deposit is given back by the word of the manager whose PIN is typed. */
patch(PosStore.prototype, {
    async requestDepositLines(order, deposit, amount, options) {
        if (!options.pin) {
            return super.requestDepositLines(...arguments);
        }
        const { reason, managerId, pin } = options;
        const answer = await this.callRegister(
            "prepare_refund_by_pin",
            deposit.id,
            -amount,
            order.uuid,
            reason,
            managerId,
            pin
        );
        return answer?.error ? this.refuseDeposit(deposit, answer.error) || false : answer;
    },
});
