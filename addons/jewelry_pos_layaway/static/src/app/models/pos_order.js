import { patch } from "@web/core/utils/patch";
import { PosOrder } from "@point_of_sale/app/models/pos_order";

/** What of an order may be paid in parts, and what was begun from it. */
patch(PosOrder.prototype, {
    /** @returns {Object[]} the lines of goods that a customer wants: no money, and nothing that comes back */
    getLayawayLines() {
        return this.lines.filter((line) => line.qty > 0 && line.priceIncl >= 0 && !line.isMoney());
    },

    /** @returns {Object[]} the lines that take something off the whole order, which no term knows */
    getLayawayObstacles() {
        return this.lines.filter((line) => !line.isMoney() && (line.qty < 0 || line.priceIncl < 0));
    },

    /** @returns {Object|undefined} what was begun from this order and not paid yet */
    getBegunLayaway() {
        return this.uiState.layaway;
    },

    setBegunLayaway(layaway) {
        this.uiState.layaway = layaway;
    },
});
