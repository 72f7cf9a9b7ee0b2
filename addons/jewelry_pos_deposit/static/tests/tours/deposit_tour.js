/* global posmodel */
import { registry } from "@web/core/registry";
import * as Chrome from "@point_of_sale/../tests/pos/tours/utils/chrome_util";
import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import { run, scan_barcode } from "@point_of_sale/../tests/generic_helpers/utils";
import { expectThat, isPaid, open, pay } from "@jewelry_pos/../tests/tours/utils/piece_util";

const DIALOG = ".o_jewelry_deposit_dialog";

function chooseCustomer(name) {
    return run(() => {
        const partner = posmodel.models["res.partner"].find((p) => p.name === name);
        posmodel.getOrder().setPartner(partner);
    }, `the customer is ${name}`);
}

function openDeposits() {
    return { trigger: ".o_jewelry_deposits_button:visible", run: "click" };
}

function says(text) {
    return { content: text, trigger: `${DIALOG}:contains(${text})`, timeout: 30000 };
}

function type(amount) {
    return { trigger: `${DIALOG} #o_jewelry_deposit_amount`, run: `edit ${amount}` };
}

function confirm() {
    return [
        { trigger: `${DIALOG} .o_jewelry_deposit_confirm:enabled`, run: "click" },
        { trigger: `body:not(:has(${DIALOG}))`, timeout: 30000 },
    ];
}

function receiptSays(text) {
    return { trigger: `.pos-receipt .o_jewelry_deposit_summary:contains(${text})` };
}

registry.category("web_tour.tours").add("jewelry_pos_deposit_instalment", {
    steps: () =>
        [
            open(),
            openDeposits(),
            says("D-TOUR"),
            { trigger: `${DIALOG} input[type=search]`, run: "edit D-TOUR" },
            says("P-200"),
            says("1,500.00"),
            type("2000.01"),
            { trigger: `${DIALOG} .o_jewelry_deposit_problem:contains(at most)` },
            { trigger: `${DIALOG} .o_jewelry_deposit_confirm:disabled` },
            type("500"),
            confirm(),
            ProductScreen.totalAmountIs("500.00"),
            { trigger: ".o_jewelry_deposit_left:contains(1,500.00)" },
            expectThat("the order is the client's", () => {
                return posmodel.getOrder().getPartner().name === "Client";
            }),
            pay(),
            isPaid(),
            receiptSays("Still to pay"),
            receiptSays("1,500.00"),
            Chrome.endTour(),
        ].flat(),
});

registry.category("web_tour.tours").add("jewelry_pos_deposit_last", {
    steps: () =>
        [
            open(),
            // A scan of the number opens it.
            scan_barcode("D2099/00001"),
            says("P-200"),
            type("1500"),
            { trigger: `${DIALOG} #o_jewelry_deposit_hand_over:checked` },
            confirm(),
            { trigger: ".orderline:contains(Handed over once it is paid)" },
            pay(),
            isPaid(),
            receiptSays("0.00"),
            Chrome.endTour(),
        ].flat(),
});

registry.category("web_tour.tours").add("jewelry_pos_deposit_give_back", {
    steps: () =>
        [
            open(),
            chooseCustomer("Client"),
            openDeposits(),
            says("Give back"),
            { trigger: `${DIALOG} .o_jewelry_deposit_give`, run: "click" },
            { trigger: `${DIALOG} .o_jewelry_deposit_confirm:disabled` },
            { trigger: `${DIALOG} #o_jewelry_deposit_reason`, run: "edit Card is closed" },
            type("200"),
            confirm(),
            ProductScreen.totalAmountIs("-200.00"),
            ProductScreen.clickPayButton(),
            PaymentScreen.clickPaymentMethod("Cash"),
            PaymentScreen.clickValidate(),
            isPaid(),
            receiptSays("Given back of"),
            Chrome.endTour(),
        ].flat(),
});

registry.category("web_tour.tours").add("jewelry_pos_deposit_associate", {
    steps: () =>
        [
            open(),
            chooseCustomer("Client"),
            openDeposits(),
            says("D-TOUR"),
            {
                content: "an associate gives nothing back",
                trigger: `${DIALOG}:not(:has(.o_jewelry_deposit_give))`,
            },
            Chrome.endTour(),
        ].flat(),
});
