import { Component, onMounted, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { Dialog } from "@web/core/dialog/dialog";
import { usePos } from "@point_of_sale/app/hooks/pos_hook";

const SHOWN = 60;

/** The pieces of the store with their pictures, to pick one for the order. */
export class PiecePicker extends Component {
    static template = "jewelry_pos.PiecePicker";
    static components = { Dialog };
    static props = {
        close: Function,
        getPayload: Function,
        productId: { type: Number, optional: true },
    };

    setup() {
        this.pos = usePos();
        this.text = useRef("text");
        this.state = useState({ filters: { text: "", available: true }, limit: SHOWN });
        onMounted(() => this.text.el?.focus());
    }

    get title() {
        const product = this.pos.models["product.product"].get(this.props.productId);
        return product ? product.display_name : _t("Pieces");
    }

    get choices() {
        return [
            { name: "shape_id", label: _t("Shape") },
            { name: "color_grade_id", label: _t("Colour") },
            { name: "clarity_grade_id", label: _t("Clarity") },
            { name: "cut_grade_id", label: _t("Cut") },
            { name: "species_id", label: _t("Stone") },
            { name: "alloy_id", label: _t("Metal") },
            { name: "location_id", label: _t("Place") },
        ]
            .map((choice) => ({ ...choice, options: this.pos.pieces.getChoices(choice.name) }))
            .filter((choice) => choice.options.length > 1);
    }

    get result() {
        const { productId } = this.props;
        // Read, so that the list follows what is sold elsewhere.
        this.pos.piecesVersion;
        const filters = { ...this.state.filters, ...(productId && { product_id: productId }) };
        return this.pos.pieces.search(filters, this.state.limit);
    }

    setFilter(name, value) {
        this.state.filters[name] = value;
        this.state.limit = SHOWN;
    }

    setChoice(name, value) {
        this.setFilter(name, value ? parseInt(value) : undefined);
    }

    setBound(name, end, value) {
        const bounds = [...(this.state.filters[name] || [0, 0])];
        bounds[end] = parseFloat(value) || 0;
        this.setFilter(name, bounds[0] || bounds[1] ? bounds : undefined);
    }

    clearFilters() {
        this.state.filters = { text: "", available: true };
    }

    showMore() {
        this.state.limit += SHOWN;
    }

    /** Take the only piece that is left, as after scanning into the field. */
    onKeydown(event) {
        const { pieces } = this.result;
        if (event.key === "Enter" && pieces.length === 1) {
            this.pick(pieces[0]);
        }
    }

    pick(piece) {
        this.props.getPayload(piece);
        this.props.close();
    }

    getImage(piece) {
        return `/web/image/stock.lot/${piece.id}/image_128`;
    }

    getPrice(piece) {
        return this.env.utils.formatCurrency(piece.price);
    }

    /** @returns {string} what tells pieces of one style apart */
    getFacts({ carat_weight, ring_circumference, labels }) {
        return [
            carat_weight && _t("%s ct", carat_weight.toFixed(2)),
            labels.shape_id,
            labels.color_grade_id,
            labels.clarity_grade_id,
            labels.cut_grade_id,
            labels.alloy_id,
            ring_circumference && _t("%s mm", ring_circumference.toFixed(1)),
        ]
            .filter(Boolean)
            .join(" · ");
    }
}
