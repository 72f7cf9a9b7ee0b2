import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { AlertDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { RPCError } from "@web/core/network/rpc";
import { PosStore } from "@point_of_sale/app/services/pos_store";
import { LayawayDialog } from "@jewelry_pos_layaway/app/components/layaway_dialog/layaway_dialog";
import { LayawayTerms } from "@jewelry_pos_layaway/app/components/layaway_terms/layaway_terms";

/** Layaways and special orders are begun at the register: agreed, signed, and paid for the first time. */
patch(PosStore.prototype, {
    /** Begin a layaway or special order from the current order, or go on with what was begun. */
    async openLayaway() {
        const order = this.getOrder() || this.addNewOrder();
        if (order.getBegunLayaway()) {
            return this.showLayawayTerms(order);
        }
        if (!order.getPartner()) {
            await this.selectPartner(order);
        }
        const problem = this.getLayawayProblem(order);
        if (problem) {
            return this.refuseLayaway(problem);
        }
        if (await this.agreePrices(order)) {
            this.dialog.add(LayawayDialog, { order });
        }
    },

    /** @returns {string|undefined} why nothing can be begun from the order */
    getLayawayProblem(order) {
        const [obstacle] = order.getLayawayObstacles();
        if (!order.getPartner()) {
            return _t("Choose the customer first: the terms are signed by somebody.");
        }
        return obstacle
            ? _t("Take “%s” off the order first. Give a discount on the line of the piece.", [
                  obstacle.getFullProductName(),
              ])
            : undefined;
    },

    refuseLayaway(body) {
        this.sound.play("error");
        this.dialog.add(AlertDialog, { title: _t("No layaway can be begun now"), body });
    },

    /**
     * Ask the server, and tell what it refuses.
     *
     * @returns {Promise<{answer: Object|undefined, error: string}>}
     */
    async askLayaway(method, ...args) {
        try {
            const answer = await this.callRegister(method, ...args);
            const error =
                answer === undefined
                    ? _t("The server cannot be reached. Try again.").toString()
                    : "";
            return { answer, error };
        } catch (error) {
            if (!(error instanceof RPCError)) {
                throw error;
            }
            return { answer: undefined, error: error.data.message };
        }
    },

    /**
     * @param {Object} order
     * @param {Object} chosen `kind`, `term_id`, `amount_first` and `lines`
     * @returns {Object} the cart as `pos.config.propose_layaway` reads it
     */
    getLayawayCart(order, chosen) {
        return {
            uuid: order.uuid,
            partner_id: order.getPartner()?.id || false,
            pricelist_id: order.pricelist_id?.id || false,
            fiscal_position_id: order.fiscal_position_id?.id || false,
            ...chosen,
        };
    },

    /** Go on with what the server has made of the order: its terms are signed next. */
    takeBegunLayaway(order, layaway, lines) {
        order.setBegunLayaway({ ...layaway, lineUuids: lines.map((line) => line.uuid) });
        this.showLayawayTerms(order);
    },

    showLayawayTerms(order) {
        this.dialog.add(LayawayTerms, { order, layaway: order.getBegunLayaway() });
    },

    /** Show the terms of what was begun elsewhere, to be signed here. */
    async signLayaway(id) {
        const { answer, error } = await this.askLayaway("read_layaway", id);
        if (answer) {
            this.dialog.add(LayawayTerms, { layaway: answer });
        } else {
            this.refuseLayaway(error);
        }
    },

    /** Take what is put away off the order, and put the first payment on it. */
    async takeFirstPayment(order, layaway) {
        const { lineUuids = [] } = layaway;
        for (const line of order.lines.filter(({ uuid }) => lineUuids.includes(uuid))) {
            order.removeOrderline(line);
        }
        if (!order.getDepositAmount(layaway.deposit.number)) {
            await this.addDepositLine(layaway.deposit, layaway.first);
        }
    },

    /** Let the order be as it was before: what was begun from it has come to nothing. */
    forgetLayaway(order, layaway) {
        const { number } = layaway.deposit;
        const paying = order.getDepositLines().find((line) => line.deposit_number === number);
        if (paying) {
            // With it go the others of the same payment.
            order.removeOrderline(paying);
        }
        order.setBegunLayaway(undefined);
        this.readOpenLines();
    },

    /** Override: what was begun from an order is not lost to it, while its terms are read. */
    markLine(line, reason) {
        const begun = line.order_id?.getBegunLayaway();
        if (!begun?.lineUuids?.includes(line.uuid)) {
            super.markLine(...arguments);
        }
    },

    /** Override: with an order, what was begun from it is given up. */
    async deleteOrders(orders) {
        const begun = orders
            .filter((order) => order?.getBegunLayaway() && !order.finalized)
            .map((order) => order.uuid);
        const isDeleted = await super.deleteOrders(...arguments);
        for (const uuid of isDeleted ? begun : []) {
            await this.askLayaway("give_up_layaway", uuid);
        }
        return isDeleted;
    },
});
