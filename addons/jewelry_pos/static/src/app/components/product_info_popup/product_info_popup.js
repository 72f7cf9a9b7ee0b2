import { patch } from "@web/core/utils/patch";
import { ProductInfoPopup } from "@point_of_sale/app/components/popups/product_info_popup/product_info_popup";

patch(ProductInfoPopup.prototype, {
    /** Override: the register has no costs to show, to nobody. */
    _hasMarginsCostsAccessRights() {
        return false;
    },
});
