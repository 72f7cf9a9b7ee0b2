import { patch } from "@web/core/utils/patch";
import { PosOrder } from "@point_of_sale/app/models/pos_order";

patch(PosOrder.prototype, {
    /** Override: a pricelist starts from the own price of each piece. */
    setPricelist() {
        super.setPricelist(...arguments);
        this.lines.forEach((line) => line.applyPiecePrice());
    },
});
