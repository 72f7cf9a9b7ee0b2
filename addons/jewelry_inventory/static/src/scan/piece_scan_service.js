import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
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
 * a dialog that waits for an answer, keeps the scan.
 */
export const pieceScanService = {
    // After the handlers of core, which listen for ever and are no screen.
    dependencies: ["action", "barcode", "barcode_handlers", "notification", "orm", "ui"],

    start(env, { action, barcode, notification, orm, ui }) {
        barcode.bus.addEventListener("barcode_scanned", ({ detail }) => open(detail.barcode));
        const countScreens = countListeners(barcode.bus, "barcode_scanned");

        async function open(code) {
            const isTaken = countScreens() || ui.activeElement !== document;
            if (isTaken || COMMAND.test(code)) {
                return;
            }
            if (!(await user.hasGroup("jewelry_inventory.group_staff"))) {
                return;
            }
            const piece = await orm.call("stock.lot", "open_by_scan", [code]);
            if (piece) {
                await action.doAction(piece);
            } else {
                notification.add(_t("No piece is found by “%s”.", code), { type: "warning" });
            }
        }
    },
};

registry.category("services").add("jewelry_piece_scan", pieceScanService);
