import { patch } from "@web/core/utils/patch";
import { PosOrder } from "@point_of_sale/app/models/pos_order";

patch(PosOrder.prototype, {
    /** @returns {number[]} ids of the quotations and orders whose lines this order settles */
    getSettledOrderIds() {
        const settling = this.lines.filter((line) => line.sale_order_line_id);
        return [...new Set(settling.map((line) => line.sale_order_origin_id?.id).filter(Boolean))];
    },
});
