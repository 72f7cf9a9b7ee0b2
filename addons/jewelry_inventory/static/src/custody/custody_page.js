import { Component, onWillStart, onWillUnmount, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { deserializeDateTime, formatDateTime } from "@web/core/l10n/dates";
import { formatInteger, formatMonetary } from "@web/views/fields/formatters";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { useService } from "@web/core/utils/hooks";
import { user } from "@web/core/user";

// The page asks again after so many milliseconds, while somebody looks at it.
const INTERVAL = 30_000;
const COLORS = { ok: "bg-success", near: "bg-warning", over: "bg-danger" };

/**
 * What is at risk in each place right now: a bar for each limit of the insurer, yellow from 90 %,
 * red above 100 %. A click shows the goods.
 */
export class CustodyPage extends Component {
    static template = "jewelry_inventory.CustodyPage";
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.state = useState({ page: null, period: undefined });
        const timer = browser.setInterval(() => this.refresh(), INTERVAL);
        onWillStart(() => this.load());
        onWillUnmount(() => browser.clearInterval(timer));
    }

    async load() {
        const args = this.state.period ? [this.state.period] : [];
        this.state.page = await this.orm.call("jewelry.custody.exposure", "get_page", args);
    }

    /** Ask again, without a spinner, unless nobody looks. */
    async refresh() {
        if (document.visibilityState === "visible") {
            const args = this.state.period ? [this.state.period] : [];
            const { silent } = this.orm;
            this.state.page = await silent.call("jewelry.custody.exposure", "get_page", args);
        }
    }

    async setPeriod(period) {
        this.state.period = period;
        await this.load();
    }

    money(amount) {
        const { currency_id: currencyId } = this.state.page;
        return formatMonetary(amount, { currencyId });
    }

    number(count) {
        return formatInteger(count);
    }

    get time() {
        return formatDateTime(deserializeDateTime(this.state.page.time));
    }

    get basis() {
        return this.state.page.basis === "cost" ? _t("costs") : _t("retail prices");
    }

    color(limit) {
        return COLORS[limit.level];
    }

    width(limit) {
        return limit.percent === null ? 100 : Math.min(limit.percent, 100);
    }

    percent(limit) {
        return limit.percent === null ? "" : `${limit.percent} %`;
    }

    async openGoods(placeId, role) {
        const args = [placeId, role];
        const action = await this.orm.call("jewelry.custody.exposure", "action_open_goods", args);
        await this.action.doAction(action);
    }

    openCases() {
        return this.action.doAction("jewelry_inventory.jewelry_case_opening_action");
    }

    openItems() {
        return this.action.doAction("jewelry_inventory.jewelry_case_item_action");
    }

    printShipments() {
        const additionalContext = { active_ids: [user.activeCompany.id] };
        return this.action.doAction("jewelry_inventory.jewelry_shipment_report", {
            additionalContext,
        });
    }

    get sheetUrl() {
        return `/jewelry/custody/shipments.xlsx?company_id=${user.activeCompany.id}`;
    }
}

registry.category("actions").add("jewelry_custody", CustodyPage);
