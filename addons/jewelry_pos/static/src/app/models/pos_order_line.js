import { patch } from "@web/core/utils/patch";
import { PosOrderline } from "@point_of_sale/app/models/pos_order_line";
import { getPieceFacts } from "@jewelry_pos/app/utils/piece_facts";
import { pieceCatalog } from "@jewelry_pos/app/services/piece_catalog";

/** A line that sells a piece: one of it, at its own price, never merged with another line. */
patch(PosOrderline.prototype, {
    /** @returns {string|undefined} the number of the piece that the line is for */
    getPieceNumber() {
        return this.product_id?.product_tmpl_id?.isPiece() && this.pack_lot_ids[0]?.lot_name;
    },

    /**
     * @returns {Object|undefined} the piece of the line, as the catalog has it, and as the server
     *     told of it: one that is sold is in no catalog
     */
    getPiece() {
        const number = this.getPieceNumber();
        const facts = this.uiState.pieceFacts;
        const piece = number && pieceCatalog.findOfStyle(this.product_id.id, number);
        return piece || (number && facts) ? { ...piece, ...facts } : undefined;
    },

    getPieceId() {
        return this.getPiece()?.id;
    },

    /** @returns {boolean} whether the line is for this piece, sold or brought back */
    isOfPiece(piece) {
        return this.product_id?.id === piece.product_id && this.getPieceNumber() === piece.name;
    },

    /** Keep what the server says of the piece, on this device and with the order. */
    keepPieceFacts(facts) {
        this.uiState.pieceFacts = { ...this.uiState.pieceFacts, ...facts };
    },

    /** Take what the server says of the piece: its description, reports and prices. */
    setPieceFacts({ row, description, reports, prices, care }) {
        const { id, name, photo } = row;
        this.keepPieceFacts({ id, name, photo, description, reportList: reports, prices, care });
        this.applyPiecePrice();
    },

    /** @returns {string[]} what tells the piece to the customer, without its number */
    getPieceLines() {
        const { description = "", name, labels } = this.getPiece() || {};
        if (!description && labels) {
            // Offline, the register knows what it finds pieces by.
            return [getPieceFacts(this.getPiece())].filter(Boolean);
        }
        return description.split("\n").filter((line) => line && !line.endsWith(` ${name}`));
    },

    /** @returns {string[]} laboratory and number of each report */
    getPieceReports() {
        const { reportList = [], reports } = this.getPiece() || {};
        const known = reportList.map(({ laboratory, number }) => `${laboratory} ${number}`);
        // Offline, the register knows the numbers only.
        return known.length || !reports ? known : reports.split(" ");
    },

    /** Price the line by its piece, unless somebody typed another price. */
    applyPiecePrice() {
        const piece = this.price_type === "original" && this.getPiece();
        if (piece?.price !== undefined) {
            this.setUnitPrice(this.product_id.getPiecePrice(piece, this.order_id.pricelist_id));
        }
    },

    /** Override: a quantity of pieces is one, or one that comes back. */
    setQuantity(quantity, keepPrice) {
        if (!this.getPieceNumber()) {
            return super.setQuantity(...arguments);
        }
        const value = typeof quantity === "number" ? quantity : parseFloat(quantity || 0);
        const one = value > 0 ? 1 : value < 0 ? -1 : 0;
        const result = super.setQuantity(one, keepPrice);
        if (!keepPrice) {
            this.applyPiecePrice();
        }
        return result;
    },

    /** Override: two pieces are two lines, also at one price. */
    canBeMergedWith(orderline) {
        return !this.product_id.product_tmpl_id.isPiece() && super.canBeMergedWith(orderline);
    },
});
