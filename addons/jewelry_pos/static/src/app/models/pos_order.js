import { patch } from "@web/core/utils/patch";
import { PosOrder } from "@point_of_sale/app/models/pos_order";

patch(PosOrder.prototype, {
    /** Override: a pricelist starts from the own price of each piece. */
    setPricelist() {
        super.setPricelist(...arguments);
        this.lines.forEach((line) => line.applyPiecePrice());
    },

    getPieceLines() {
        return this.lines.filter((line) => line.getPieceNumber());
    },

    /** Override: for a piece that comes back another one may be taken, on the same order. */
    isSaleDisallowed(values, options) {
        return super.isSaleDisallowed(...arguments) && !this.getPieceLines().length;
    },

    /** Tell core whether the order only takes back: an exchange sells as well. */
    updateIsRefund() {
        if (this.getPieceLines().some((line) => line.qty < 0)) {
            this.is_refund = this.lines.every((line) => line.qty <= 0);
        }
    },

    /** @returns {boolean} whether a terminal has taken money for the order */
    hasChargedCard() {
        return this.payment_ids.some(
            (payment) => payment.payment_method_id.use_payment_terminal && payment.isDone()
        );
    },

    /** Let the order be handed over on the day on which what was asked for will be here. */
    setPickupDate(date) {
        this.uiState.isPickup = Boolean(date);
        this.setShippingDate(date || false);
    },

    /** Hand the order over now, if nothing but a piece that was asked for kept it. */
    forgetPickupDate() {
        if (this.uiState.isPickup) {
            this.setPickupDate(false);
        }
    },

    /** @returns {string[]} how to care for the pieces of the order, each advice once */
    getCareTexts() {
        return [...new Set(this.getPieceLines().flatMap((line) => line.getPiece()?.care || []))];
    },

    /** @returns {{name: string, url: string}[]} the addresses of the pieces' passports */
    getPassports() {
        return this.getPieceLines()
            .map((line) => line.getPiece())
            .filter((piece) => piece?.passport)
            .map(({ name, passport }) => ({ name, url: passport }));
    },
});
