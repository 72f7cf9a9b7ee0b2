import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { Dialog } from "@web/core/dialog/dialog";
import { parseFloat } from "@web/views/fields/parsers";
import { useDebounced } from "@web/core/utils/timing";
import { usePos } from "@point_of_sale/app/hooks/pos_hook";

const TYPING = 400;

/** The open deposits of a customer: what is paid, what is due, and what is paid now. */
export class DepositDialog extends Component {
    static template = "jewelry_pos_deposit.DepositDialog";
    static components = { Dialog };
    static props = { close: Function, query: String };

    setup() {
        this.pos = usePos();
        this.state = useState({
            query: this.props.query,
            deposits: [],
            canRefund: false,
            isOffline: false,
            chosen: undefined,
            amount: "",
            reason: "",
            handOver: false,
            isRefund: false,
            busy: false,
        });
        this.searchSoon = useDebounced(() => this.search(), TYPING);
        onWillStart(() => this.search());
    }

    get partner() {
        return this.pos.getOrder()?.getPartner();
    }

    get title() {
        return this.state.query || !this.partner
            ? _t("Deposits")
            : _t("Deposits of %s", this.partner.name);
    }

    async search() {
        const query = this.state.query.trim();
        const answer = await this.pos.findDeposits(query);
        if (query !== this.state.query.trim()) {
            return;
        }
        this.takeAnswer(answer);
        const { deposits } = this.state;
        this.choose(deposits.length === 1 ? deposits[0] : undefined);
    }

    /** Keep what the server says, or undefined while it cannot be reached. */
    takeAnswer(answer) {
        Object.assign(this.state, {
            deposits: answer?.deposits || [],
            isOffline: !answer,
            canRefund: Boolean(answer?.can_refund),
        });
    }

    choose(deposit) {
        Object.assign(this.state, {
            chosen: deposit,
            isRefund: false,
            reason: "",
            amount: deposit ? this.format(deposit.next_amount) : "",
            handOver: false,
        });
        this.state.handOver = Boolean(deposit?.can_hand_over) && this.isLast;
    }

    /** Switch between taking money and giving it back. */
    setRefund(isRefund) {
        const { refundable, next_amount } = this.state.chosen;
        this.state.isRefund = isRefund;
        this.state.amount = this.format(isRefund ? refundable : next_amount);
        this.state.handOver = !isRefund && this.state.chosen.can_hand_over && this.isLast;
    }

    setAmount(value) {
        this.state.amount = value;
        this.state.handOver = this.state.chosen.can_hand_over && this.isLast;
    }

    /** @returns {number} what was typed, NaN for no number */
    get amount() {
        try {
            return parseFloat(this.state.amount);
        } catch {
            return NaN;
        }
    }

    /** @returns {boolean} whether nothing is left to pay then */
    get isLast() {
        const { chosen, isRefund } = this.state;
        return Boolean(chosen) && !isRefund && this.isZero(chosen.due - this.amount);
    }

    /** @returns {string|undefined} why the amount cannot be taken or given back */
    get problem() {
        const { chosen, isRefund, reason } = this.state;
        const limit = isRefund ? chosen.refundable : chosen.due;
        if (!(this.amount > 0)) {
            return _t("Enter an amount.");
        }
        if (
            (isRefund || !chosen.is_credit) &&
            this.amount - limit > 0 &&
            !this.isZero(this.amount - limit)
        ) {
            return _t("It can be %s at most.", this.money(limit));
        }
        return isRefund && !chosen.is_credit && !reason.trim()
            ? _t("Enter why it is given back.")
            : undefined;
    }

    async confirm() {
        const { chosen, isRefund } = this.state;
        this.state.busy = true;
        try {
            const sign = isRefund ? -1 : 1;
            const amount = sign * this.amount;
            const lines = await this.pos.addDepositLine(chosen, amount, this.getOptions());
            if (lines) {
                this.props.close();
            }
        } finally {
            this.state.busy = false;
        }
    }

    /** @returns {Object} options as of `addDepositLine` */
    getOptions() {
        const { handOver, reason } = this.state;
        return { handOver: handOver && this.isLast, reason: reason.trim() };
    }

    // How things are shown

    isZero(amount) {
        return this.pos.currency.isZero(amount);
    }

    format(amount) {
        return this.env.utils.formatCurrency(amount, false);
    }

    money(amount) {
        return this.env.utils.formatCurrency(amount);
    }

    day(date) {
        return date ? formatDate(deserializeDate(date)) : "";
    }

    getImage(piece) {
        return `/web/image/stock.lot/${piece.id}/image_128`;
    }

    /** @returns {number} share that is paid, in per cent */
    getShare({ paid, total }) {
        return total > 0 ? Math.min(100, Math.round((100 * paid) / total)) : 0;
    }
}
