import { onWillStart } from "@odoo/owl";
import { patch } from "@web/core/utils/patch";
import { useBarcodeReader } from "@point_of_sale/app/hooks/barcode_reader_hook";
import { useTrackedAsync } from "@point_of_sale/app/hooks/hooks";
import { ReceiptScreen } from "@point_of_sale/app/screens/receipt_screen/receipt_screen";

patch(ReceiptScreen.prototype, {
    setup() {
        super.setup(...arguments);
        this.doGiftPrint = useTrackedAsync(() =>
            this.pos.printReceipt({ order: this.currentOrder, gift: true })
        );
        onWillStart(() => this.pos.loadReceiptFacts(this.currentOrder));
        useBarcodeReader({ piece: this._barcodePieceAction });
    },

    /**
     * Begin the next order with a piece that is scanned here.
     *
     * @param {string} code what the scanner read
     * @returns {Promise<boolean>} whether the code names a piece
     */
    async _barcodePieceAction(code) {
        const piece = await this.pos.findPiece(code);
        if (piece) {
            this.pos.orderDone(this.currentOrder);
            await this.pos.addPiece(piece);
        }
        return Boolean(piece);
    },
});
