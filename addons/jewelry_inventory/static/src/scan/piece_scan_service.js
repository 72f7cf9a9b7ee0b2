import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { ScanReader } from "./scan_reader";
import { user } from "@web/core/user";

// What core's own barcodes on paper begin with: buttons and commands.
const COMMAND = /^O(BT|CD)/;

/**
 * Count who listens to an event of a bus from now on.
 *
 * @returns {() => number} how many there are now
 */
export function countListeners(bus, type) {
    const listeners = new Set();
    const { addEventListener, removeEventListener } = bus;
    bus.addEventListener = function (name, listener) {
        if (name === type) {
            listeners.add(listener);
        }
        return addEventListener.apply(this, arguments);
    };
    bus.removeEventListener = function (name, listener) {
        if (name === type) {
            listeners.delete(listener);
        }
        return removeEventListener.apply(this, arguments);
    };
    return () => listeners.size;
}

/**
 * Scanning a piece anywhere in the back office opens it. A screen that reads barcodes itself, or
 * a dialog that waits for an answer, keeps the scan; so does a field that is being filled in.
 */
export const pieceScanService = {
    // After the handlers of core, which listen for ever and are no screen.
    dependencies: ["action", "barcode", "barcode_handlers", "notification", "orm", "ui"],

    start(env, { action, barcode, notification, orm, ui }) {
        barcode.bus.addEventListener("barcode_scanned", ({ detail }) => onScan(detail.barcode));
        const countScreens = countListeners(barcode.bus, "barcode_scanned");
        const reader = new ScanReader();
        browser.addEventListener("keydown", onKeydown, { capture: true });

        /** Tell whether a scan is meant for what is on the screen, or for core. */
        function isTaken(code) {
            return countScreens() || ui.activeElement !== document || COMMAND.test(code);
        }

        /**
         * @param {string} code
         * @returns {Promise<boolean|undefined>} whether a piece was opened; nothing for people who
         * have no pieces
         */
        async function open(code) {
            if (!(await user.hasGroup("jewelry_inventory.group_staff"))) {
                return;
            }
            const piece = await orm.call("stock.lot", "open_by_scan", [code]);
            if (piece) {
                await action.doAction(piece);
            }
            return Boolean(piece);
        }

        async function onScan(code) {
            if (!isTaken(code) && (await open(code)) === false) {
                const text = await orm.call("stock.lot", "describe_unknown_scan", [code]);
                notification.add(text, { type: "warning" });
            }
        }

        /**
         * Most screens begin with the focus in the search box, where core leaves a scan to be
         * typed. The code of a piece opens it there, too; any other is searched for.
         */
        async function onKeydown(ev) {
            if (!ev.target.matches?.(".o_searchview_input")) {
                return;
            }
            const code = reader.read(ev.key, Date.now());
            if (!code || isTaken(code)) {
                return;
            }
            ev.preventDefault();
            ev.stopPropagation();
            if (!(await open(code))) {
                const enter = { key: "Enter", bubbles: true, cancelable: true };
                ev.target.dispatchEvent(new KeyboardEvent("keydown", enter));
            }
        }
    },
};

registry.category("services").add("jewelry_piece_scan", pieceScanService);
