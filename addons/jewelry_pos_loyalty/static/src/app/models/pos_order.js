import { patch } from "@web/core/utils/patch";
import { PosOrder } from "@point_of_sale/app/models/pos_order";
// What is overridden here is there.
import "@pos_loyalty/app/models/pos_order";

const MONEY_PROGRAMS = ["gift_card", "ewallet"];
// Whether the lines that are asked for are those of goods only: core asks in the middle of its sums.
let isMoneyHidden = false;

/** Do something with an order as if it took no money for anything but its goods. */
function withoutMoney(act) {
    isMoneyHidden = true;
    try {
        return act();
    } finally {
        isMoneyHidden = false;
    }
}

/** Money that is paid ahead is no goods: it earns no points, and no coupon takes anything off it. */
patch(PosOrder.prototype, {
    getOrderlines() {
        const lines = super.getOrderlines(...arguments);
        return isMoneyHidden ? lines.filter((line) => !line.isOtherMoney()) : lines;
    },

    /** Override: by these, core counts how many things were bought. */
    _get_regular_order_lines() {
        return super._get_regular_order_lines(...arguments).filter((line) => !line.isOtherMoney());
    },

    isLineValidForLoyaltyPoints(line) {
        return !line.isOtherMoney() && super.isLineValidForLoyaltyPoints(...arguments);
    },

    /** Override: cards pay for all that is on the order. */
    _getDiscountableOnOrder(reward) {
        const isCard = MONEY_PROGRAMS.includes(reward.program_id.program_type);
        const act = () => super._getDiscountableOnOrder(...arguments);
        return isCard ? act() : withoutMoney(act);
    },

    _getDiscountableOnSpecific(reward) {
        const isCard = MONEY_PROGRAMS.includes(reward.program_id.program_type);
        const act = () => super._getDiscountableOnSpecific(...arguments);
        return isCard ? act() : withoutMoney(act);
    },

    _getCheapestLine() {
        return withoutMoney(() => super._getCheapestLine(...arguments));
    },
});
