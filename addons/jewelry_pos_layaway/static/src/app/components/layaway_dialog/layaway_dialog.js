import { Component, onWillStart, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { parseFloat } from "@web/views/fields/parsers";
import { useDebounced } from "@web/core/utils/timing";
import { usePos } from "@point_of_sale/app/hooks/pos_hook";

const TYPING = 400;
// How many styles are offered at once.
const OFFERED = 8;

/** What a customer agrees to: which pieces, by which terms, how much now and how much when. */
export class LayawayDialog extends Component {
    static template = "jewelry_pos_layaway.LayawayDialog";
    static components = { Dialog };
    static props = { close: Function, order: Object };

    setup() {
        this.pos = usePos();
        this.state = useState({
            kind: false,
            termId: false,
            first: "",
            rows: this.props.order.getLayawayLines().map((line) => this.getRow(line)),
            query: "",
            proposal: undefined,
            error: "",
            busy: false,
        });
        this.asked = 0;
        this.proposeSoon = useDebounced(() => this.propose(), TYPING);
        onWillStart(() => this.propose());
    }

    /** @returns {Object} what the dialog shows of a line, and what may be changed of it */
    getRow(line) {
        const piece = line.getPiece();
        return {
            ...line.getLayawayRow(),
            key: line.uuid,
            name: line.getFullProductName(),
            number: piece?.name || "",
            photo: Boolean(piece?.photo),
            amount: line.priceIncl,
            is_made: false,
            note: line.customer_note || "",
            // What has a number can be a sample.
            isPiece: Boolean(piece),
        };
    }

    get isSpecial() {
        return (this.state.kind || this.state.proposal?.kind) === "special_order";
    }

    get cart() {
        const { kind, termId, rows } = this.state;
        return this.pos.getLayawayCart(this.props.order, {
            kind,
            term_id: termId,
            amount_first: this.first,
            lines: rows.map((row) => this.getLine(row)),
        });
    }

    /** @returns {Object} a row as the server reads it */
    getLine({ product_id, piece_id, quantity, price_unit, discount, is_made, note }) {
        return { product_id, piece_id, quantity, price_unit, discount, is_made, note };
    }

    /** @returns {number|false} the first payment that was typed, false for the least */
    get first() {
        return readAmount(this.state.first) ?? false;
    }

    /** Ask the server what it comes to; of several answers the last question's is shown. */
    async propose() {
        if (!this.state.rows.length) {
            this.state.proposal = undefined;
            return;
        }
        const asked = ++this.asked;
        const { answer, error } = await this.pos.askLayaway("propose_layaway", this.cart);
        if (asked === this.asked) {
            Object.assign(this.state, { error, proposal: answer || this.state.proposal });
        }
    }

    setKind(kind) {
        Object.assign(this.state, { kind, termId: false, first: "" });
        if (kind === "layaway") {
            this.state.rows = this.state.rows.filter((row) => row.isPiece || !row.is_made);
            this.state.rows.forEach((row) => (row.is_made = false));
        }
        return this.propose();
    }

    setTerm(id) {
        Object.assign(this.state, { termId: id, first: "" });
        return this.propose();
    }

    setFirst(value) {
        this.state.first = value;
        this.proposeSoon();
    }

    setMade(row, isMade) {
        row.is_made = isMade;
        return this.propose();
    }

    setPrice(row, value) {
        row.price_unit = readAmount(value) ?? row.price_unit;
        this.proposeSoon();
    }

    remove(row) {
        this.state.rows = this.state.rows.filter(({ key }) => key !== row.key);
        return this.propose();
    }

    // Styles of which nothing is there

    /** @returns {Object[]} the styles that what was typed may mean */
    get offered() {
        const query = this.state.query.trim().toLowerCase();
        const styles = this.pos.models["product.product"].filter(
            (product) =>
                product.product_tmpl_id?.isPiece() &&
                product.display_name.toLowerCase().includes(query)
        );
        return query ? styles.slice(0, OFFERED) : [];
    }

    /** Order one of a style, at the price of the order's pricelist. */
    addStyle(product) {
        const { pricelist_id } = this.props.order;
        this.state.rows.push({
            key: `style-${product.id}-${this.state.rows.length}`,
            product_id: product.id,
            piece_id: false,
            quantity: 1,
            price_unit: product.product_tmpl_id.getPrice(pricelist_id, 1, 0, false, product),
            discount: 0,
            is_made: true,
            note: "",
            name: product.display_name,
            number: "",
            photo: false,
            isPiece: false,
        });
        this.state.query = "";
        return this.propose();
    }

    // Beginning

    get canBegin() {
        const { busy, error, proposal, rows } = this.state;
        return rows.length && proposal && !proposal.problem && !error && !busy;
    }

    /** Let the server make the draft, then show its terms to be signed. */
    async begin() {
        this.state.busy = true;
        // What was typed last is what is begun.
        this.asked++;
        const { order } = this.props;
        const { answer, error } = await this.pos.askLayaway("start_layaway", this.cart);
        Object.assign(this.state, { busy: false, error });
        if (answer) {
            this.props.close();
            this.pos.takeBegunLayaway(order, answer, order.getLayawayLines());
        }
    }

    // How things are shown

    money(amount) {
        return this.env.utils.formatCurrency(amount);
    }

    getImage(row) {
        return `/web/image/stock.lot/${row.piece_id}/image_128`;
    }
}

/** @returns {number|undefined} what was typed, undefined for nothing that is a number */
export function readAmount(text) {
    try {
        return text.trim() ? parseFloat(text) : undefined;
    } catch {
        return undefined;
    }
}
