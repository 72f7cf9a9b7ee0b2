/* global posmodel */
import { registry } from "@web/core/registry";
import * as Chrome from "@point_of_sale/../tests/pos/tours/utils/chrome_util";
import * as Dialog from "@point_of_sale/../tests/generic_helpers/dialog_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import * as ReceiptScreen from "@point_of_sale/../tests/pos/tours/utils/receipt_screen_util";
import { negate, run, scan_barcode } from "@point_of_sale/../tests/generic_helpers/utils";
import * as Piece from "@jewelry_pos/../tests/tours/utils/piece_util";

/** Keep what is printed, because no printer stands beside a test. */
function catchPaper() {
    return run(() => {
        window.papers = [];
        posmodel.printer.print = async (component, props) => {
            const paper = await posmodel.env.services.renderer.toHtml(component, props);
            window.papers.push(paper.textContent);
            return true;
        };
    }, "what is printed is kept");
}

registry.category("web_tour.tours").add("jewelry_pos_receipt", {
    steps: () =>
        [
            Piece.open(),
            catchPaper(),
            Piece.scan("P-100", "P-100"),
            Piece.pay(),
            ...["P-100", "GIA", "2141438171", "Two years.", "Passport of P-100", "300.00"].map(
                (text) => ({ trigger: `.pos-receipt:contains(${text})` })
            ),
            { trigger: ".pos-receipt .o_jewelry_passport img[src^='data:image']" },
            { trigger: ".o_jewelry_gift_button", run: "click" },
            Piece.expectThat("the gift receipt tells the piece and no amount", async () => {
                while (!window.papers.length) {
                    await new Promise((resolve) => setTimeout(resolve, 50));
                }
                const text = window.papers[0];
                return (
                    ["Gift Receipt", "P-100", "2141438171", "Two years."].every((word) =>
                        text.includes(word)
                    ) && !/300|\$|Total|Card|invoice/.test(text)
                );
            }),
            ReceiptScreen.clickNextOrder(),
            ProductScreen.isShown(),
            Chrome.endTour(),
        ].flat(),
});

registry.category("web_tour.tours").add("jewelry_pos_exchange", {
    steps: () =>
        [
            Piece.open(),
            scan_barcode("P-100"),
            { trigger: ".modal .modal-body:contains(to Client by order)" },
            Dialog.confirm("Take Back"),
            Piece.lineHas("P-100"),
            Piece.expectThat("it only takes back", () => posmodel.getOrder().isRefund),
            Piece.scanRefused("P-100", "It is on this order already"),
            Piece.scan("P-200", "P-200"),
            ProductScreen.checkOrderlinesNumber(2),
            ProductScreen.checkTotalAmount("1,700.00"),
            Piece.expectThat("it is an exchange", () => !posmodel.getOrder().isRefund),
            Piece.pay(),
            ReceiptScreen.isShown(),
            Chrome.endTour(),
        ].flat(),
});

registry.category("web_tour.tours").add("jewelry_pos_unknown_sale", {
    steps: () =>
        [
            Piece.open(),
            Piece.scanRefused("P-100", "Ask a manager"),
            ProductScreen.orderIsEmpty(),
            Chrome.endTour(),
        ].flat(),
});

registry.category("web_tour.tours").add("jewelry_pos_customer", {
    steps: () =>
        [
            Piece.open(),
            ProductScreen.clickPartnerButton(),
            ProductScreen.clickCustomer("Client"),
            { trigger: ".o_jewelry_customer:contains(Paid and not handed over)" },
            { trigger: negate(".o_jewelry_customer:contains(Bought before)") },
            { trigger: ".o_jewelry_customer button", run: "click" },
            { trigger: ".o_jewelry_customer:contains(Bought before):contains(P-200)" },
            Chrome.endTour(),
        ].flat(),
});

registry.category("web_tour.tours").add("jewelry_pos_conflict", {
    steps: () =>
        [
            Piece.open(),
            Piece.scan("P-100", "P-100"),
            Piece.isKept(),
            Piece.isOvertaken(),
            Piece.pay(),
            {
                trigger: ".modal .modal-title:contains(P-100: do not hand it over yet)",
                timeout: 60000,
            },
            { trigger: ".modal .modal-body:contains(call a manager)" },
            Dialog.confirm(),
            ReceiptScreen.isShown(),
            Chrome.endTour(),
        ].flat(),
});
