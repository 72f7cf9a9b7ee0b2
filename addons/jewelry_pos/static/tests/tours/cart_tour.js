/* global posmodel */
import { registry } from "@web/core/registry";
import * as Chrome from "@point_of_sale/../tests/pos/tours/utils/chrome_util";
import * as Dialog from "@point_of_sale/../tests/generic_helpers/dialog_util";
import * as Notification from "@point_of_sale/../tests/generic_helpers/notification_util";
import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import { negate, run, scan_barcode } from "@point_of_sale/../tests/generic_helpers/utils";
import * as Piece from "@jewelry_pos/../tests/tours/utils/piece_util";

// Milliseconds, longer than core takes a press for a short one.
const LONG_PRESS = 700;

/** A line of the order tells something of its piece. */
function lineTells(number, kind, text) {
    const line = `.orderline:has(.lot-number:contains(${number}))`;
    return { trigger: `${line} .o_jewelry_${kind}:contains(${text})`, timeout: 30000 };
}

registry.category("web_tour.tours").add("jewelry_pos_cart", {
    steps: () =>
        [
            Piece.open(),
            Piece.scan("P-100", "P-100"),
            Piece.isKept(),
            Piece.scan("P-200", "P-200"),
            Piece.isKept(),
            Piece.happens("reprice"),
            lineTells("P-100", "news", "Its price was"),
            ProductScreen.checkTotalAmount("2,350.00"),
            Piece.happens("renumber"),
            lineTells("P-101", "news", "Its number was P-100"),
            Piece.happens("bench"),
            lineTells("P-200", "lost", "At the bench"),
            Notification.has("At the bench"),
            ProductScreen.clickPayButton(false),
            { trigger: ".modal .modal-body:contains(P-200: At the bench)" },
            Dialog.confirm("Take off the order"),
            Piece.lacksLine("P-200"),
            ProductScreen.checkTotalAmount("350.00"),
            Piece.pay(),
            Piece.isPaid(),
            Chrome.endTour(),
        ].flat(),
});

registry.category("web_tour.tours").add("jewelry_pos_wedge", {
    steps: () =>
        [
            Piece.open(),
            { trigger: ".o_jewelry_pieces_button", run: "click" },
            {
                content: "scan into the field of the picker, whatever the label says",
                trigger: ".o_jewelry_piece_picker input[type=search]:focus",
                run: "edit 21P-100",
            },
            { trigger: ".o_jewelry_count:contains(0 of)" },
            { trigger: ".o_jewelry_piece_picker input[type=search]", run: "press Enter" },
            Piece.lineHas("P-100"),
            { trigger: ".o_jewelry_pieces_button", run: "click" },
            { trigger: ".o_jewelry_piece" },
            run(() => document.activeElement.blur(), "no field has the focus"),
            Piece.scan("P-200", "P-200"),
            { trigger: negate(".modal") },
            ProductScreen.clickPayButton(),
            PaymentScreen.clickPaymentMethod("Cash"),
            scan_barcode("P-300"),
            Notification.has("Go back to it to add P-300"),
            Piece.expectThat("a scan is no amount", () => {
                const order = posmodel.getOrder();
                return order.lines.length === 2 && order.payment_ids[0].amount === 2300;
            }),
            PaymentScreen.clickValidate(),
            Piece.isPaid(),
            scan_barcode("P-300"),
            Piece.lineHas("P-300"),
            ProductScreen.checkOrderlinesNumber(1),
            Chrome.endTour(),
        ].flat(),
});

registry.category("web_tour.tours").add("jewelry_pos_long_press", {
    steps: () =>
        [
            Piece.open(),
            Piece.scan("P-100", "P-100"),
            {
                trigger: ".order-container .orderline:has(.lot-number:contains(P-100))",
                run: async ({ anchor }) => {
                    anchor.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true }));
                    await new Promise((resolve) => setTimeout(resolve, LONG_PRESS));
                    anchor.dispatchEvent(new PointerEvent("pointerup", { bubbles: true }));
                },
            },
            Piece.lineHas("P-100"),
            ProductScreen.checkTotalAmount("300.00"),
            Chrome.endTour(),
        ].flat(),
});

registry.category("web_tour.tours").add("jewelry_pos_phone", {
    steps: () =>
        [
            Piece.open(),
            {
                content: "the button beside the products",
                trigger: ".switchpane .o_jewelry_pieces_button",
                run: "click",
            },
            { trigger: ".o_jewelry_piece[data-number='P-100']", run: "click" },
            { trigger: ".switchpane .review-button", run: "click" },
            Piece.lineHas("P-100"),
            {
                content: "and the one below the order",
                trigger: ".actionpad .o_jewelry_pieces_button",
                run: "click",
            },
            { trigger: ".o_jewelry_piece[data-number='P-200']", run: "click" },
            Piece.lineHas("P-200"),
            Chrome.endTour(),
        ].flat(),
});
