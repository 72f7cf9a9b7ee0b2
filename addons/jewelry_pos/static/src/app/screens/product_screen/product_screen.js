import { patch } from "@web/core/utils/patch";
import { useBarcodeReader } from "@point_of_sale/app/hooks/barcode_reader_hook";
import { ProductScreen } from "@point_of_sale/app/screens/product_screen/product_screen";
import { CustomerPanel } from "@jewelry_pos/app/components/customer_panel/customer_panel";

ProductScreen.components = { ...ProductScreen.components, CustomerPanel };

patch(ProductScreen.prototype, {
    setup() {
        super.setup(...arguments);
        useBarcodeReader({ piece: this._barcodePieceAction });
    },

    /**
     * @param {string} code what the scanner read
     * @returns {Promise<boolean>} whether the code names a piece
     */
    async _barcodePieceAction(code) {
        const piece = await this.pos.findPiece(code);
        if (piece) {
            await this.pos.addPiece(piece);
            this.numberBuffer.reset();
        }
        return Boolean(piece);
    },

    /** Override: of a style of pieces, one is picked. */
    async addProductToOrder(product) {
        if (product.isPiece()) {
            return this.pos.pickPiece(product.product_variant_ids[0].id);
        }
        return super.addProductToOrder(...arguments);
    },
});
