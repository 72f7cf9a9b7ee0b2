import { SearchPanel } from "@web/search/search_panel/search_panel";
import { RANGES } from "./piece_search_model";

/** The search panel of pieces: ranges above the sections of the view. */
export class PieceSearchPanel extends SearchPanel {
    static template = "jewelry_inventory.PieceSearchPanel";

    get ranges() {
        const { ranges } = this.env.searchModel;
        return RANGES.map((range) => ({ ...range, ...ranges[range.name] }));
    }

    /** @param {"from"|"to"} end */
    setBound(name, end, ev) {
        const value = ev.target.valueAsNumber;
        this.env.searchModel.setRange(name, { [end]: Number.isNaN(value) ? null : value });
    }

    clearRanges() {
        this.env.searchModel.clearRanges();
    }
}
