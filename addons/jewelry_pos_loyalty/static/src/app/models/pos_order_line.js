import { patch } from "@web/core/utils/patch";
import { PosOrderline } from "@point_of_sale/app/models/pos_order_line";
// What is overridden here is there.
import "@pos_loyalty/app/models/pos_order_line";

const MONEY_PROGRAMS = ["gift_card", "ewallet"];

patch(PosOrderline.prototype, {
    /** Override: gift cards and eWallets pay, and what loads them is paid in advance. */
    isMoney() {
        return this.isGiftCardOrEWalletReward() || this.isLoadingCard() || super.isMoney();
    },

    isLoadingCard() {
        return this.models["loyalty.program"].some(
            (program) =>
                MONEY_PROGRAMS.includes(program.program_type) &&
                program.trigger_product_ids.some(({ id }) => id === this.product_id?.id)
        );
    },

    /** @returns {boolean} whether the line is money of no card, such as what is paid ahead */
    isOtherMoney() {
        return this.isMoney() && !this.is_reward_line && !this.isLoadingCard();
    },

    /** Override: money earns no points, what it pays for does. */
    ignoreLoyaltyPoints() {
        return this.isOtherMoney() || super.ignoreLoyaltyPoints(...arguments);
    },

    /** Override: a program gives it, not the cashier. */
    isGrantedDiscount() {
        return (
            super.isGrantedDiscount() ||
            Boolean(this.is_reward_line && !this.isGiftCardOrEWalletReward())
        );
    },

    /** Override: by its reward, the server knows what is given away. */
    getPriceRow() {
        return {
            ...super.getPriceRow(),
            product_id: this.product_id.id,
            reward_id: this.reward_id?.id || false,
        };
    },
});
