import { Component, markup, onMounted, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { Dialog } from "@web/core/dialog/dialog";
import { NameAndSignature } from "@web/core/signature/name_and_signature";
import { getDataURLFromFile } from "@web/core/utils/urls";
import { usePos } from "@point_of_sale/app/hooks/pos_hook";

/** The terms on paper, for a customer who signs with a pen. */
export class LayawayPaper extends Component {
    static template = "jewelry_pos_layaway.LayawayPaper";
    static props = { company: String, name: String, terms: Object };
}

/** The terms of what was begun: read, then signed with a finger or on paper, or refused. */
export class LayawayTerms extends Component {
    static template = "jewelry_pos_layaway.LayawayTerms";
    static components = { Dialog, NameAndSignature };
    static props = { close: Function, layaway: Object, order: { type: Object, optional: true } };

    setup() {
        this.pos = usePos();
        const { layaway } = this.props;
        this.signature = useState({ name: layaway.signer, isSignatureEmpty: true });
        this.state = useState({ layaway, error: "", busy: false });
        this.terms = markup(layaway.terms);
        const terms = useRef("terms");
        // Core puts the cursor into the name, below what is to be read first.
        onMounted(() => terms.el?.scrollIntoView());
    }

    get isDraft() {
        return this.state.layaway.state === "draft";
    }

    get canSign() {
        const { name, isSignatureEmpty } = this.signature;
        return !this.state.busy && !isSignatureEmpty && Boolean(name.trim());
    }

    /** Do something at the server, and go on if it was done. */
    async act(method, ...args) {
        this.state.busy = true;
        const { answer, error } = await this.pos.askLayaway(method, ...args);
        Object.assign(this.state, { busy: false, error });
        return answer;
    }

    sign() {
        const picture = this.signature.getSignatureImage();
        return this.signBy(getContent(picture), false);
    }

    /** Take the photo or scan of what was signed with a pen. */
    async signOnPaper(ev) {
        const [file] = ev.target.files;
        if (file) {
            await this.signBy(false, getContent(await getDataURLFromFile(file)));
        }
    }

    async signBy(signature, paper) {
        const { id } = this.state.layaway;
        const { name } = this.signature;
        const answer = await this.act("sign_layaway", id, name, signature, paper);
        if (answer) {
            await this.goOn(answer);
        }
    }

    /** Put the first payment on the order: of what is signed, or will be once the paper is here. */
    async goOn(told = {}) {
        const { order } = this.props;
        const layaway = { ...this.state.layaway, ...told };
        this.props.close();
        if (order) {
            order.setBegunLayaway(layaway);
            await this.pos.takeFirstPayment(order, layaway);
        }
    }

    async refuse() {
        const { layaway } = this.state;
        if (await this.act("refuse_layaway", layaway.id)) {
            this.props.close();
            this.pos.forgetLayaway(this.props.order, layaway);
        }
    }

    print() {
        const { name } = this.state.layaway;
        const props = { company: this.pos.company.name, name, terms: this.terms };
        return this.pos.printer.print(LayawayPaper, props, this.pos.printOptions);
    }

    get title() {
        return this.isDraft
            ? _t("Terms of %s", this.state.layaway.name)
            : _t("%s is signed", this.state.layaway.name);
    }
}

/** @returns {string} the content of a data URL, in base 64 */
export function getContent(url) {
    return url.slice(url.indexOf(",") + 1);
}
