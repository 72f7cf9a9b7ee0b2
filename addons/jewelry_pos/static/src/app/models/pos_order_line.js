import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { PosOrderline } from "@point_of_sale/app/models/pos_order_line";
import { getPieceFacts } from "@jewelry_pos/app/utils/piece_facts";
import { pieceCatalog } from "@jewelry_pos/app/services/piece_catalog";

/** A line that sells a piece: one of it, at its own price, never merged with another line. */
patch(PosOrderline.prototype, {
    /** Override: core keeps lines on the device without the numbers of what they sell. */
    serializeState() {
        const lotNames = this.pack_lot_ids.map((lot) => lot.lot_name).filter(Boolean);
        return { ...super.serializeState(), lotNames };
    },

    /** Give the line the numbers back that the device kept, unless the server knows them. */
    restoreLots() {
        if (this.pack_lot_ids.length) {
            return;
        }
        for (const lot_name of this.uiState.lotNames || []) {
            this.models["pos.pack.operation.lot"].create({ lot_name, pos_order_line_id: this });
        }
    },

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
        return this.getPiece()?.id ?? this.uiState.pieceId;
    },

    /** @returns {Object|undefined} how far another shop is with sending the piece */
    getRequest() {
        return this.uiState.pieceFacts?.request || undefined;
    },

    /** @returns {string|undefined} the same for whoever looks at the order */
    getRequestText() {
        const { shop, transfer, is_sent } = this.getRequest() || {};
        const values = { shop, transfer };
        return (
            shop &&
            (is_sent
                ? _t("On its way from %(shop)s (%(transfer)s)", values)
                : _t("Asked for at %(shop)s (%(transfer)s)", values))
        );
    },

    /** @returns {boolean} whether the line is for this piece, sold or brought back */
    isOfPiece(piece) {
        return this.product_id?.id === piece.product_id && this.getPieceNumber() === piece.name;
    },

    /** Keep what the server says of the piece, on this device and with the order. */
    keepPieceFacts(facts) {
        this.uiState.pieceFacts = { ...this.uiState.pieceFacts, ...facts };
    },

    /** Take what the server says of the piece: its number, description, reports and prices. */
    setPieceFacts({ row, reports, description, prices, care, request }) {
        const { id, name, photo } = row;
        const facts = { id, name, photo, description, prices, care, request };
        this.keepPieceFacts({ ...facts, reportList: reports });
        if (this.getPieceNumber() !== name) {
            this.pack_lot_ids[0].lot_name = name;
        }
        // What is being paid stays as it was asked.
        if (!this.order_id?.payment_ids.length) {
            this.applyPiecePrice();
        }
    },

    /** Take what the server says, and tell what is not as it was when the piece was put here. */
    takeNews(answer) {
        const number = this.getPieceNumber();
        const [price, shown] = [this.price_unit, this.currencyDisplayPrice];
        this.setPieceFacts(answer);
        const news = [
            this.getPieceNumber() !== number && _t("Its number was %s", number),
            !this.currency.isZero(this.price_unit - price) && _t("Its price was %s", shown),
        ];
        this.uiState.pieceNews = [...this.getPieceNews(), ...news.filter(Boolean)];
    },

    /** @returns {string[]} what became of the piece since it was put on the order */
    getPieceNews() {
        return this.uiState.pieceNews || [];
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
