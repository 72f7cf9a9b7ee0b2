import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { ConnectionLostError, rpc } from "@web/core/network/rpc";
import { ask, makeAwaitable } from "@point_of_sale/app/utils/make_awaitable_dialog";
import { NumberPopup } from "@point_of_sale/app/components/popups/number_popup/number_popup";
import { OrderReceipt } from "@point_of_sale/app/screens/receipt_screen/receipt/order_receipt";
import { AlertDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { logPosMessage } from "@point_of_sale/app/utils/pretty_console_log";
import { PosStore } from "@point_of_sale/app/services/pos_store";
import { debounce } from "@web/core/utils/timing";
import { getCodeCandidates } from "@jewelry_pos/app/utils/piece_code";
import { pieceCatalog } from "@jewelry_pos/app/services/piece_catalog";
import { PieceStore } from "@jewelry_pos/app/services/piece_store";
import { PiecePicker } from "@jewelry_pos/app/components/piece_picker/piece_picker";

// Milliseconds between a change of the catalog and its writing down on this device.
const SAVE_DELAY = 1000;
// Milliseconds in which messages of changes are answered by one question.
const REFRESH_DELAY = 300;
// Milliseconds between two looks whether a server that was away is back.
const PROBE_DELAY = 5000;
// Milliseconds between two tellings that an order is still open; see CLAIM_MINUTES of the server.
const HEARTBEAT = 10 * 60 * 1000;

/** The register sells pieces: it knows all of them, and takes this one, once. */
patch(PosStore.prototype, {
    async initServerData() {
        this.pieces = pieceCatalog;
        this.pieces.isOwnOrder = (uuid) => Boolean(this.getOrderOf(uuid));
        this.piecesVersion = 0;
        // Not awaited: the register opens meanwhile, and a scan waits for it.
        this.piecesReady = this.loadPieces();
        this.refreshPiecesSoon = debounce(() => this.refreshPieces(), REFRESH_DELAY);
        this.data.connectWebSocket("PIECES_CHANGED", this.refreshPiecesSoon);
        this.data.connectWebSocket("PIECES_CLAIMED", (claim) => this.takeClaim(claim));
        window.addEventListener("pos-network-online", () => this.returnOnline());
        const result = await super.initServerData(...arguments);
        await this.takePaidOrders();
        this.watchClaims();
        this.piecesReady.then(() => this.readOpenLines());
        return result;
    },

    /** After a time without the server: send, learn what changed, keep what open orders hold. */
    async returnOnline() {
        this.sendUnsynced();
        await this.takePaidOrders();
        await this.refreshPieces();
        await this.renewClaims();
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
            logPosMessage("PosStore", "loadPieces", "Pieces are not kept on this device", false, [
                error,
            ]);
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
            this.readOpenLines([...answer.columns.id, ...answer.gone]);
        } catch (error) {
            this.takeLostConnection(error);
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
            return this.takeLostConnection(error);
        }
    },

    /** Override: a page whose order only the server has is not loaded without it, another one is. */
    async handleUrlParams() {
        try {
            await super.handleUrlParams(...arguments);
        } catch (error) {
            this.takeLostConnection(error);
            const { page, params } = this.defaultPage;
            this.router.navigate(page, params);
        }
    },

    /** @throws {Error} what is no lost connection */
    takeLostConnection(error) {
        if (!(error instanceof ConnectionLostError)) {
            throw error;
        }
        this.watchServer();
    },

    /**
     * Look from time to time whether the server is back: core does so only where the device itself
     * has lost its network.
     */
    watchServer() {
        this.serverProbe ??= setInterval(() => this.probeServer(), PROBE_DELAY);
    },

    async probeServer() {
        try {
            await rpc("/pos/ping", {}, { silent: true });
        } catch {
            return;
        }
        clearInterval(this.serverProbe);
        this.serverProbe = undefined;
        window.dispatchEvent(new CustomEvent("pos-network-online"));
    },

    /** Let what is paid be sent with the next sync: core takes for sent what it has tried to send. */
    sendUnsynced() {
        const unsynced = this.models["pos.order"].filter((order) => order.isUnsyncedPaid);
        unsynced.forEach((order) => order._markDirty());
        this.addPendingOrder(unsynced.map((order) => order.id));
    },

    /**
     * Write paid orders to this device's disk now: core does it a while later, and a browser that
     * is killed before then has lost the money's order.
     */
    async keepPaidOrders() {
        if (!this.models["pos.order"].some((order) => order.isUnsyncedPaid)) {
            return;
        }
        try {
            await this.data.synchronizeLocalDataInIndexedDB();
        } catch (error) {
            // A device that keeps nothing can still sell while it reaches the server.
            logPosMessage("PosStore", "keepPaidOrders", "Orders are not kept here", false, [error]);
        }
    },

    /**
     * Override: what is paid is kept before it is sent, and the server is looked for once an order
     * could not be sent.
     */
    async syncAllOrders() {
        await this.keepPaidOrders();
        try {
            return await super.syncAllOrders(...arguments);
        } catch (error) {
            if (error instanceof ConnectionLostError) {
                this.watchServer();
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
        for (const candidate of getCodeCandidates(code, this.company.gs1_prefix)) {
            const known = this.pieces.find(candidate);
            if (known) {
                return known;
            }
        }
        if (this.models["product.product"].getBy("barcode", code)) {
            return undefined;
        }
        const answer = await this.callRegister("find_piece", code, this.getOrder()?.uuid || false);
        return answer ? this.takePieceAnswer(answer) : undefined;
    },

    /**
     * Take what the server says of one piece, and return the piece: as it is now, with its reason.
     * One that cannot be shown here, such as one that is sold, stays out of the catalog.
     */
    takePieceAnswer({ row, labels, prices, reason, is_shown, sale }) {
        if (is_shown) {
            const columns = Object.fromEntries(
                Object.entries({ ...row, prices }).map(([name, value]) => [name, [value]])
            );
            this.takePieces({ cursor: this.pieces.cursor, columns, labels });
        } else {
            this.forgetPieces([row.id]);
        }
        return { ...this.pieces.make({ ...row, prices }, labels), reason, sale };
    },

    forgetPieces(ids) {
        this.pieces.forget(ids);
        this.piecesVersion++;
        this.savePiecesSoon();
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
        if (problem && problem === piece.reason && (piece.sale || piece.can_ask)) {
            return piece.sale ? this.offerToTakeBack(piece) : this.offerToAsk(piece);
        }
        return problem ? this.refusePiece(piece, problem) : this.addPieceLine(piece);
    },

    /** Add the line of a piece that may be sold to the current order. */
    async addPieceLine(piece) {
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
            line.uiState.pieceId = piece.id;
            order.updateIsRefund();
            this.keptPieces.set(piece.id, order.uuid);
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
                other.isOfPiece(piece) &&
                other.order_id?.state !== "cancel" &&
                (!other.order_id?.finalized || (other.qty > 0 && !other.order_id.isSynced))
        );
        if (line) {
            return line.order_id === this.getOrder()
                ? _t("It is on this order already")
                : _t("It is on order %s of this register", line.order_id.getName());
        }
        return piece.reason;
    },

    refusePiece(piece, reason) {
        this.sound.play("error");
        this.dialog.add(AlertDialog, {
            title: _t("%s cannot be sold now", piece.name),
            body: reason,
        });
    },

    // Keeping for open orders

    /** Give back the piece of a line that goes, and tell from time to time what is kept. */
    watchClaims() {
        this.models["pos.order.line"].addEventListener("delete", () => this.releaseClaimsSoon());
        this.releaseClaimsSoon = debounce(() => this.releaseClaims(), REFRESH_DELAY);
        this.keptPieces = this.getOpenPieces();
        this.renewClaims();
        setInterval(() => this.renewClaims(), HEARTBEAT);
    },

    /** @returns {Map<number, string>} uuid of the open order, by the piece that is on it */
    getOpenPieces() {
        const kept = new Map();
        this.getOpenLines().forEach((line) => kept.set(line.getPieceId(), line.order_id.uuid));
        return kept;
    },

    /** @returns {Object[]} the lines of open orders that sell a piece */
    getOpenLines() {
        const orders = this.models?.["pos.order"]?.filter((order) => !order.finalized) || [];
        return orders
            .flatMap((order) => order.lines)
            .filter((line) => line.qty > 0 && line.getPieceId());
    },

    /** Give back what was on an open order of this device and is no longer. */
    async releaseClaims() {
        const open = this.getOpenPieces();
        const given = [...this.keptPieces].filter(([id]) => !open.has(id));
        this.keptPieces = open;
        const unsold = given.filter(([, uuid]) => !this.getOrderOf(uuid)?.finalized);
        for (const [uuid, entries] of Map.groupBy(unsold, ([, orderUuid]) => orderUuid)) {
            const ids = entries.map(([id]) => id);
            this.takeClaim({ piece_ids: ids, order_uuid: false });
            await this.callRegister("release_pieces", uuid, ids);
        }
    },

    getOrderOf(uuid) {
        return this.models?.["pos.order"]?.getBy("uuid", uuid);
    },

    takeClaim(claim) {
        this.pieces.takeClaim(claim);
        this.piecesVersion++;
    },

    /** Tell the server what the open orders hold, and the cashier what they have lost meanwhile. */
    async renewClaims() {
        await this.piecesReady;
        this.keptPieces = this.getOpenPieces();
        const orders = {};
        this.keptPieces.forEach((uuid, id) => (orders[uuid] ??= []).push(id));
        if (!this.keptPieces.size) {
            return;
        }
        const lost = await this.callRegister("renew_claims", orders);
        // What was known before the server went away is still true.
        for (const line of lost ? this.getOpenLines() : []) {
            const id = line.getPieceId();
            this.markLine(line, lost.find(({ piece_id }) => piece_id === id)?.reason);
        }
    },

    /** Override: an order that takes a piece back and sells another is no refund. */
    async preSyncAllOrders(orders) {
        orders.forEach((order) => order.updateIsRefund());
        return super.preSyncAllOrders(...arguments);
    },

    /** Override: what is sold is not sold again, and what could not be handed over is told. */
    async postSyncAllOrders(orders) {
        await super.postSyncAllOrders(...arguments);
        const paid = orders.filter((order) => ["paid", "done"].includes(order.state));
        const lines = paid.flatMap((order) => order.lines.filter((line) => line.qty > 0));
        this.forgetPieces(lines.map((line) => line.getPieceId()).filter(Boolean));
        const inConflict = paid.filter((order) => order.raw.conflict_count);
        if (inConflict.length) {
            await this.tellConflicts(inConflict);
        }
    },

    async tellConflicts(orders) {
        const conflicts = await this.callRegister(
            "read_conflicts",
            orders.map((order) => order.id)
        );
        for (const conflict of conflicts || []) {
            this.sound.play("error");
            this.dialog.add(AlertDialog, {
                title: _t("%s: do not hand it over yet", conflict.number),
                body: conflict.advice,
            });
        }
    },

    // Taking back

    /** Ask whether a sold piece comes back, and take it back at what was paid for it. */
    async offerToTakeBack(piece) {
        const { date, customer, order, line_uuid } = piece.sale;
        if (!line_uuid) {
            return this.takeBackUnknown(piece);
        }
        const values = { date, customer, order };
        const body = customer
            ? _t("Sold on %(date)s to %(customer)s by order %(order)s.", values)
            : _t("Sold on %(date)s by order %(order)s.", values);
        const agreed = await ask(this.dialog, {
            title: _t("Take %s back?", piece.name),
            body,
            confirmLabel: _t("Take Back"),
        });
        return agreed ? this.takeBack(piece) : undefined;
    },

    /**
     * Add the line that pays back what was paid for the piece, on the current order: its share of
     * a coupon or another line that took something off is not paid back.
     */
    async takeBack(piece) {
        await this.data.loadServerOrders([["id", "=", piece.sale.order_id]]);
        const sold = this.models["pos.order.line"].getBy("uuid", piece.sale.line_uuid);
        this.prepareReturn(sold.order_id);
        return this.addReturnLine(piece, {
            price_unit: this.currency.round(sold.price_unit * sold.order_id.getPriceShare()),
            discount: sold.discount,
            product_id: sold.product_id,
            tax_ids: sold.tax_ids.map((tax) => ["link", tax]),
            refunded_orderline_id: sold,
            price_type: "automatic",
        });
    },

    /** Let the current order, or one of its own, take back under the terms of what was sold. */
    prepareReturn(sale) {
        const current = this.getOrder() || this.addNewOrder();
        const isOther = current.fiscal_position_id?.id !== sale.fiscal_position_id?.id;
        const order = current.lines.length && isOther ? this.addNewOrder() : current;
        if (!order.lines.length) {
            if (sale.partner_id && !order.getPartner()) {
                order.setPartner(sale.partner_id);
            }
            order.fiscal_position_id = sale.fiscal_position_id;
        }
    },

    /** Take back what no register of the store sold: a manager says what is paid for it. */
    async takeBackUnknown(piece) {
        if (this.getCashier()._role !== "manager") {
            return this.refusePiece(
                piece,
                _t("It was not sold at a register. Ask a manager to take it back.")
            );
        }
        const product = await this.getPieceProduct(piece);
        const amount = await makeAwaitable(this.dialog, NumberPopup, {
            title: _t("Pay back for %s", piece.name),
            subtitle: _t("It was not sold at a register. Enter what the customer gets."),
            isValid: (value) => parseFloat(value) > 0,
        });
        return amount && product
            ? this.addReturnLine(piece, {
                  price_unit: parseFloat(amount),
                  product_id: product,
                  tax_ids: product.product_tmpl_id.taxes_id.map((tax) => ["link", tax]),
                  price_type: "manual",
              })
            : undefined;
    },

    addReturnLine(piece, values) {
        const order = this.getOrder() || this.addNewOrder();
        const line = this.models["pos.order.line"].create({
            qty: -1,
            order_id: order,
            pack_lot_ids: [["create", { lot_name: piece.name }]],
            ...values,
        });
        line.keepPieceFacts({ id: piece.id, name: piece.name, photo: piece.photo });
        order.updateIsRefund();
        order.selectOrderline(line);
        return line;
    },

    // Receipts

    /** Ask for what a receipt says of the order's pieces, where the register does not have it. */
    async loadReceiptFacts(order) {
        const lines = order.getPieceLines();
        if (!lines.length || !order.isSynced || lines.every((line) => line.uiState.isOnPaper)) {
            return;
        }
        const facts = (await this.callRegister("read_receipt_facts", order.id)) || {};
        for (const line of lines.filter((line) => facts[line.uuid])) {
            const { reports, ...others } = facts[line.uuid];
            line.keepPieceFacts({ ...others, reportList: reports });
            line.uiState.isOnPaper = true;
        }
    },

    /** Override: a receipt tells its pieces, and one for a gift no amount. */
    async printReceipt({ gift = false, ...options } = {}) {
        const order = options.order || this.getOrder();
        await this.loadReceiptFacts(order);
        return gift ? this.printGiftReceipt(order) : super.printReceipt(options);
    },

    async printGiftReceipt(order) {
        const props = { order, basic_receipt: true, gift_receipt: true };
        const result = await this.printer.print(OrderReceipt, props, this.printOptions);
        if (result?.warningCode) {
            this.displayPrinterWarning(result, _t("Receipt Printer"));
        }
        return result;
    },

    // Styles

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
