import { _t } from "@web/core/l10n/translation";
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
        this.lastCode = code;
        return super._scan(...arguments);
    },

    /** Override: here, most codes are those of pieces. */
    showNotFoundNotification(parsed) {
        this.tellUnknown(this.codeRepr(parsed));
    },

    /** Override: a label of another store is no matter of settings. */
    showGS1IncompatibleBarcodeWarning() {
        this.tellUnknown(this.codeRepr({ code: this.lastCode }));
    },

    tellUnknown(code) {
        this.notification.add(
            _t(
                "No piece, product, customer or employee has this code. Type its number under Pieces."
            ),
            { type: "warning", title: _t("Unknown code %s", code) }
        );
    },
});
