import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { AlertDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { PosStore } from "@point_of_sale/app/services/pos_store";

/** A quotation that sells a piece is settled by this piece, at the price that was agreed. */
patch(PosStore.prototype, {
    /** Override: what may not be paid here is refused before anything is on the order. */
    async _processSaleOrder(saleOrder) {
        const problem = await this.callRegister("get_settling_problem", [saleOrder.id]);
        if (!this.refuseSettling(problem)) {
            return super._processSaleOrder(...arguments);
        }
    },

    /** Override: the server keeps the pieces for the order, and says which line is for which. */
    async settleSO(saleOrder) {
        const order = this.getOrder();
        const answer = await this.callRegister("settle_pieces", saleOrder.id, order.uuid);
        if (
            this.refuseSettling(answer ? answer.problem || this.getTakenProblem(answer) : undefined)
        ) {
            return;
        }
        this.settling = answer;
        try {
            await super.settleSO(...arguments);
        } finally {
            this.settling = undefined;
        }
        this.takeSettledPieces(order, answer);
    },

    /** Override: the line of a piece is for this piece from the first. */
    addLineToCurrentOrder(vals, opts = {}, ...args) {
        const answer = this.settling?.pieces[vals.sale_order_line_id?.id];
        if (!answer) {
            return super.addLineToCurrentOrder(...arguments);
        }
        const { name } = answer.row;
        // Where a unit is not grouped, core makes the line again from these values.
        vals.pack_lot_ids = [["create", { lot_name: name }]];
        const code = { type: "lot", code: name };
        return super.addLineToCurrentOrder(vals, { ...opts, code }, ...args);
    },

    /** Tell why a quotation cannot be settled; without the server, that nobody knows. */
    refuseSettling(problem) {
        if (problem === "") {
            return false;
        }
        this.sound.play("error");
        this.dialog.add(AlertDialog, {
            title: _t("It cannot be settled here"),
            body: problem ?? _t("The server cannot be reached. Try again once it can."),
        });
        return true;
    },

    /** @returns {string} which piece this register has on an order already, or an empty text */
    getTakenProblem({ pieces }) {
        for (const { row } of Object.values(pieces)) {
            const problem = this.getPieceProblem({ ...row, reason: false });
            if (problem) {
                return `${row.name}: ${problem}`;
            }
        }
        return "";
    },

    /** Let the lines know their pieces, and take off those whose piece is not to be paid. */
    takeSettledPieces(order, { pieces, settled }) {
        for (const line of [...order.lines]) {
            const id = line.sale_order_line_id?.id;
            if (settled.includes(id)) {
                order.removeOrderline(line);
            } else if (pieces[id]) {
                const piece = this.takePieceAnswer(pieces[id]);
                this.keptPieces.set(piece.id, order.uuid);
                line.setPieceFacts(pieces[id]);
            }
        }
    },

    /** Override: whose quotation it is pays it, as the server will ask. */
    async agreePrices(order) {
        const ids = order?.getSettledOrderIds() || [];
        if (ids.length) {
            const partnerId = order.getPartner()?.id || false;
            const problem = await this.callRegister("get_settling_problem", ids, partnerId);
            // Without the server, the order is kept, and settles what it then may.
            if (problem && this.refuseSettling(problem)) {
                return false;
            }
        }
        return super.agreePrices(...arguments);
    },
});
