import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { ConnectionLostError } from "@web/core/network/rpc";
import { AlertDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { PosStore } from "@point_of_sale/app/services/pos_store";
import { pieceCatalog } from "@jewelry_pos/app/services/piece_catalog";
import { PieceStore } from "@jewelry_pos/app/services/piece_store";
import { PiecePicker } from "@jewelry_pos/app/components/piece_picker/piece_picker";

// Milliseconds between a change of the catalog and its writing down on this device.
const SAVE_DELAY = 1000;

/** The register sells pieces: it knows all of them, and takes this one, once. */
patch(PosStore.prototype, {
    async initServerData() {
        this.pieces = pieceCatalog;
        this.piecesVersion = 0;
        // Not awaited: the register opens meanwhile, and a scan waits for it.
        this.piecesReady = this.loadPieces();
        const refresh = () => this.refreshPieces();
        this.data.connectWebSocket("PIECES_CHANGED", refresh);
        window.addEventListener("pos-network-online", refresh);
        return super.initServerData(...arguments);
    },

    // Loading

    async loadPieces() {
        this.pieceStore = new PieceStore(`jewelry-${this.data.databaseName}`);
        try {
            await this.pieceStore.open();
            const kept = await this.pieceStore.load();
            if (kept) {
                this.takePieces(kept);
            }
        } catch (error) {
            // Without a database of its own the device asks for everything each time.
            console.warn("Pieces are not kept on this device", error);
        }
        await this.refreshPieces();
    },

    /** Ask for the pieces that changed since the last time; stay with what is known if offline. */
    async refreshPieces() {
        try {
            const answer = await this.data.orm.silent.call("pos.config", "load_piece_catalog", [
                [odoo.pos_config_id],
                this.pieces.cursor,
            ]);
            this.takePieces(answer);
            this.savePiecesSoon();
        } catch (error) {
            if (!(error instanceof ConnectionLostError)) {
                throw error;
            }
        }
    },

    /** Take pieces into the catalog, and let what shows them be drawn anew. */
    takePieces(answer) {
        this.pieces.apply(answer);
        this.piecesVersion++;
    },

    savePiecesSoon() {
        clearTimeout(this.savePiecesTimer);
        this.savePiecesTimer = setTimeout(() => this.savePieces(), SAVE_DELAY);
    },

    async savePieces() {
        if (this.pieceStore.db) {
            await this.pieceStore.save(this.pieces.dump());
        }
    },

    // Asking the server

    /**
     * Call a method of the register, unless it cannot be reached.
     *
     * @returns {Promise<any|undefined>} undefined while offline
     */
    async callRegister(method, ...args) {
        if (this.data.network.offline) {
            return undefined;
        }
        try {
            return await this.data.orm.silent.call("pos.config", method, [
                [odoo.pos_config_id],
                ...args,
            ]);
        } catch (error) {
            if (error instanceof ConnectionLostError) {
                return undefined;
            }
            throw error;
        }
    },

    // Finding

    /**
     * @param {string} code what the scanner read
     * @returns {Promise<Object|undefined>} the piece that it names
     */
    async findPiece(code) {
        await this.piecesReady;
        const known = this.pieces.find(code);
        if (known || this.models["product.product"].getBy("barcode", code)) {
            return known;
        }
        const answer = await this.callRegister("find_piece", code);
        return answer ? this.takePieceAnswer(answer) : undefined;
    },

    /** Take what the server says of one piece into the catalog, and return the piece. */
    takePieceAnswer({ row, labels, prices }) {
        const columns = Object.fromEntries(
            Object.entries({ ...row, prices }).map(([name, value]) => [name, [value]])
        );
        this.takePieces({ cursor: this.pieces.cursor, columns, labels });
        return this.pieces.get(row.id);
    },

    async pickPiece(productId) {
        await this.piecesReady;
        this.dialog.add(PiecePicker, {
            productId,
            getPayload: (piece) => this.addPiece(piece),
        });
    },

    // Taking

    /**
     * Add a piece to the current order, or say why that cannot be.
     *
     * @returns {Promise<Object|undefined>} the line
     */
    async addPiece(piece) {
        const problem = this.getPieceProblem(piece);
        if (problem) {
            return this.refusePiece(piece, problem);
        }
        const product = await this.getPieceProduct(piece);
        if (!product) {
            return this.refusePiece(piece, _t("Its style is not for sale at this register"));
        }
        const order = this.getOrder() || this.addNewOrder();
        const line = await this.addLineToOrder(
            { product_id: product, product_tmpl_id: product.product_tmpl_id },
            order,
            { code: { type: "lot", code: piece.name } },
            false
        );
        if (line) {
            this.confirmPiece(piece, line);
        }
        return line;
    },

    /** Ask the server whether the piece is free, keep it for the order, and correct the line. */
    async confirmPiece(piece, line) {
        const order = line.order_id;
        const answer = await this.callRegister("claim_piece", piece.id, order.uuid);
        if (!answer || !order.lines.includes(line)) {
            return;
        }
        const current = this.takePieceAnswer(answer);
        if (answer.reason) {
            order.removeOrderline(line);
            this.refusePiece(current, answer.reason);
            return;
        }
        line.setPieceFacts(answer);
    },

    /** @returns {string|false} why this device may not sell the piece, as far as it knows */
    getPieceProblem(piece) {
        const line = this.models["pos.order.line"].find(
            (other) =>
                other.getPieceId() === piece.id &&
                other.qty > 0 &&
                other.order_id?.state !== "cancel" &&
                !(other.order_id?.isSynced && other.order_id.finalized)
        );
        if (line) {
            return line.order_id === this.getOrder()
                ? _t("It is on this order already")
                : _t("It is on order %s of this register", line.order_id.getName());
        }
        return piece.reason;
    },

    refusePiece(piece, reason) {
        this.sound?.play?.("error");
        this.dialog.add(AlertDialog, {
            title: _t("%s cannot be sold now", piece.name),
            body: reason,
        });
    },

    async getPieceProduct(piece) {
        const product = this.models["product.product"].get(piece.product_id);
        if (product || this.data.network.offline) {
            return product;
        }
        await this.loadNewProducts([["product_variant_ids", "in", [piece.product_id]]]);
        return this.models["product.product"].get(piece.product_id);
    },

    // Lines

    /** Override: the numbers of pieces are picked from those there are, never typed anew. */
    async editLots(product, packLotLinesToEdit) {
        if (!product.product_tmpl_id.isPiece()) {
            return super.editLots(...arguments);
        }
        this.pickPiece(product.id);
        return null;
    },

    /** Override: a line of a piece costs what the piece does. */
    handlePriceUnit(values, order, priceUnit) {
        super.handlePriceUnit(...arguments);
        const number = values.pack_lot_ids?.[0]?.[1]?.lot_name;
        const piece = number && this.pieces.findOfStyle(values.product_id.id, number);
        if (piece && priceUnit === undefined) {
            values.price_unit = values.product_id.getPiecePrice(piece, order.pricelist_id);
        }
    },
});
