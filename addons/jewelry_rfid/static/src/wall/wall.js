import { Component, onWillStart, onWillUnmount, useState } from "@odoo/owl";
import { addNews, changePictures, keepFresh } from "./wall_news";
import { deserializeDateTime, formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { browser } from "@web/core/browser/browser";
import { formatInteger } from "@web/views/fields/formatters";
import { registry } from "@web/core/registry";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { useService } from "@web/core/utils/hooks";

const CHANNEL = "jewelry_rfid_wall";
// The whole wall is asked for again after so many milliseconds; a message changes it at once.
const INTERVAL = 30_000;
// After a message, what it does not say is asked for, once for all messages of this time.
const SOON = 3_000;
const MOST_PICTURES = 6;
const ICONS = {
    safe: "fa-lock",
    case: "fa-diamond",
    tray: "fa-th-large",
    bench: "fa-wrench",
    door: "fa-sign-out",
    pad: "fa-dot-circle-o",
};

/**
 * What is in each zone right now: how many pieces of how many, their pictures, and what came or
 * left just now. The server tells of each batch of sightings in one message.
 */
export class RfidWall extends Component {
    static template = "jewelry_rfid.Wall";
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.bus = useService("bus_service");
        this.state = useState({ wall: null, news: {} });
        this.onChange = this.onChange.bind(this);
        this.bus.addChannel(CHANNEL);
        this.bus.subscribe(CHANNEL, this.onChange);
        const timer = browser.setInterval(() => this.refresh(), INTERVAL);
        onWillStart(() => this.load(this.orm));
        onWillUnmount(() => {
            this.bus.unsubscribe(CHANNEL, this.onChange);
            this.bus.deleteChannel(CHANNEL);
            browser.clearInterval(timer);
            browser.clearTimeout(this.soon);
        });
    }

    async load(orm) {
        this.state.wall = await orm.call("jewelry.rfid.wall", "get_wall", []);
    }

    /** Ask again, without a spinner, unless nobody looks. */
    async refresh() {
        const now = Date.now();
        for (const [id, news] of Object.entries(this.state.news)) {
            this.state.news[id] = keepFresh(news, now);
        }
        if (document.visibilityState === "visible") {
            await this.load(this.orm.silent);
        }
    }

    /** Show what a batch of sightings has changed. */
    onChange(message) {
        if (message.company_id !== this.state.wall?.company_id) {
            return;
        }
        for (const change of message.zones) {
            this.changeZone(change);
        }
        this.state.wall.time = message.time;
        this.soon ||= browser.setTimeout(() => {
            this.soon = undefined;
            return this.refresh();
        }, SOON);
    }

    changeZone(change) {
        const zone = this.state.wall.zones.find(({ id }) => id === change.id);
        if (zone) {
            zone.present = change.present;
            zone.pieces = changePictures(zone.pieces, change, MOST_PICTURES);
            this.state.news[zone.id] = addNews(this.news(zone), change, Date.now());
        }
    }

    news(zone) {
        return this.state.news[zone.id] || [];
    }

    icon(zone) {
        return ICONS[zone.kind];
    }

    number(count) {
        return formatInteger(count);
    }

    picture(piece) {
        return `/web/image/stock.lot/${piece.id}/image_256`;
    }

    get time() {
        return formatDateTime(deserializeDateTime(this.state.wall.time));
    }

    /** What wants somebody's attention, with where to look. */
    get notices() {
        const { elsewhere, unknown, unplaced, silent } = this.state.wall;
        return [
            {
                name: "elsewhere",
                count: elsewhere,
                label: _t("Seen elsewhere"),
                action: "jewelry_rfid.jewelry_rfid_proposal_action",
            },
            {
                name: "unknown",
                count: unknown,
                label: _t("Unknown tags"),
                action: "jewelry_rfid.jewelry_rfid_unknown_action",
            },
            {
                name: "unplaced",
                count: unplaced,
                label: _t("Antennas without a zone"),
                action: "jewelry_rfid.jewelry_rfid_antenna_action",
            },
            {
                name: "silent",
                count: silent,
                label: _t("Silent gateways"),
                action: "jewelry_rfid.jewelry_rfid_gateway_action",
            },
        ].filter(({ count }) => count);
    }

    openNotice(notice) {
        return this.action.doAction(notice.action);
    }

    openZone(zone) {
        return this.openPieces(zone.name, [
            ["rfid_zone_id", "=", zone.id],
            ["rfid_present", "=", true],
        ]);
    }

    openPieces(name, domain) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name,
            res_model: "stock.lot",
            views: [
                [false, "kanban"],
                [false, "list"],
                [false, "form"],
            ],
            domain,
            context: { create: false },
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

registry.category("actions").add(CHANNEL, RfidWall);
