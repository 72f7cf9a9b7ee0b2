import { patch } from "@web/core/utils/patch";
import { PosOrder } from "@point_of_sale/app/models/pos_order";
import { getPriceShare } from "@jewelry_pos/app/utils/price_share";

/** What an order asks for its pieces. */
patch(PosOrder.prototype, {
    /** @returns {Object} the order as `pos.config.check_prices` reads it */
    getPriceQuestion() {
        return {
            uuid: this.uuid,
            pricelist_id: this.pricelist_id?.id || false,
            total: this.totalDue,
            lines: this.lines.map((line) => line.getPriceRow()),
        };
    },

    /** @returns {number} which part of the goods' price is paid, after all that is taken off */
    getPriceShare() {
        return getPriceShare(this.lines.map((line) => line.getPriceRow()));
    },

    /**
     * @param {(piece: Object, line: Object) => number} getBound
     * @returns {Object[]} the lines whose piece is paid with less, after all that is taken off
     */
    getLinesBelow(getBound) {
        const share = this.getPriceShare();
        return this.lines.filter((line) => {
            const piece = line.qty > 0 && line.getPiece();
            if (!piece) {
                return false;
            }
            const net = line.price_unit * (1 - line.getDiscount() / 100) * share;
            return this.currency.round(net) < this.currency.round(getBound(piece, line));
        });
    },
});
