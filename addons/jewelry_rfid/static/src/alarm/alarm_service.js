import { reactive } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { session } from "@web/session";
import { user } from "@web/core/user";

const CHANNEL = "jewelry_rfid_alarm";
const SOUND = "call-invitation";

/** Pieces at doors that nobody has answered for: on every screen of the staff, until somebody does. */
export class RfidAlarms {
    constructor(env, { bus_service, orm }) {
        this.env = env;
        this.orm = orm;
        this.bus = bus_service;
        this.alarms = [];
        this.isOpen = false;
    }

    async start() {
        this.bus.addChannel(CHANNEL);
        this.bus.subscribe(CHANNEL, (message) => this.onMessage(message));
        // What was told while nobody could hear it.
        this.bus.addEventListener("BUS:RECONNECT", () => this.refresh());
        await this.refresh();
    }

    async refresh() {
        const alarms = await this.orm.silent.call("jewelry.rfid.alarm", "get_open", []);
        this.show(alarms.filter((alarm) => !this.knows(alarm)));
        this.alarms = alarms;
    }

    knows({ id, stays }) {
        return this.alarms.some((alarm) => alarm.id === id && alarm.stays === stays);
    }

    onMessage({ company_id, raised = [], answered = [] }) {
        if (!user.activeCompanies.some(({ id }) => id === company_id)) {
            return;
        }
        const changed = new Set([...answered, ...raised.map(({ id }) => id)]);
        const others = this.alarms.filter(({ id }) => !changed.has(id));
        this.alarms = [...others, ...raised];
        this.show(raised);
    }

    /** Let new alarms be seen and heard, whatever the screen shows. */
    show(alarms) {
        if (alarms.length) {
            this.isOpen = true;
            this.env.services["mail.sound_effects"]?.play(SOUND, { volume: 1 });
        }
    }
}

registry.category("services").add("jewelry_rfid_alarm", {
    dependencies: ["bus_service", "orm"],
    start(env, services) {
        const alarms = reactive(new RfidAlarms(env, services));
        if (session.jewelry_rfid_alarms) {
            alarms.start();
        }
        return alarms;
    },
});
