import { patch } from "@web/core/utils/patch";
import { PosOrderline } from "@point_of_sale/app/models/pos_order_line";
import { pieceCatalog } from "@jewelry_pos/app/services/piece_catalog";

/** A line that sells a piece: one of it, at its own price, never merged with another line. */
patch(PosOrderline.prototype, {
    /** @returns {Object|undefined} the piece of the line, as the catalog has it */
    getPiece() {
        const number = this.product_id?.product_tmpl_id?.isPiece() && this.pack_lot_ids[0]?.lot_name;
        const piece = number && pieceCatalog.findOfStyle(this.product_id.id, number);
        return piece && { ...piece, ...this.uiState.pieceFacts };
    },

    getPieceId() {
        return this.getPiece()?.id;
    },

    /** Take what the server says of the piece: its description, reports and prices. */
    setPieceFacts({ description, reports, prices }) {
        this.uiState.pieceFacts = { description, reportList: reports, prices };
        this.applyPiecePrice();
    },

    /** Price the line by its piece, unless somebody typed another price. */
    applyPiecePrice() {
        const piece = this.price_type === "original" && this.getPiece();
        if (piece) {
            this.setUnitPrice(this.product_id.getPiecePrice(piece, this.order_id.pricelist_id));
        }
    },

    /** Override: a quantity of pieces is one, or one that comes back. */
    setQuantity(quantity, keepPrice) {
        if (!this.getPiece()) {
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
