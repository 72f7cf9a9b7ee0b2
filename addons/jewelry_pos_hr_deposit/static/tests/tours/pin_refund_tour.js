/* global posmodel */
import { registry } from "@web/core/registry";
import * as Chrome from "@point_of_sale/../tests/pos/tours/utils/chrome_util";
import * as Dialog from "@point_of_sale/../tests/generic_helpers/dialog_util";
import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import * as PosHr from "@pos_hr/../tests/tours/utils/pos_hr_helpers";
import { run } from "@point_of_sale/../tests/generic_helpers/utils";
import { isPaid } from "@jewelry_pos/../tests/tours/utils/piece_util";

const DIALOG = ".o_jewelry_deposit_dialog";

function giveBackByPin(pin) {
    return [
        { trigger: `${DIALOG} #o_jewelry_deposit_pin`, run: `edit ${pin}` },
        { trigger: `${DIALOG} .o_jewelry_deposit_confirm:enabled`, run: "click" },
    ];
}

registry.category("web_tour.tours").add("jewelry_pos_hr_deposit_pin", {
    steps: () =>
        [
            Chrome.clickBtn("Unlock Register"),
            PosHr.login("jewelry_associate"),
            run(() => {
                const partner = posmodel.models["res.partner"].find((p) => p.name === "Client");
                posmodel.getOrder().setPartner(partner);
            }, "the customer is Client"),
            { trigger: ".o_jewelry_deposits_button:visible", run: "click" },
            { trigger: `${DIALOG} .o_jewelry_deposit_give`, run: "click" },
            { trigger: `${DIALOG} #o_jewelry_deposit_amount`, run: "edit 200" },
            { trigger: `${DIALOG} #o_jewelry_deposit_reason`, run: "edit Ill" },
            { trigger: `${DIALOG} .o_jewelry_deposit_problem:contains(types the PIN)` },
            giveBackByPin("0000"),
            { trigger: ".modal-body:contains(This is not the PIN)" },
            Dialog.confirm(),
            giveBackByPin("4711"),
            { trigger: `body:not(:has(${DIALOG}))`, timeout: 30000 },
            ProductScreen.totalAmountIs("-200.00"),
            ProductScreen.clickPayButton(),
            PaymentScreen.clickPaymentMethod("Cash"),
            PaymentScreen.clickValidate(),
            isPaid(),
            Chrome.endTour(),
        ].flat(),
});
