import { patch } from "@web/core/utils/patch";
import { BarcodeReader } from "@point_of_sale/app/services/barcode_reader_service";

/** A code is looked for among the pieces before it is taken for that of a product. */
patch(BarcodeReader.prototype, {
    async _scan(code) {
        for (const callbacks of this.exclusiveCbMap ? [this.exclusiveCbMap] : this.cbMaps) {
            if (code && (await callbacks.piece?.(code))) {
                return;
            }
        }
        return super._scan(...arguments);
    },
});
