import { CaseScan } from "@jewelry_inventory/case_scan/case_scan";
import { registry } from "@web/core/registry";

/**
 * Labels and chips in turn: a desk reader types what it reads like a scanner does. What is being
 * filled in is saved first, so that the reason for another tag goes with it.
 */
export class TagScan extends CaseScan {
    static template = "jewelry_rfid.TagScan";

    async ask(code) {
        const { record } = this.props;
        await record.save();
        return this.orm.silent.call(record.resModel, "action_scan", [[record.resId], code]);
    }
}

registry.category("view_widgets").add("jewelry_tag_scan", { component: TagScan });
