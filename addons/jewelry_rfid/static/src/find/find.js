import { Component, onWillStart, onWillUnmount, useState } from "@odoo/owl";
import { getTrend, noteZone } from "./signal";
import { deserializeDateTime, formatDateTime } from "@web/core/l10n/dates";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { useService } from "@web/core/utils/hooks";

const SIGNAL = "jewelry_rfid_signal";
const MODEL = "jewelry.rfid.watch";
// The server is told so often that somebody still looks.
const RENEWAL = 30_000;
// After so long without a reading there is no signal.
const SILENCE = 3_000;
const MOST_ZONES = 5;
const MOST_READINGS = 20;

/** How near one piece is, as antennas hear its tag, while somebody looks for it. */
export class RfidFind extends Component {
    static template = "jewelry_rfid.Find";
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.bus = useService("bus_service");
        this.lotId = this.props.action.params.lot_id;
        this.readings = [];
        this.state = useState({ piece: null, isEnded: false, level: null, zone: "", trend: 0 });
        this.onSignal = this.onSignal.bind(this);
        this.bus.subscribe(SIGNAL, this.onSignal);
        const timer = browser.setInterval(() => this.renew(), RENEWAL);
        onWillStart(() => this.start());
        onWillUnmount(() => {
            this.bus.unsubscribe(SIGNAL, this.onSignal);
            browser.clearInterval(timer);
            browser.clearTimeout(this.silence);
            this.stop();
        });
    }

    async start() {
        this.state.piece = await this.orm.call(MODEL, "start", [this.lotId]);
        this.state.isEnded = false;
    }

    async renew() {
        if (!this.state.isEnded) {
            this.state.isEnded = !(await this.orm.silent.call(MODEL, "renew", [this.lotId]));
        }
    }

    stop() {
        return this.orm.silent.call(MODEL, "stop", [this.lotId]).catch(() => {});
    }

    /** Show what antennas have just heard. */
    onSignal({ lot_id, readings }) {
        if (lot_id !== this.lotId || !this.state.piece) {
            return;
        }
        for (const reading of readings) {
            this.takeReading(reading);
        }
        browser.clearTimeout(this.silence);
        this.silence = browser.setTimeout(() => this.fallSilent(), SILENCE);
    }

    takeReading(reading) {
        const { piece } = this.state;
        piece.zones = noteZone(piece.zones, reading, MOST_ZONES);
        if (reading.left) {
            this.fallSilent();
            return;
        }
        piece.present = true;
        this.state.zone = reading.zone;
        this.state.level = reading.level;
        if (reading.level !== null) {
            this.readings = [...this.readings, reading].slice(-MOST_READINGS);
            this.state.trend = getTrend(this.readings);
        }
    }

    fallSilent() {
        Object.assign(this.state, { zone: "", level: null, trend: 0 });
    }

    get color() {
        const { level } = this.state;
        return level >= 70 ? "bg-success" : level >= 35 ? "bg-warning" : "bg-danger";
    }

    time(zone) {
        return formatDateTime(deserializeDateTime(zone.time));
    }
}

registry.category("actions").add("jewelry_rfid_find", RfidFind);
