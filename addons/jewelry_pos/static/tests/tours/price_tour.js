/* global posmodel */
import { registry } from "@web/core/registry";
import * as Chrome from "@point_of_sale/../tests/pos/tours/utils/chrome_util";
import * as Dialog from "@point_of_sale/../tests/generic_helpers/dialog_util";
import * as Offline from "@point_of_sale/../tests/generic_helpers/offline_util";
import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import * as ReceiptScreen from "@point_of_sale/../tests/pos/tours/utils/receipt_screen_util";
import * as TicketScreen from "@point_of_sale/../tests/pos/tours/utils/ticket_screen_util";
import { run } from "@point_of_sale/../tests/generic_helpers/utils";

/** Open the register, and put a piece on the order. */
function openWithPiece(number) {
    return [
        Chrome.startPoS(),
        Dialog.confirm("Open Register"),
        run(() => posmodel.piecesReady, "the pieces are there"),
        addPiece(number),
    ].flat();
}

/** Wait until the server has told of each piece on the order, and so keeps it. */
async function untilKept() {
    const lines = posmodel.getOrder().lines;
    while (!lines.every((line) => line.uiState.pieceFacts)) {
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
}

function addPiece(number) {
    return [
        run(() => posmodel.addPiece(posmodel.pieces.find(number)), `take ${number}`),
        {
            content: `${number} is on the order`,
            trigger: `.order-container .lot-number:contains(${number})`,
        },
        run(untilKept, "the server has kept it"),
    ];
}

/** Give a discount, and wait until the order comes to what it leaves. */
function discount(digits, total) {
    return [
        ...ProductScreen.clickNumpad("%", ...digits),
        ...[ProductScreen.totalAmountIs(total)].flat(),
    ];
}

function giveReason(reason) {
    return {
        content: "say why",
        trigger: ".o_jewelry_price_agreement input#o_jewelry_price_reason",
        run: `edit ${reason}`,
    };
}

function payByCard() {
    return [PaymentScreen.clickPaymentMethod("Card"), PaymentScreen.clickValidate()].flat();
}

registry.category("web_tour.tours").add("jewelry_pos_manager_agrees", {
    steps: () =>
        [
            openWithPiece("P-200"),
            discount("50", "1,000.00"),
            ProductScreen.clickPayButton(false),
            Dialog.is({ title: "A manager must agree" }),
            {
                content: "no reason, no agreement",
                trigger: "button.o_jewelry_price_agree",
                run: "click",
            },
            {
                content: "it says so",
                trigger: ".o_jewelry_price_agreement .alert-danger:contains(Enter the reason)",
            },
            giveReason("An old client"),
            { trigger: "button.o_jewelry_price_agree", run: "click" },
            PaymentScreen.isShown(),
            payByCard(),
            ReceiptScreen.isShown(),
            Chrome.endTour(),
        ].flat(),
});

registry.category("web_tour.tours").add("jewelry_pos_manager_is_asked", {
    steps: () =>
        [
            openWithPiece("P-200"),
            discount("50", "1,000.00"),
            ProductScreen.clickPayButton(false),
            Dialog.is({ title: "A manager must agree" }),
            {
                content: "a cashier does not agree",
                trigger: ".modal-footer:not(:has(.o_jewelry_price_agree))",
            },
            giveReason("Second ring this year"),
            { trigger: "button.o_jewelry_price_ask", run: "click" },
            {
                content: "a manager was asked",
                trigger: ".o_jewelry_price_agreement .alert-info",
            },
            run(async () => {
                // The manager, elsewhere.
                await fetch("/jewelry_pos/test/approve", { method: "POST" });
            }, "the manager approves"),
            PaymentScreen.isShown(),
            payByCard(),
            ReceiptScreen.isShown(),
            Chrome.endTour(),
        ].flat(),
});

registry.category("web_tour.tours").add("jewelry_pos_price_offline", {
    steps: () =>
        [
            openWithPiece("P-200"),
            discount("10", "1,800.00"),
            Offline.setOfflineMode(),
            ProductScreen.clickPayButton(false),
            Dialog.is({ title: "The server cannot be reached" }),
            Dialog.confirm(),
            run(
                () => posmodel.getOrder().getSelectedOrderline().setDiscount(0),
                "take the discount off"
            ),
            ProductScreen.totalAmountIs("2,000.00"),
            ProductScreen.clickPayButton(),
            PaymentScreen.isShown(),
            Offline.setOnlineMode(),
            Chrome.endTour(),
        ].flat(),
});

registry.category("web_tour.tours").add("jewelry_pos_traffic", {
    steps: () =>
        [
            openWithPiece("P-200"),
            ProductScreen.addOrderline("Secret box", "2"),
            ProductScreen.clickControlButton("Info"),
            {
                content: "no cost, no margin",
                trigger: ".modal .section-financials:not(:contains(Cost)):not(:contains(Margin))",
            },
            Dialog.confirm("Close"),
            {
                content: "pick from the pictures",
                trigger: ".o_jewelry_pieces_button",
                run: "click",
            },
            { trigger: ".modal .o_jewelry_piece", run: () => {} },
            Dialog.cancel(),
            ProductScreen.clickPayButton(),
            payByCard(),
            ReceiptScreen.clickNextOrder(),
            ProductScreen.clickRefund(),
            TicketScreen.selectOrder("001"),
            ProductScreen.clickNumpad("1"),
            TicketScreen.confirmRefund(),
            PaymentScreen.isShown(),
            payByCard(),
            ReceiptScreen.clickNextOrder(),
            Chrome.clickMenuOption("Close Register"),
            {
                content: "the register is closed",
                trigger: ".close-pos-popup .modal-footer button:contains(Close Register)",
                run: "click",
                expectUnloadPage: true,
            },
        ].flat(),
});
