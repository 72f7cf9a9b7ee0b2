import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { RPCError } from "@web/core/network/rpc";
import { AlertDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { PosStore } from "@point_of_sale/app/services/pos_store";
import { DepositDialog } from "@jewelry_pos_deposit/app/components/deposit_dialog/deposit_dialog";

const OFFLINE = _t("The server cannot be reached: nobody knows what is still to pay. Try again.");

/** Customers pay deposits at the register, and get them back. */
patch(PosStore.prototype, {
    /**
     * Show the open deposits of the order's customer, or those that a text finds.
     *
     * @param {string} [query]
     */
    openDeposits(query = "") {
        this.dialog.add(DepositDialog, { query });
    },

    /**
     * @param {string} query what was typed or scanned
     * @returns {Promise<Object|undefined>} `deposits` and `can_refund`; undefined while offline
     */
    findDeposits(query) {
        const partnerId = query ? false : this.getOrder()?.getPartner()?.id || false;
        return this.callRegister("get_deposits", partnerId, query);
    },

    /**
     * Add what a customer pays for a deposit to the current order; less than nothing is given back.
     *
     * @param {Object} deposit as of `pos.config.get_deposits`
     * @param {number} amount tax included
     * @param {Object} [options]
     * @param {boolean} [options.handOver] whether what is paid is handed over
     * @param {string} [options.reason] why money is given back
     * @returns {Promise<Object[]|undefined>} the lines, if that could be
     */
    async addDepositLine(deposit, amount, options = {}) {
        const order = this.getOrder() || this.addNewOrder();
        const problem = this.getDepositProblem(order, deposit);
        const answer = problem
            ? undefined
            : await this.askDepositLines(order, deposit, amount, options);
        if (!answer) {
            return problem ? this.refuseDeposit(deposit, problem) : undefined;
        }
        await this.setDepositPartner(order, answer.partner_id);
        const lines = [];
        for (const values of answer.lines) {
            lines.push(await this.addDepositValues(order, values, options));
        }
        order.is_refund = order.lines.every((line) => line.qty < 0);
        return lines;
    },

    /** @returns {Promise<Object|undefined>} the lines, as the server makes them of an amount */
    async askDepositLines(order, deposit, amount, options) {
        try {
            const answer = await this.requestDepositLines(order, deposit, amount, options);
            return answer ?? this.refuseDeposit(deposit, OFFLINE);
        } catch (error) {
            if (!(error instanceof RPCError)) {
                throw error;
            }
            return this.refuseDeposit(deposit, error.data.message);
        }
    },

    /**
     * Ask the server; rooms that know more about who stands there ask it in their own way.
     *
     * @returns {Promise<Object|false|undefined>} false: it said no, and the user knows; undefined:
     *     it cannot be reached
     */
    requestDepositLines(order, deposit, amount) {
        return this.callRegister("prepare_deposit_lines", deposit.id, amount);
    },

    /** @returns {string|undefined} why the order may not pay the deposit, as far as is known here */
    getDepositProblem(order, deposit) {
        const partner = order.getPartner();
        if (order.getDepositAmount(deposit.number)) {
            return _t("It is on this order already: take that line off first.");
        }
        if (partner && order.lines.length && !this.isDepositOf(deposit, partner)) {
            return _t("The order is of %(other)s, and the deposit of %(partner)s.", {
                other: partner.name,
                partner: deposit.partner,
            });
        }
        return undefined;
    },

    isDepositOf(deposit, partner) {
        return [partner.id, partner.parent_id?.id].includes(deposit.partner_id);
    },

    async setDepositPartner(order, partnerId) {
        const partners = this.models["res.partner"];
        if (order.getPartner()?.id !== partnerId && !order.lines.length) {
            const partner =
                partners.get(partnerId) || (await this.data.read("res.partner", [partnerId]))[0];
            order.setPartner(partner);
        } else if (!order.getPartner()) {
            order.partner_id = partners.get(partnerId);
        }
    },

    async addDepositValues(order, values, { handOver = false, reason = "" }) {
        const { product_id, tax_ids, ...rest } = values;
        const product =
            this.models["product.product"].get(product_id) ||
            (await this.data.read("product.product", [product_id]))[0];
        const taxes = this.models["account.tax"].readMany(tax_ids);
        return this.addLineToOrder(
            {
                ...rest,
                product_id: product,
                product_tmpl_id: product.product_tmpl_id,
                price_type: "automatic",
                tax_ids: taxes.map((tax) => ["link", tax]),
                is_handed_over: handOver,
                customer_note: reason,
            },
            order,
            { force: true },
            false
        );
    },

    /** Override: what is paid for a customer's deposit is not paid by somebody else. */
    setPartnerToCurrentOrder(partner) {
        const order = this.getOrder();
        const current = order.getPartner();
        if (order.getDepositLines().length && current && partner?.id !== current.id) {
            this.dialog.add(AlertDialog, {
                title: _t("The customer stays"),
                body: _t("A deposit of %s is on the order: take it off first.", current.name),
            });
            return;
        }
        super.setPartnerToCurrentOrder(...arguments);
    },

    refuseDeposit(deposit, reason) {
        this.sound.play("error");
        this.dialog.add(AlertDialog, {
            title: _t("%s cannot be taken now", deposit.number),
            body: reason,
        });
    },

    /**
     * @param {string} code what the scanner read
     * @returns {Promise<boolean>} whether the code is the number of a deposit, which is shown then
     */
    async scanDeposit(code) {
        if (!isDepositNumber(code)) {
            return false;
        }
        const answer = await this.findDeposits(code);
        const isKnown = answer?.deposits.some(({ number }) => number === code);
        if (isKnown) {
            this.openDeposits(code);
        }
        return Boolean(isKnown);
    },
});

/** @returns {boolean} whether a code may be the number of a deposit: those of pieces have no slash */
export function isDepositNumber(code) {
    return /^[A-Z]+\d{2,4}\/\d+$/.test(code);
}
