import { patch } from "@web/core/utils/patch";
import { ProductInfoPopup } from "@point_of_sale/app/components/popups/product_info_popup/product_info_popup";
import { getPieceFacts } from "@jewelry_pos/app/utils/piece_facts";

const SHOWN = 20;

patch(ProductInfoPopup.prototype, {
    /** Override: the register has no costs to show, to nobody. */
    _hasMarginsCostsAccessRights() {
        return false;
    },

    /** @returns {Object[]} the cheapest pieces of the style: it has no price, they have */
    get pieces() {
        return this.props.productTemplate.product_variant_ids
            .flatMap(({ id }) => this.pos.pieces.search({ product_id: id }, SHOWN).pieces)
            .sort((a, b) => a.price - b.price)
            .slice(0, SHOWN);
    },

    getFacts(piece) {
        return getPieceFacts(piece);
    },
});
