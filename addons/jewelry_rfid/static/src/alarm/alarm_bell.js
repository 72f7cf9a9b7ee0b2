import { Component, useState } from "@odoo/owl";
import { deserializeDateTime, formatDateTime } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";

/** The bell of the doors, and a card with a picture for each piece that nobody has answered for. */
export class RfidAlarmBell extends Component {
    static template = "jewelry_rfid.AlarmBell";
    static props = {};

    setup() {
        this.action = useService("action");
        this.service = useState(useService("jewelry_rfid_alarm"));
    }

    /** Whether whoever is logged in stands before the screen, and can be taken at their word. */
    get canAnswer() {
        return true;
    }

    get canOpen() {
        return true;
    }

    get alarms() {
        return this.service.alarms;
    }

    toggle() {
        this.service.isOpen = !this.service.isOpen;
    }

    picture(alarm) {
        return `/web/image/stock.lot/${alarm.lot_id}/image_256`;
    }

    time(alarm) {
        return formatDateTime(deserializeDateTime(alarm.time));
    }

    answer(alarm) {
        return this.action.doAction("jewelry_rfid.jewelry_rfid_alarm_answer_action", {
            additionalContext: { default_alarm_ids: [alarm.id] },
            onClose: () => this.service.refresh(),
        });
    }

    open(alarm) {
        this.service.isOpen = false;
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "jewelry.rfid.alarm",
            res_id: alarm.id,
            views: [[false, "form"]],
        });
    }
}

registry
    .category("systray")
    .add("jewelry_rfid.AlarmBell", { Component: RfidAlarmBell }, { sequence: 30 });
