import { patch } from "@web/core/utils/patch";
import { ProductScreen } from "@point_of_sale/app/screens/product_screen/product_screen";

patch(ProductScreen.prototype, {
    /** Override: what names no piece may be the number of a deposit. */
    async _barcodePieceAction(code) {
        return (await this.pos.scanDeposit(code)) || super._barcodePieceAction(...arguments);
    },
});
