import { _t } from "@web/core/l10n/translation";
import { Domain } from "@web/core/domain";
import { serializeDate, today } from "@web/core/l10n/dates";
import { SearchModel } from "@web/search/search_model";

/** What a piece is looked for by from–to. `toValue` turns a bound into a value of the field. */
export const RANGES = [
    { name: "carat", field: "carat_weight", label: _t("Carat"), icon: "fa-balance-scale" },
    { name: "price", field: "list_price", label: _t("Price"), icon: "fa-money" },
    {
        name: "age",
        field: "received_date",
        label: _t("Days in stock"),
        icon: "fa-clock-o",
        // The older the piece, the earlier its date: from and to change places.
        isReversed: true,
        toValue: (days) => serializeDate(today().minus({ days })),
    },
];

/** Adds ranges to the search panel, beside the sections that the view names. */
export class PieceSearchModel extends SearchModel {
    setup() {
        super.setup(...arguments);
        this.ranges = {};
    }

    /** @param {{ from?: number, to?: number }} bounds nothing for an open end */
    setRange(name, bounds) {
        this.ranges = { ...this.ranges, [name]: { ...this.ranges[name], ...bounds } };
        this._notify();
    }

    clearRanges() {
        this.ranges = {};
        this._notify();
    }

    get hasRanges() {
        return Object.values(this.ranges).some(({ from, to }) => isBound(from) || isBound(to));
    }

    exportState() {
        return { ...super.exportState(), ranges: this.ranges };
    }

    _importState(state) {
        super._importState(state);
        this.ranges = state.ranges || {};
    }

    _getSearchPanelDomain() {
        const ranges = RANGES.flatMap((range) => toLeaves(range, this.ranges[range.name]));
        return Domain.and([super._getSearchPanelDomain(), new Domain(ranges)]);
    }
}

function isBound(value) {
    return value !== undefined && value !== null;
}

/** Return the conditions of a range, as a domain's list. */
export function toLeaves({ field, isReversed, toValue = (value) => value }, bounds = {}) {
    const operators = isReversed ? { from: "<=", to: ">=" } : { from: ">=", to: "<=" };
    return Object.keys(operators)
        .filter((end) => isBound(bounds[end]))
        .map((end) => [field, operators[end], toValue(bounds[end])]);
}
