import { Component, onWillStart, onWillUnmount, useExternalListener, useState } from "@odoo/owl";
import { deserializeDateTime, formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { browser } from "@web/core/browser/browser";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { formatInteger } from "@web/views/fields/formatters";
import { LiveRefresh } from "./live_refresh";
import { registry } from "@web/core/registry";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { useService } from "@web/core/utils/hooks";

const CHANNEL = "jewelry_rfid_count";
// News are asked for at most so often, in milliseconds, and without news so often.
const SOON = 1_000;
const INTERVAL = 30_000;

/**
 * A count by readers while it goes on: how much was read, and to a manager what is missing, lies
 * in a wrong place, or should not be there. The server tells that a batch has come, and what this
 * user may know is asked for then.
 */
export class ReaderCount extends Component {
    static template = "jewelry_rfid.ReaderCount";
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.orm = useService("orm");
        this.bus = useService("bus_service");
        const { params, context } = this.props.action;
        this.countId = params?.count_id || context?.active_id;
        this.state = useState({ live: null });
        this.refresh = new LiveRefresh(() => this.load(this.orm.silent), SOON);
        this.onNews = this.onNews.bind(this);
        this.bus.addChannel(CHANNEL);
        this.bus.subscribe(CHANNEL, this.onNews);
        useExternalListener(document, "visibilitychange", () => this.look());
        const timer = browser.setInterval(() => this.look(), INTERVAL);
        onWillStart(() => this.load(this.orm));
        onWillUnmount(() => {
            this.bus.unsubscribe(CHANNEL, this.onNews);
            this.bus.deleteChannel(CHANNEL);
            browser.clearInterval(timer);
            this.refresh.stop();
        });
    }

    async load(orm) {
        this.state.live = await orm.call("jewelry.count", "get_live", [this.countId]);
    }

    /** Ask again, unless nobody looks: scans by hand send no message. */
    look() {
        if (document.visibilityState === "visible") {
            this.refresh.notice();
        }
    }

    /** A batch has come. */
    onNews(message) {
        if (message.counts.some(({ id }) => id === this.countId)) {
            this.refresh.notice();
        }
    }

    // ---------------------------------------------------------------------------------------
    // What is shown
    // ---------------------------------------------------------------------------------------

    get live() {
        return this.state.live;
    }

    get isOpen() {
        return this.live.state === "open";
    }

    get time() {
        return formatDateTime(deserializeDateTime(this.live.time));
    }

    /** How far it is, in percent: 100 only when nothing is missing. */
    get progress() {
        const { found, expected } = this.live;
        return expected ? Math.floor((found / expected) * 100) : 100;
    }

    get sections() {
        const { pieces } = this.live;
        return [
            { kind: "missing", label: _t("Missing"), color: "danger" },
            { kind: "misplaced", label: _t("Wrong place"), color: "warning" },
            { kind: "unexpected", label: _t("Unexpected"), color: "info" },
        ].map((section) => ({
            ...section,
            count: this.live[section.kind],
            pieces: pieces[section.kind],
            more: this.live[section.kind] - pieces[section.kind].length,
        }));
    }

    /** What is to be said of a piece besides its name. */
    hint(kind, piece) {
        if (kind === "missing") {
            const seen = piece.zone ? _t("seen at %(zone)s", { zone: piece.zone }) : "";
            return [piece.home, seen || (piece.has_tag ? "" : _t("no tag: scan it"))]
                .filter(Boolean)
                .join(", ");
        }
        return piece.home
            ? _t("read in %(place)s, belongs in %(home)s", piece)
            : _t("read in %(place)s", piece);
    }

    number(count) {
        return formatInteger(count);
    }

    picture(piece) {
        return `/web/image/stock.lot/${piece.id}/image_256`;
    }

    // ---------------------------------------------------------------------------------------
    // What is done
    // ---------------------------------------------------------------------------------------

    scanByHand() {
        return this.action.doActionButton({
            type: "object",
            name: "action_count",
            resModel: "jewelry.count",
            resId: this.countId,
        });
    }

    finish() {
        this.dialog.add(ConfirmationDialog, {
            title: _t("Finish the count?"),
            body: _t(
                "The readers have read %(read)s pieces. You sign for them; what they read after the count is closed does not count any more.",
                { read: this.number(this.live.read) }
            ),
            confirmLabel: _t("Sign"),
            confirm: () => this.sign(),
            cancel: () => {},
        });
    }

    async sign() {
        const isClosed = await this.orm.call("jewelry.count", "action_sign", [this.countId]);
        return isClosed ? this.openCount() : this.load(this.orm);
    }

    openCount() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "jewelry.count",
            res_id: this.countId,
            views: [[false, "form"]],
        });
    }

    openPiece(piece) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "stock.lot",
            res_id: piece.id,
            views: [[false, "form"]],
        });
    }
}

registry.category("actions").add(CHANNEL, ReaderCount);
