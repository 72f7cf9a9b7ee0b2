import { Component, useRef, useState } from "@odoo/owl";
import { useBus, useService } from "@web/core/utils/hooks";
import { _t } from "@web/core/l10n/translation";
import { Mutex } from "@web/core/utils/concurrency";
import { RPCError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/**
 * Pieces go out of an open case and come back by scanning them, or by typing their number. Scans
 * that come faster than the answers wait for their turn, so that none is lost.
 */
export class CaseScan extends Component {
    static template = "jewelry_inventory.CaseScan";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.input = useRef("code");
        this.state = useState({ message: "", isRefused: false });
        this.mutex = new Mutex();
        const barcode = useService("barcode");
        useBus(barcode.bus, "barcode_scanned", ({ detail }) => this.onCode(detail.barcode));
    }

    onSubmit() {
        const code = this.input.el.value.trim();
        this.input.el.value = "";
        return code && this.onCode(code);
    }

    onCode(code) {
        return this.mutex.exec(() => this.send(code));
    }

    /**
     * Hook: let the server take a scan.
     *
     * @returns {Promise<string>} what to tell
     */
    async ask(code) {
        const args = [[this.props.record.resId], code];
        const { piece, direction } = await this.orm.silent.call(
            "jewelry.case.opening",
            "action_scan",
            args
        );
        return direction === "out" ? _t("%s is out.", piece) : _t("%s is back.", piece);
    }

    async send(code) {
        const { record } = this.props;
        try {
            Object.assign(this.state, { message: await this.ask(code), isRefused: false });
        } catch (error) {
            if (!(error instanceof RPCError)) {
                throw error;
            }
            Object.assign(this.state, { message: error.data.message, isRefused: true });
        }
        await record.load();
    }
}

registry.category("view_widgets").add("jewelry_case_scan", { component: CaseScan });
