import { onWillStart } from "@odoo/owl";
import { patch } from "@web/core/utils/patch";
import { useTrackedAsync } from "@point_of_sale/app/hooks/hooks";
import { ReceiptScreen } from "@point_of_sale/app/screens/receipt_screen/receipt_screen";

patch(ReceiptScreen.prototype, {
    setup() {
        super.setup(...arguments);
        this.doGiftPrint = useTrackedAsync(() =>
            this.pos.printReceipt({ order: this.currentOrder, gift: true })
        );
        onWillStart(() => this.pos.loadReceiptFacts(this.currentOrder));
    },
});
