/* global posmodel */
import { registry } from "@web/core/registry";
import * as Chrome from "@point_of_sale/../tests/pos/tours/utils/chrome_util";
import * as Dialog from "@point_of_sale/../tests/generic_helpers/dialog_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import { negate, run } from "@point_of_sale/../tests/generic_helpers/utils";
import * as Piece from "@jewelry_pos/../tests/tours/utils/piece_util";

const TERMS = ".modal:not(.o_inactive_modal):has(.o_jewelry_terms)";
const DIALOG = ".modal:not(.o_inactive_modal):has(.o_jewelry_layaway)";

/** @param {Object[]} [before] steps that change the order before a layaway is asked for */
function begin(number, before = []) {
    return [
        Piece.open(),
        ProductScreen.clickPartnerButton(),
        ProductScreen.clickCustomer("Client"),
        Piece.scan(number, number),
        Piece.isKept(),
        before,
        ProductScreen.clickControlButtonMore(),
        press(".modal .o_jewelry_layaway_button", "a layaway is asked for"),
    ].flat(Infinity);
}

function press(trigger, content) {
    return { content, trigger, run: "click", timeout: 30000 };
}

function schedule(text) {
    return {
        content: `the schedule says ${text}`,
        trigger: `${DIALOG} .o_jewelry_layaway_schedule:contains(${text})`,
        timeout: 30000,
    };
}

/** Go on to the terms, and sign them. */
function sign() {
    return [
        press(`${DIALOG} .o_jewelry_layaway_begin:enabled`, "the terms are agreed"),
        { trigger: `${TERMS} .o_jewelry_terms:contains(What you pay)`, timeout: 30000 },
        { trigger: `${TERMS} .o_jewelry_terms_sign:disabled` },
        press(`${TERMS} .o_web_sign_auto_button`, "the name is written"),
        press(`${TERMS} .o_jewelry_terms_sign:enabled`, "it is signed"),
        { trigger: negate(".o_jewelry_terms"), timeout: 60000 },
    ];
}

function payToTheEnd() {
    return [
        ...Piece.pay(),
        { trigger: ".receipt-screen .button.next[name='done']", timeout: 60000 },
    ];
}

registry.category("web_tour.tours").add("jewelry_pos_layaway_begin", {
    steps: () =>
        [
            begin("P-200"),
            schedule("1,000.00"),
            { trigger: `${DIALOG} li:contains(May be cancelled for nothing)` },
            sign(),
            Piece.lacksLine("P-200"),
            ProductScreen.totalAmountIs("1,000.00"),
            Piece.untilCatalogSays("P-200", ({ reason }) => /On layaway/.test(reason)),
            payToTheEnd(),
            {
                content: "the receipt tells what is left to pay",
                trigger: ".o_jewelry_deposit_summary:contains(Still to pay):contains(1,000.00)",
            },
            Chrome.endTour(),
        ].flat(),
});

registry.category("web_tour.tours").add("jewelry_pos_layaway_last", {
    steps: () =>
        [
            Piece.open(),
            ProductScreen.clickPartnerButton(),
            ProductScreen.clickCustomer("Client"),
            press(".o_jewelry_deposits_button", "the customer's deposits are looked up"),
            {
                content: "the layaway is told with its schedule",
                trigger:
                    ".modal .o_jewelry_deposit_chosen:has(.o_jewelry_layaway_state):contains(Open)",
                timeout: 30000,
            },
            press(".modal .o_jewelry_deposit_confirm:enabled", "all that is left is taken"),
            ProductScreen.totalAmountIs("1,000.00"),
            payToTheEnd(),
            Chrome.endTour(),
        ].flat(),
});

registry.category("web_tour.tours").add("jewelry_pos_special_order", {
    steps: () =>
        [
            begin("P-200"),
            schedule("1,000.00"),
            press(`${DIALOG} .o_jewelry_special_kind`, "it is a special order"),
            press(`${DIALOG} .o_jewelry_layaway_made`, "one like it is made"),
            { trigger: `${DIALOG} .o_jewelry_layaway_note`, run: "edit Size 54" },
            { trigger: `${DIALOG} select:contains(special_order)` },
            sign(),
            Piece.lacksLine("P-200"),
            ProductScreen.totalAmountIs("1,000.00"),
            Piece.untilCatalogSays("P-200", ({ reason }) => !reason),
            payToTheEnd(),
            Chrome.endTour(),
        ].flat(),
});

registry.category("web_tour.tours").add("jewelry_pos_layaway_refused", {
    steps: () =>
        [
            begin("P-200"),
            press(`${DIALOG} .o_jewelry_layaway_begin:enabled`, "the terms are agreed"),
            press(`${TERMS} .o_jewelry_terms_refuse:enabled`, "the customer refuses"),
            { trigger: negate(".o_jewelry_terms"), timeout: 60000 },
            Piece.lineHas("P-200"),
            Piece.untilCatalogSays("P-200", ({ reason }) => !reason),
            run(async () => {
                if (posmodel.getOrder().getBegunLayaway()) {
                    throw new Error("The order still knows of it");
                }
                await posmodel.readOpenLines();
            }, "the order is as it was"),
            payToTheEnd(),
            Chrome.endTour(),
        ].flat(),
});

registry.category("web_tour.tours").add("jewelry_pos_layaway_agreed", {
    steps: () =>
        [
            begin("P-200", [
                ProductScreen.clickNumpad("%", "5", "0"),
                ProductScreen.totalAmountIs("1,000.00"),
            ]),
            Dialog.is({ title: "A manager must agree" }),
            { trigger: "input#o_jewelry_price_reason", run: "edit An old client" },
            press("button.o_jewelry_price_agree", "the manager agrees"),
            schedule("500.00"),
            sign(),
            Piece.lacksLine("P-200"),
            ProductScreen.totalAmountIs("500.00"),
            payToTheEnd(),
            Chrome.endTour(),
        ].flat(),
});

registry.category("web_tour.tours").add("jewelry_pos_layaway_paper", {
    steps: () =>
        [
            begin("P-200"),
            press(`${DIALOG} .o_jewelry_layaway_begin:enabled`, "the terms are agreed"),
            {
                content: "the paper that was signed is photographed",
                trigger: `${TERMS} .o_jewelry_terms_paper`,
                timeout: 30000,
                async run({ anchor }) {
                    const picture = await (await fetch("/web/static/img/logo2.png")).blob();
                    const choice = new DataTransfer();
                    choice.items.add(new File([picture], "paper.png", { type: "image/png" }));
                    const input = anchor.querySelector("input");
                    input.files = choice.files;
                    input.dispatchEvent(new Event("change", { bubbles: true }));
                },
            },
            { trigger: negate(".o_jewelry_terms"), timeout: 60000 },
            Piece.lacksLine("P-200"),
            ProductScreen.totalAmountIs("1,000.00"),
            payToTheEnd(),
            Chrome.endTour(),
        ].flat(),
});

registry.category("web_tour.tours").add("jewelry_pos_layaway_paper_later", {
    steps: () =>
        [
            begin("P-200"),
            press(`${DIALOG} .o_jewelry_layaway_begin:enabled`, "the terms are agreed"),
            press(`${TERMS} .o_jewelry_terms_later:enabled`, "the paper is scanned later"),
            { trigger: negate(".o_jewelry_terms"), timeout: 60000 },
            Piece.lacksLine("P-200"),
            ProductScreen.totalAmountIs("1,000.00"),
            payToTheEnd(),
            Chrome.endTour(),
        ].flat(),
});
