import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { AlertDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { makeAwaitable } from "@point_of_sale/app/utils/make_awaitable_dialog";
import { PosStore } from "@point_of_sale/app/services/pos_store";
import { PriceAgreement } from "@jewelry_pos/app/components/price_agreement/price_agreement";

/** A price that a manager must agree to is agreed to before the money is taken. */
patch(PosStore.prototype, {
    /**
     * Let a manager agree to what is below its price, where that takes one.
     *
     * @returns {Promise<boolean>} whether the order may be paid
     */
    async agreePrices(order) {
        if (!order?.getLinesBelow((piece) => piece.price).length) {
            return true;
        }
        const answer = await this.callRegister("check_prices", order.getPriceQuestion());
        if (!answer) {
            return this.allowPricesOffline(order);
        }
        if (!answer.problems.length) {
            return true;
        }
        return Boolean(await makeAwaitable(this.dialog, PriceAgreement, { order, answer }));
    },

    /** Without the server, what the pricelist makes of the piece's price is the lowest. */
    allowPricesOffline(order) {
        const lines = order.getLinesBelow((piece, line) => line.getAllowedPrice(piece));
        if (lines.length) {
            this.dialog.add(AlertDialog, {
                title: _t("The server cannot be reached"),
                body: _t(
                    "Without it, nobody can agree to a price below that of the pricelist: %s. Take the discount off, or wait until the register is connected again.",
                    lines.map((line) => line.getPiece().name).join(", ")
                ),
            });
        }
        return !lines.length;
    },
});
