import { patch } from "@web/core/utils/patch";
import { Orderline } from "@point_of_sale/app/components/orderline/orderline";

patch(Orderline.prototype, {
    /** Override: of one piece, a price for each unit says the same twice. */
    get lineScreenValues() {
        const values = super.lineScreenValues;
        return this.line.getPieceNumber() ? { ...values, displayPriceUnit: false } : values;
    },
});
