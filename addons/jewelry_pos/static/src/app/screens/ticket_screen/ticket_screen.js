import { patch } from "@web/core/utils/patch";
import { useTrackedAsync } from "@point_of_sale/app/hooks/hooks";
import { TicketScreen } from "@point_of_sale/app/screens/ticket_screen/ticket_screen";

patch(TicketScreen.prototype, {
    setup() {
        super.setup(...arguments);
        this.doGiftPrint = useTrackedAsync((order) => this.pos.printReceipt({ order, gift: true }));
    },
});
