/* global posmodel */
import { registry } from "@web/core/registry";
import * as Chrome from "@point_of_sale/../tests/pos/tours/utils/chrome_util";
import * as Dialog from "@point_of_sale/../tests/generic_helpers/dialog_util";
import * as PosLoyalty from "@pos_loyalty/../tests/tours/utils/pos_loyalty_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import { run } from "@point_of_sale/../tests/generic_helpers/utils";
import { isKept, lineHas, open, pay } from "@jewelry_pos/../tests/tours/utils/piece_util";

function take(number) {
    return [
        run(() => posmodel.addPiece(posmodel.pieces.find(number)), `take ${number}`),
        ...lineHas(number),
        isKept(),
    ];
}

/** Read in the customer's panel what they have on a card. */
function tellsCredit(label, value) {
    return {
        content: `the customer has ${value} on ${label}`,
        trigger: `.o_jewelry_customer div:has(span:contains(${label})) span:contains(${value})`,
    };
}

registry.category("web_tour.tours").add("jewelry_pos_loyalty_gift_card_and_points", {
    steps: () =>
        [
            open(),
            ProductScreen.clickPartnerButton(),
            ProductScreen.clickCustomer("Client"),
            tellsCredit("Wallet", "120.00"),
            take("P-200"),
            take("P-30"),
            ProductScreen.totalAmountIs("2,300.00"),
            PosLoyalty.claimReward("60 on your order"),
            ProductScreen.totalAmountIs("2,240.00"),
            PosLoyalty.enterCode("CARD500"),
            // No order of this register sold the card: core asks.
            Dialog.is({ title: "Unpaid gift card" }),
            Dialog.confirm(),
            ProductScreen.totalAmountIs("1,740.00"),
            pay(),
            { trigger: ".receipt-screen .button.next[name='done']", timeout: 60000 },
            Chrome.endTour(),
        ].flat(),
});

registry.category("web_tour.tours").add("jewelry_pos_loyalty_giveaway", {
    steps: () =>
        [
            open(),
            take("P-30"),
            PosLoyalty.enterCode("ALLFREE"),
            ProductScreen.totalAmountIs("0.00"),
            ProductScreen.clickPayButton(false),
            Dialog.is({ title: "A manager must agree" }),
            {
                content: "it says why",
                trigger: ".o_jewelry_price_agreement li:contains(P-30 is below its lowest price)",
            },
            {
                content: "a cashier does not agree",
                trigger: ".modal-footer:not(:has(.o_jewelry_price_agree))",
            },
            {
                content: "back to the order",
                trigger: ".modal-footer button:contains(Back to the order)",
                run: "click",
            },
            ProductScreen.isShown(),
            Chrome.endTour(),
        ].flat(),
});
