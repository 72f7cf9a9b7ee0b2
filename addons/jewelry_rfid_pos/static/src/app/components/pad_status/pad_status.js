import { _t } from "@web/core/l10n/translation";
import { Component } from "@odoo/owl";
import { usePos } from "@point_of_sale/app/hooks/pos_hook";

/** What the pad beside the register does now. */
export class PadStatus extends Component {
    static template = "jewelry_rfid_pos.PadStatus";
    static props = {};

    setup() {
        this.pos = usePos();
    }

    get state() {
        const { isThere, isWatched, pieceIds } = this.pos.pad;
        if (!isThere || !isWatched) {
            return { style: "text-bg-secondary", text: _t("Pad: no reader is looking") };
        }
        if (this.pos.isPadPaused()) {
            return { style: "text-bg-warning", text: _t("Pad: waits for the payment") };
        }
        return pieceIds.length
            ? { style: "text-bg-success", text: _t("Pad: %s pieces", pieceIds.length) }
            : { style: "text-bg-light", text: _t("Pad: empty") };
    }
}
