import { Component, onWillUnmount, useState } from "@odoo/owl";
import { formatInteger } from "@web/views/fields/formatters";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const EVENT = "jewelry.import/progress";

/**
 * How far an intake file is, while it is coming in: the server tells after each batch, and the
 * bar moves without anybody reloading the page.
 */
export class ImportProgressField extends Component {
    static template = "jewelry_inventory.ImportProgressField";
    static props = { ...standardFieldProps };

    setup() {
        this.told = useState({ id: null });
        const bus = useService("bus_service");
        const onProgress = (progress) => this.onProgress(progress);
        bus.subscribe(EVENT, onProgress);
        bus.start();
        onWillUnmount(() => bus.unsubscribe(EVENT, onProgress));
    }

    /** What is newer: what the page was loaded with, or what the server has told since. */
    get progress() {
        const { data, resId } = this.props.record;
        const isNewer = this.told.id === resId && this.told.row_done > data.row_done;
        return isNewer ? this.told : data;
    }

    get percent() {
        const { row_count, row_done } = this.progress;
        return row_count ? Math.floor((100 * row_done) / row_count) : 0;
    }

    get isRunning() {
        return this.progress.state === "running";
    }

    get rows() {
        const { row_count, row_done } = this.progress;
        return _t("%(done)s of %(count)s rows", {
            done: formatInteger(row_done),
            count: formatInteger(row_count),
        });
    }

    get speed() {
        return _t("%s rows a second", Math.round(this.progress.rate) || "< 1");
    }

    get remaining() {
        const { row_count, row_done, rate } = this.progress;
        const minutes = Math.ceil((row_count - row_done) / rate / 60);
        return minutes > 1 ? _t("about %s minutes left", minutes) : _t("about a minute left");
    }

    async onProgress(progress) {
        if (progress.id !== this.props.record.resId) {
            return;
        }
        Object.assign(this.told, progress);
        if (progress.state !== "running") {
            // It has ended: buttons, errors and values are others now.
            await this.props.record.load();
        }
    }
}

registry.category("fields").add("jewelry_import_progress", {
    component: ImportProgressField,
    supportedTypes: ["float"],
    fieldDependencies: [
        { name: "row_count", type: "integer" },
        { name: "row_done", type: "integer" },
        { name: "rate", type: "float" },
        { name: "state", type: "selection" },
    ],
});
