/* global posmodel */
/** A day at the counter: the manager opens it, the associate sells, the manager closes it. */
import { registry } from "@web/core/registry";
import * as Chrome from "@point_of_sale/../tests/pos/tours/utils/chrome_util";
import * as Dialog from "@point_of_sale/../tests/generic_helpers/dialog_util";
import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import * as ReceiptScreen from "@point_of_sale/../tests/pos/tours/utils/receipt_screen_util";
import { run, scan_barcode } from "@point_of_sale/../tests/generic_helpers/utils";
import * as Piece from "@jewelry_pos/../tests/tours/utils/piece_util";

/** Come to a register that is open already. */
function comeBack() {
    return [
        { trigger: ".screen-login .btn.open-register-btn", timeout: 60000 },
        Chrome.startPoS(),
        run(() => posmodel.piecesReady, "the catalog is there"),
    ].flat();
}

/** Sell a piece below its floor, as a manager may. */
function sellBelowFloor(number, digits, total) {
    return [
        Piece.scan(number, number),
        Piece.isKept(),
        ProductScreen.clickNumpad("%", ...digits),
        ProductScreen.totalAmountIs(total),
        ProductScreen.clickPayButton(false),
        Dialog.is({ title: "A manager must agree" }),
        { trigger: "input#o_jewelry_price_reason", run: "edit The window piece" },
        { trigger: "button.o_jewelry_price_agree", run: "click" },
        PaymentScreen.isShown(),
        PaymentScreen.clickPaymentMethod("Card"),
        PaymentScreen.clickValidate(),
        ReceiptScreen.clickNextOrder(),
    ].flat();
}

registry.category("web_tour.tours").add("jewelry_pos_day_opens", {
    steps: () =>
        [
            { trigger: ".screen-login .btn.open-register-btn", timeout: 60000 },
            Chrome.startPoS(),
            ProductScreen.enterOpeningAmount("200"),
            Dialog.confirm("Open Register"),
            run(() => posmodel.piecesReady, "the catalog is there"),
            Chrome.doCashMove("40", "Ribbon and boxes"),
            sellBelowFloor("P-300", "50", "500.00"),
            Chrome.endTour(),
        ].flat(),
});

registry.category("web_tour.tours").add("jewelry_pos_day_sells", {
    steps: () =>
        [
            comeBack(),
            ProductScreen.clickPartnerButton(),
            ProductScreen.clickCustomer("Client"),
            Piece.scan("P-100", "P-100"),
            Piece.scan("P-200", "P-200"),
            ProductScreen.totalAmountIs("2,300.00"),
            ProductScreen.clickPayButton(),
            // The customer pays a part with what is in the purse.
            PaymentScreen.clickPaymentMethod("Cash"),
            PaymentScreen.enterPaymentLineAmount("Cash", "800"),
            PaymentScreen.remainingIs("1,500.00"),
            PaymentScreen.clickPaymentMethod("Card"),
            PaymentScreen.clickValidate(),
            ReceiptScreen.clickNextOrder(),
            // The ring does not fit: it comes back, and its money is paid back in cash.
            scan_barcode("P-100"),
            Dialog.confirm("Take Back"),
            Piece.lineHas("P-100"),
            ProductScreen.clickPayButton(),
            PaymentScreen.clickPaymentMethod("Cash"),
            PaymentScreen.clickValidate(),
            ReceiptScreen.clickNextOrder(),
            // Another register was faster.
            Piece.scan("P-400", "P-400"),
            Piece.isKept(),
            Piece.isOvertaken(),
            Piece.pay(),
            {
                trigger: ".modal .modal-title:contains(P-400: do not hand it over yet)",
                timeout: 60000,
            },
            Dialog.confirm(),
            ReceiptScreen.clickNextOrder(),
            Chrome.endTour(),
        ].flat(),
});

registry.category("web_tour.tours").add("jewelry_pos_day_closes", {
    steps: () =>
        [
            comeBack(),
            Chrome.clickMenuOption("Close Register"),
            {
                content: "200 to begin with, 40 spent, 800 received, 300 paid back",
                trigger: ".close-pos-popup .modal-body:contains(660.00)",
            },
            { trigger: ".close-pos-popup .cash-input input", run: "edit 660" },
            {
                content: "the register is closed",
                trigger: ".close-pos-popup .modal-footer button:contains(Close Register)",
                run: "click",
                expectUnloadPage: true,
            },
        ].flat(),
});
