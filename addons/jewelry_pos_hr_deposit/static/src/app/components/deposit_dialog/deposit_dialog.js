import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { DepositDialog } from "@jewelry_pos_deposit/app/components/deposit_dialog/deposit_dialog";

/** A manager agrees by PIN that money is given back. */
patch(DepositDialog.prototype, {
    setup() {
        super.setup(...arguments);
        Object.assign(this.state, { managers: [], managerId: undefined, pin: "" });
    },

    takeAnswer(answer) {
        super.takeAnswer(...arguments);
        const managers = answer?.managers || [];
        Object.assign(this.state, { managers, managerId: managers[0]?.id, pin: "" });
    },

    /** @returns {boolean} whether a PIN is needed: a credit may pay for goods on the same order */
    get needsPin() {
        const { isRefund, managers, chosen } = this.state;
        return isRefund && managers.length > 0 && !chosen.is_credit;
    },

    get problem() {
        const problem = super.problem;
        return !problem && this.needsPin && !this.state.pin
            ? _t("A manager types the PIN.")
            : problem;
    },

    /** Override: a PIN is typed again for each try. */
    getOptions() {
        const { isRefund, managerId, pin } = this.state;
        this.state.pin = "";
        return {
            ...super.getOptions(),
            ...(isRefund && pin ? { managerId: Number(managerId), pin } : {}),
        };
    },
});
