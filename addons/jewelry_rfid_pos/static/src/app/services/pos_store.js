import { patch } from "@web/core/utils/patch";
import { PosStore } from "@point_of_sale/app/services/pos_store";

const CHANNEL = "RFID_PAD";

/** What lies on the pad beside the register is on the order. */
patch(PosStore.prototype, {
    async initServerData() {
        // What lies there, and which of it was dealt with: put on an order, or told why not.
        this.pad = { isThere: false, isWatched: false, time: 0, pieceIds: [], known: new Set() };
        this.padWork = Promise.resolve();
        const result = await super.initServerData(...arguments);
        if (this.config._has_rfid_pad) {
            this.data.connectWebSocket(CHANNEL, (message) => this.takePad(message));
            window.addEventListener("pos-network-online", () => this.readPad());
            this.readPad();
        }
        return result;
    },

    /** Ask what lies on the pad: the bus may have told of it before the register heard. */
    async readPad() {
        const answer = await this.callRegister("read_pad");
        if (answer) {
            await this.takePad(answer);
        }
    },

    /** Take what the server says of the pad, unless something newer is known. */
    takePad({ piece_ids, is_watched, time }) {
        if (time >= this.pad.time) {
            Object.assign(this.pad, {
                isThere: true,
                isWatched: is_watched,
                time,
                pieceIds: piece_ids,
            });
        }
        return this.syncPad();
    },

    /** @returns {boolean} whether the order stays as it is, whatever happens on the pad */
    isPadPaused() {
        const order = this.getOrder();
        const isSelling = this.router.state.current === "ProductScreen";
        return !isSelling || Boolean(order?.finalized || order?.payment_ids.length);
    },

    /** Bring the order in line with the pad, one piece after the other. */
    syncPad() {
        this.padWork = this.padWork.then(() => this.followPad()).catch(() => {});
        return this.padWork;
    },

    async followPad() {
        await this.piecesReady;
        const lying = new Set(this.pad.pieceIds);
        for (const id of [...this.pad.known].filter((id) => !lying.has(id))) {
            if (this.isPadPaused()) {
                return;
            }
            this.pad.known.delete(id);
            this.takeOffPadLine(id);
        }
        for (const id of this.pad.pieceIds) {
            if (this.isPadPaused()) {
                return;
            }
            if (!this.pad.known.has(id)) {
                this.pad.known.add(id);
                await this.addFromPad(id);
            }
        }
    },

    /** Put a piece on the order as if it had been scanned, unless an order has it already. */
    async addFromPad(id) {
        if (this.getOpenLines().some((line) => line.getPieceId() === id)) {
            return;
        }
        const piece = this.pieces.get(id) || (await this.askForPiece(id));
        const line = piece && (await this.addPiece(piece));
        if (line?.uiState) {
            line.uiState.isFromPad = true;
        }
    },

    async askForPiece(id) {
        const answer = await this.callRegister("read_piece", id, this.getOrder()?.uuid || false);
        return answer ? this.takePieceAnswer(answer) : undefined;
    },

    /** Take off an order what the pad put there, unless somebody has changed it since. */
    takeOffPadLine(id) {
        const line = this.getOpenLines().find((other) => other.getPieceId() === id);
        if (line?.isOnlyOfPad()) {
            line.order_id.removeOrderline(line);
        }
    },
});
