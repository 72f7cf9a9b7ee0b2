import { Component, onWillUnmount, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { Dialog } from "@web/core/dialog/dialog";
import { RPCError } from "@web/core/network/rpc";
import { usePos } from "@point_of_sale/app/hooks/pos_hook";

// Milliseconds between two questions whether a manager elsewhere has decided.
const ASK_EVERY = 3000;

/** Lets a manager agree to prices: who is logged in, or somebody elsewhere who is asked. */
export class PriceAgreement extends Component {
    static template = "jewelry_pos.PriceAgreement";
    static components = { Dialog };
    static props = {
        answer: Object,
        close: Function,
        getPayload: Function,
        order: Object,
    };

    setup() {
        this.pos = usePos();
        const { problems, can_agree, is_asked } = this.props.answer;
        this.state = useState({
            problems,
            can_agree,
            is_asked,
            reason: "",
            error: "",
            busy: false,
        });
        this.timer = setInterval(() => this.look(), ASK_EVERY);
        onWillUnmount(() => clearInterval(this.timer));
    }

    get question() {
        return this.props.order.getPriceQuestion();
    }

    formatPrice(problem) {
        return this.env.utils.formatCurrency(problem.price);
    }

    agree() {
        return this.act("agree_prices", this.question, this.state.reason);
    }

    ask() {
        return this.act("ask_prices", this.question, this.state.reason);
    }

    /** Do something that may settle it, and tell what stands against it. */
    async act(method, ...args) {
        if (!this.state.reason.trim()) {
            this.state.error = _t("Enter the reason.");
            return;
        }
        Object.assign(this.state, { busy: true, error: "" });
        try {
            const answer = await this.pos.callRegister(method, ...args);
            if (answer === undefined) {
                this.state.error = _t("The server cannot be reached. Try again.");
            } else if (answer?.error) {
                this.state.error = answer.error;
            } else {
                await this.look(true);
            }
        } catch (error) {
            if (!(error instanceof RPCError)) {
                throw error;
            }
            this.state.error = error.data.message;
        } finally {
            this.state.busy = false;
        }
    }

    /** See whether it is settled; close once nobody has to agree any more. */
    async look(now = false) {
        if (!now && !this.state.is_asked) {
            return;
        }
        const answer = await this.pos.callRegister("check_prices", this.question);
        if (!answer) {
            return;
        }
        if (!answer.problems.length) {
            this.props.getPayload(true);
            this.props.close();
        } else if (this.state.is_asked && !answer.is_asked) {
            this.state.error = _t("It was refused.");
        }
        Object.assign(this.state, { problems: answer.problems, is_asked: answer.is_asked });
    }
}
