import { patch } from "@web/core/utils/patch";
import { PosOrder } from "@point_of_sale/app/models/pos_order";

patch(PosOrder.prototype, {
    getDepositLines() {
        return this.lines.filter((line) => line.isDeposit());
    },

    /**
     * @returns {Object[]} each deposit of the order once: its number, what the order pays of it or
     *     gives back, and what is left to pay
     */
    getDepositSummary() {
        const rows = new Map();
        for (const line of this.getDepositLines()) {
            const row = rows.get(line.deposit_number) || { number: line.deposit_number, amount: 0 };
            row.amount += line.getDepositAmount();
            row.due = line.deposit_due;
            row.isHandedOver = Boolean(row.isHandedOver || line.is_handed_over);
            rows.set(row.number, row);
        }
        return [...rows.values()];
    },

    /** @returns {number} what the order pays of a deposit already */
    getDepositAmount(number) {
        const row = this.getDepositSummary().find((known) => known.number === number);
        return row ? row.amount : 0;
    },

    /** Override: a payment that is made of several lines goes as a whole. */
    removeOrderline(line) {
        const { deposit_number } = line;
        const result = super.removeOrderline(...arguments);
        for (const other of deposit_number ? [...this.lines] : []) {
            if (other.deposit_number === deposit_number) {
                super.removeOrderline(other);
            }
        }
        return result;
    },
});
