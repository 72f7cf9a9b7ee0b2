import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { RPCError } from "@web/core/network/rpc";
import { ask, makeAwaitable } from "@point_of_sale/app/utils/make_awaitable_dialog";
import { DatePickerPopup } from "@point_of_sale/app/components/popups/date_picker_popup/date_picker_popup";
import { PosStore } from "@point_of_sale/app/services/pos_store";

/** Pieces that another shop has: asked for, and sold to be handed over when they have come. */
patch(PosStore.prototype, {
    /** Offer to ask the shop that has a piece to send it, and add it to the current order then. */
    async offerToAsk(piece) {
        const agreed = await ask(this.dialog, {
            title: _t("Ask for %s?", piece.name),
            body: _t(
                "%(place)s. That shop is asked to send it here, and keeps it for this order. Sell it now, and hand it over or ship it when it has come.",
                { place: piece.reason }
            ),
            confirmLabel: _t("Ask for it"),
        });
        return agreed ? this.requestPiece(piece) : undefined;
    },

    async requestPiece(piece) {
        const order = this.getOrder() || this.addNewOrder();
        let answer;
        try {
            answer = await this.callRegister("request_piece", piece.id, order.uuid);
        } catch (error) {
            if (!(error instanceof RPCError)) {
                throw error;
            }
            return this.refusePiece(piece, error.data.message);
        }
        if (!answer) {
            return this.refusePiece(
                piece,
                _t("The server cannot be reached. Other shops can be asked when it is back.")
            );
        }
        const line = await this.addPieceLine(this.takePieceAnswer(answer));
        line?.setPieceFacts(answer);
        return line;
    },

    /**
     * Ask when an order is handed over that holds what another shop has yet to send.
     *
     * @returns {Promise<boolean>} whether the order may be paid
     */
    async askPickupDate(order) {
        const coming = order?.getPieceLines().filter((line) => line.getRequest()) || [];
        if (!coming.length) {
            // What it was asked for is here, or off the order.
            order?.forgetPickupDate();
            return true;
        }
        if (!order.shipping_date) {
            order.setPickupDate(
                await makeAwaitable(this.dialog, DatePickerPopup, {
                    title: _t("When is %s handed over?", coming[0].getPieceNumber()),
                })
            );
        }
        return Boolean(order.shipping_date);
    },
});
