import { Component, onWillStart, useExternalListener, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { useBus, useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/**
 * A piece as the client may see it, over the whole screen. What it shows is what
 * `stock.lot.get_client_card` returns; the component adds nothing.
 */
export class PieceCard extends Component {
    static template = "jewelry_inventory.PieceCard";
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ card: null, photo: 0, showsPrice: true });
        useExternalListener(window, "keydown", this.onKeydown);
        // The client is looking: what is scanned now opens as a card as well.
        useBus(useService("barcode").bus, "barcode_scanned", this.onScan);
        onWillStart(() => this.load(this.pieceId));
    }

    get pieceId() {
        const { params, context } = this.props.action;
        return params?.piece_id || context?.active_id;
    }

    get photo() {
        return this.state.card.photos[this.state.photo];
    }

    async load(pieceId) {
        this.state.card = await this.orm.call("stock.lot", "get_client_card", [pieceId]);
        this.state.photo = 0;
    }

    async onScan({ detail }) {
        const piece = await this.orm.call("stock.lot", "open_by_scan", [detail.barcode]);
        if (piece) {
            await this.load(piece.res_id);
        }
    }

    onKeydown({ key }) {
        if (key === "Escape") {
            this.close();
        } else if (key === "ArrowRight") {
            this.turn(1);
        } else if (key === "ArrowLeft") {
            this.turn(-1);
        }
    }

    turn(step) {
        const count = this.state.card.photos.length;
        this.state.photo = count && (this.state.photo + step + count) % count;
    }

    togglePrice() {
        this.state.showsPrice = !this.state.showsPrice;
    }

    print() {
        browser.print();
    }

    close() {
        this.env.config.historyBack();
    }
}

registry.category("actions").add("jewelry_piece_card", PieceCard);
