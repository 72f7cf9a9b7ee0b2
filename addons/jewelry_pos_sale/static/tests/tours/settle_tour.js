/* global posmodel */
import { registry } from "@web/core/registry";
import * as Chrome from "@point_of_sale/../tests/pos/tours/utils/chrome_util";
import * as Dialog from "@point_of_sale/../tests/generic_helpers/dialog_util";
import * as Numpad from "@point_of_sale/../tests/generic_helpers/numpad_util";
import * as PosSale from "@pos_sale/../tests/tours/utils/pos_sale_utils";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import * as ReceiptScreen from "@point_of_sale/../tests/pos/tours/utils/receipt_screen_util";
import { run } from "@point_of_sale/../tests/generic_helpers/utils";
import {
    expectThat,
    lacksLine,
    lineHas,
    open,
    pay,
} from "@jewelry_pos/../tests/tours/utils/piece_util";

const SETTLE = "Settle the order";
const PERCENTAGE = "Apply a down payment (percentage)";
const AMOUNT = "Apply a down payment (fixed amount)";

/** Pay, and wait until the server has it: it confirms the order, and moves the piece. */
function payToTheEnd() {
    return [...pay(), { trigger: ".receipt-screen .button.next[name='done']", timeout: 60000 }];
}

/** Choose the first quotation of the list, and what to do with it. */
function choose(what) {
    return [
        ...PosSale.selectNthOrder(1),
        {
            content: what,
            trigger: `.modal:not(.o_inactive_modal) .selection-item:contains('${what}')`,
            run: "click",
        },
    ];
}

function payInAdvance(how, ...digits) {
    return [
        ...choose(how),
        ...digits.flatMap((digit) => Numpad.click(digit)),
        Dialog.confirm("Apply"),
    ];
}

function isRefused(text) {
    return [
        {
            content: `it is refused: ${text}`,
            trigger: `.modal .modal-body:contains(${text})`,
        },
        Dialog.confirm(),
    ];
}

registry.category("web_tour.tours").add("jewelry_pos_sale_settle", {
    steps: () =>
        [
            open(),
            choose(SETTLE),
            lineHas("P-200"),
            {
                content: "the line shows the piece",
                trigger: ".order-container .orderline .o_jewelry_photo",
            },
            ProductScreen.totalAmountIs("1,200.00"),
            expectThat("the register keeps the piece", () => posmodel.keptPieces.size === 1),
            choose(SETTLE),
            isRefused("It is on this order already"),
            run(() => {
                const partners = posmodel.models["res.partner"].filter(
                    (p) => p.name === "Stranger"
                );
                posmodel.getOrder().setPartner(partners[0]);
            }, "somebody else wants to pay"),
            ProductScreen.clickPayButton(false),
            isRefused("Choose them as the customer"),
            run(() => {
                const partners = posmodel.models["res.partner"].filter((p) => p.name === "Client");
                posmodel.getOrder().setPartner(partners[0]);
            }, "the client pays"),
            payToTheEnd(),
            {
                content: "the receipt tells the piece",
                trigger: ".pos-receipt .orderline:contains(P-200)",
            },
            Chrome.endTour(),
        ].flat(),
});

registry.category("web_tour.tours").add("jewelry_pos_sale_down_payment", {
    steps: () =>
        [
            open(),
            payInAdvance(PERCENTAGE, "2", "5"),
            ProductScreen.totalAmountIs("500.00"),
            lacksLine("P-200"),
            payToTheEnd(),
            ReceiptScreen.clickNextOrder(),
            payInAdvance(AMOUNT, "1", "0", "0"),
            ProductScreen.totalAmountIs("100.00"),
            payToTheEnd(),
            ReceiptScreen.clickNextOrder(),
            choose(SETTLE),
            lineHas("P-200"),
            ProductScreen.totalAmountIs("1,400.00"),
            payToTheEnd(),
            Chrome.endTour(),
        ].flat(),
});

registry.category("web_tour.tours").add("jewelry_pos_sale_refused", {
    steps: () =>
        [
            open(),
            choose(SETTLE),
            isRefused("P-200: At the bench"),
            lacksLine("P-200"),
            Chrome.endTour(),
        ].flat(),
});
