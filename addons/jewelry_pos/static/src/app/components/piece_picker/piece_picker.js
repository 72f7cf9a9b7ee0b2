import { Component, onMounted, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { Dialog } from "@web/core/dialog/dialog";
import { useBus, useService } from "@web/core/utils/hooks";
import { usePos } from "@point_of_sale/app/hooks/pos_hook";
import { getPieceFacts } from "@jewelry_pos/app/utils/piece_facts";

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
        this.list = useRef("list");
        this.state = useState({ filters: { text: "", available: "here" }, limit: SHOWN });
        onMounted(() => this.text.el?.focus());
        // What is scanned while no field has the focus goes to the screen below.
        useBus(useService("barcode").bus, "barcode_scanned", () => this.props.close());
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

    get availabilities() {
        const others = { id: "shops", name: _t("Also in other shops") };
        return [
            { id: "here", name: _t("Can be sold here") },
            ...(this.pos.pieces.hasOtherShops() ? [others] : []),
            { id: "", name: _t("All pieces") },
        ];
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
        this.state.filters = { text: "", available: "here" };
    }

    showMore() {
        this.state.limit += SHOWN;
    }

    /**
     * Take what was scanned into the field, or the only piece that is left of what was typed; or go
     * on to the list.
     */
    async onKeydown(event) {
        if (event.key === "Enter") {
            const piece = await this.findTyped(event.target.value.trim());
            if (piece) {
                this.pick(piece);
            }
        } else if (event.key === "ArrowDown") {
            event.preventDefault();
            this.list.el.firstElementChild?.focus();
        }
    }

    /** @returns {Promise<Object|undefined>} the piece with this code, or the only one on the list */
    async findTyped(code) {
        const { pieces } = this.result;
        const known = code && this.pos.pieces.find(code);
        if (known || pieces.length === 1) {
            return known || pieces[0];
        }
        return code ? this.pos.findPiece(code) : undefined;
    }

    /** Walk through the cards with the arrow keys, back up into the field, and take with Enter. */
    onCardKeydown(event, piece) {
        if (event.key === "Enter") {
            this.pick(piece);
            return;
        }
        const step = this.getStep(event.key);
        if (step) {
            event.preventDefault();
            const cards = [...this.list.el.children];
            const place = cards.indexOf(event.currentTarget) + step;
            (place < 0 ? this.text.el : cards[Math.min(place, cards.length - 1)]).focus();
        }
    }

    /** @returns {number} how many cards an arrow key goes on, 0 for another key */
    getStep(key) {
        const [first, ...cards] = this.list.el.children;
        const row = 1 + cards.filter((card) => card.offsetTop === first.offsetTop).length;
        return { ArrowRight: 1, ArrowLeft: -1, ArrowDown: row, ArrowUp: -row }[key] || 0;
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

    getFacts(piece) {
        return getPieceFacts(piece);
    }
}
