import { patch } from "@web/core/utils/patch";
import { OrderSummary } from "@point_of_sale/app/screens/product_screen/order_summary/order_summary";

patch(OrderSummary.prototype, {
    /** Override: of a piece nothing is configured, and its price is not that of its style. */
    async onOrderlineLongPress(ev, orderline) {
        return orderline.getPieceNumber() ? true : super.onOrderlineLongPress(...arguments);
    },
});
