import { patch } from "@web/core/utils/patch";
import { OrderReceipt } from "@point_of_sale/app/screens/receipt_screen/receipt/order_receipt";
import { generateQRCodeDataUrl } from "@point_of_sale/utils";

OrderReceipt.props = { ...OrderReceipt.props, gift_receipt: { type: Boolean, optional: true } };

patch(OrderReceipt.prototype, {
    /** Override: on a gift receipt nothing tells an amount, the slip of a terminal included. */
    get paymentLines() {
        return this.props.gift_receipt ? [] : super.paymentLines;
    },

    getPassportCode(passport) {
        return generateQRCodeDataUrl(passport.url);
    },
});
