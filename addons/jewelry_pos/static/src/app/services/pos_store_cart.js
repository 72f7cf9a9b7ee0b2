import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { ask } from "@point_of_sale/app/utils/make_awaitable_dialog";
import { PosStore } from "@point_of_sale/app/services/pos_store";

/** What becomes of a piece while it is on an open order is told on its line before it is paid. */
patch(PosStore.prototype, {
    /** Override: what this device kept sells what it sold before it was closed, or died. */
    async processServerData() {
        await super.processServerData(...arguments);
        this.models["pos.order.line"].forEach((line) => line.restoreLots());
    },

    /** Override: ask before the payment, not after the customer has a card out. */
    async pay() {
        if (await this.mayBePaid(this.getOrder())) {
            return super.pay(...arguments);
        }
    },

    /**
     * Ask whatever must be known before an order is paid.
     *
     * @returns {Promise<boolean>} whether it may be paid
     */
    async mayBePaid(order) {
        return (
            (await this.checkCart(order)) &&
            (await this.agreePrices(order)) &&
            (await this.askPickupDate(order))
        );
    },

    /** Learn which open orders are paid: a device that dies may not have noted that any more. */
    async takePaidOrders() {
        const uuids = this.models["pos.order"]
            .filter((order) => !order.finalized && order.payment_ids.length)
            .map((order) => order.uuid);
        if (!uuids.length || this.data.network.offline) {
            return;
        }
        try {
            await this.data.loadServerOrders([
                ["uuid", "in", uuids],
                ["state", "in", ["paid", "done"]],
            ]);
        } catch (error) {
            this.takeLostConnection(error);
        }
    },

    /**
     * Ask anew for pieces on open orders.
     *
     * @param {number[]} [ids] of pieces that changed; all of them without
     */
    async readOpenLines(ids) {
        const changed = ids && new Set(ids);
        const lines = this.getOpenLines().filter(
            (line) => !changed || changed.has(line.getPieceId())
        );
        // While one is asked for, others may be removed or paid.
        const isOpen = (line) => line.order_id && !line.order_id.finalized;
        for (const line of lines) {
            const answer =
                isOpen(line) &&
                (await this.callRegister("read_piece", line.getPieceId(), line.order_id.uuid));
            if (answer && isOpen(line)) {
                this.takePieceAnswer(answer);
                line.takeNews(answer);
                this.markLine(line, answer.reason);
            }
        }
    },

    /**
     * Tell on a line, and to whoever looks elsewhere, that its piece cannot be sold any more.
     *
     * @param {string|false} reason why; without one, it can be sold again
     */
    markLine(line, reason) {
        const known = line.uiState.pieceReason;
        line.uiState.pieceReason = reason || false;
        if (reason && reason !== known) {
            this.sound.play("error");
            this.notification.add(
                _t("%(piece)s on order %(order)s cannot be sold any more: %(reason)s", {
                    piece: line.getPieceNumber(),
                    order: line.order_id.getName(),
                    reason,
                }),
                { type: "danger", sticky: true }
            );
        }
    },

    /**
     * See whether all pieces of an order are still to be sold, and offer to take off what is not.
     *
     * @returns {Promise<boolean>} whether the order may be paid
     */
    async checkCart(order) {
        if (!order?.getPieceLines().length || order.hasChargedCard()) {
            return true;
        }
        await this.renewClaims();
        const lost = order.getPieceLines().filter((line) => line.uiState.pieceReason);
        if (lost.length) {
            await this.offerToTakeOff(order, lost);
        }
        return !lost.length;
    },

    async offerToTakeOff(order, lines) {
        const agreed = await ask(this.dialog, {
            title: _t("Not to be sold any more"),
            body: lines
                .map((line) => `${line.getPieceNumber()}: ${line.uiState.pieceReason}`)
                .join("\n"),
            confirmLabel: _t("Take off the order"),
        });
        if (agreed) {
            lines.forEach((line) => order.removeOrderline(line));
        }
    },
});
