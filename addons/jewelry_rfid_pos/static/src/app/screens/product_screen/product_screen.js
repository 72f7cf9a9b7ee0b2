import { onMounted } from "@odoo/owl";
import { patch } from "@web/core/utils/patch";
import { ProductScreen } from "@point_of_sale/app/screens/product_screen/product_screen";
import { PadStatus } from "@jewelry_rfid_pos/app/components/pad_status/pad_status";

ProductScreen.components = { ...ProductScreen.components, PadStatus };

patch(ProductScreen.prototype, {
    setup() {
        super.setup(...arguments);
        // What happened on the pad while something else was on the screen.
        onMounted(() => this.pos.syncPad());
    },
});
