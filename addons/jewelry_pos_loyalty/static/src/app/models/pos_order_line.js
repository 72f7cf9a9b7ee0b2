import { patch } from "@web/core/utils/patch";
import { PosOrderline } from "@point_of_sale/app/models/pos_order_line";

patch(PosOrderline.prototype, {
    /** Override: gift cards and eWallets pay. */
    isMoney() {
        return this.isGiftCardOrEWalletReward() || super.isMoney();
    },

    /** Override: a program gives it, not the cashier. */
    isGrantedDiscount() {
        return (
            super.isGrantedDiscount() ||
            Boolean(this.is_reward_line && !this.isGiftCardOrEWalletReward())
        );
    },
});
