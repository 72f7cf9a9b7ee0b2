import { patch } from "@web/core/utils/patch";
import { PosOrderline } from "@point_of_sale/app/models/pos_order_line";

patch(PosOrderline.prototype, {
    /** @returns {boolean} whether the pad put the line here, and nobody has touched it since */
    isOnlyOfPad() {
        return Boolean(
            this.uiState.isFromPad &&
                this.price_type === "original" &&
                !this.discount &&
                !this.customer_note &&
                this.qty > 0 &&
                !this.order_id.payment_ids.length
        );
    },
});
