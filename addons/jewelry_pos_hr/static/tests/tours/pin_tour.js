/* global posmodel */
import { registry } from "@web/core/registry";
import * as Chrome from "@point_of_sale/../tests/pos/tours/utils/chrome_util";
import * as Dialog from "@point_of_sale/../tests/generic_helpers/dialog_util";
import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import * as ReceiptScreen from "@point_of_sale/../tests/pos/tours/utils/receipt_screen_util";
import * as SelectionPopup from "@point_of_sale/../tests/generic_helpers/selection_popup_util";
import * as PosHr from "@pos_hr/../tests/tours/utils/pos_hr_helpers";
import { run } from "@point_of_sale/../tests/generic_helpers/utils";

function typePin(pin) {
    return [
        { trigger: "input#o_jewelry_price_pin", run: `edit ${pin}` },
        { trigger: "button.o_jewelry_price_pin_agree", run: "click" },
    ];
}

registry.category("web_tour.tours").add("jewelry_pos_hr_pin", {
    steps: () =>
        [
            Chrome.clickBtn("Open Register"),
            PosHr.clickLoginButton(),
            SelectionPopup.has("jewelry_associate", { run: "click" }),
            Dialog.confirm("Open Register"),
            run(async () => {
                await posmodel.piecesReady;
                await posmodel.addPiece(posmodel.pieces.find("P-200"));
            }, "take the piece"),
            { trigger: ".order-container .lot-number:contains(P-200)" },
            ProductScreen.clickNumpad("%", "5", "0"),
            ProductScreen.totalAmountIs("1,000.00"),
            ProductScreen.clickPayButton(false),
            Dialog.is({ title: "A manager must agree" }),
            {
                trigger: "input#o_jewelry_price_reason",
                run: "edit An old client",
            },
            typePin("0000"),
            { trigger: ".o_jewelry_price_agreement .alert-danger:contains(This is not the PIN)" },
            typePin("4711"),
            PaymentScreen.isShown(),
            PaymentScreen.clickPaymentMethod("Card"),
            PaymentScreen.clickValidate(),
            ReceiptScreen.isShown(),
            Chrome.endTour(),
        ].flat(),
});
