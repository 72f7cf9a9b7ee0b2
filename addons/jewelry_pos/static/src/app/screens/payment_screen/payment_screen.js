import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { useBarcodeReader } from "@point_of_sale/app/hooks/barcode_reader_hook";
import { PaymentScreen } from "@point_of_sale/app/screens/payment_screen/payment_screen";

patch(PaymentScreen.prototype, {
    setup() {
        super.setup(...arguments);
        useBarcodeReader({ piece: this._barcodePieceAction });
    },

    /**
     * Tell why a piece that is scanned here is not added.
     *
     * @param {string} code what the scanner read
     * @returns {Promise<boolean>} whether the code names a piece
     */
    async _barcodePieceAction(code) {
        const piece = await this.pos.findPiece(code);
        if (piece) {
            this.pos.sound.play("error");
            this.notification.add(
                _t("The order is being paid. Go back to it to add %s.", piece.name),
                { type: "warning" }
            );
        }
        return Boolean(piece);
    },
});
