/* global posmodel */
import { registry } from "@web/core/registry";
import * as Chrome from "@point_of_sale/../tests/pos/tours/utils/chrome_util";
import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import { run } from "@point_of_sale/../tests/generic_helpers/utils";
import * as Piece from "@jewelry_pos/../tests/tours/utils/piece_util";

/** Let something happen on the pad, and the register ask: no bus tells what a test has not committed. */
function onPad(name) {
    return [
        Piece.happens(name),
        run(() => posmodel.readPad(), `the register asks: ${name}`),
    ].flat();
}

function padSays(text) {
    return { content: `the pad says: ${text}`, trigger: `.o_jewelry_pad:contains(${text})` };
}

registry.category("web_tour.tours").add("jewelry_rfid_pos_pad", {
    steps: () =>
        [
            Piece.open(),
            padSays("Pad: empty"),
            onPad("lay"),
            Piece.lineHas("P-100"),
            Piece.lineHas("P-200"),
            padSays("Pad: 2 pieces"),
            onPad("take"),
            Piece.lacksLine("P-200"),
            ProductScreen.checkOrderlinesNumber(1),
            ProductScreen.clickPayButton(),
            PaymentScreen.clickPaymentMethod("Card"),
            // The customer lays another down, and takes the paid one, while the card is out.
            onPad("change"),
            Piece.expectThat("the order is as it was", () => {
                const numbers = posmodel.getOrder().lines.map((line) => line.getPieceNumber());
                return numbers.join() === "P-100";
            }),
            PaymentScreen.clickValidate(),
            Piece.isPaid(),
            {
                content: "go on to the next order",
                trigger: ".receipt-screen .button.next.highlight[name='done']",
                run: "click",
            },
            // What was laid down meanwhile is on the next order.
            Piece.lineHas("P-200"),
            Piece.lacksLine("P-100"),
            Chrome.endTour(),
        ].flat(),
});

/** The bell rings in a register as on any other screen. */
registry.category("web_tour.tours").add("jewelry_rfid_pos_alarm", {
    steps: () =>
        [
            Piece.open(),
            {
                content: "no bell as long as nothing is at the door",
                trigger: ".status-buttons:not(:has(.o_jewelry_alarm_bell))",
            },
            Piece.happens("carry_out"),
            run(() => posmodel.env.services.jewelry_rfid_alarm.refresh(), "the bell asks"),
            {
                content: "the card shows the piece and the door",
                trigger:
                    ".o_jewelry_alarm[data-piece='P-100']:contains('door of the test') button[name='answer']",
                run: "click",
            },
            {
                content: "say what it was about",
                trigger: ".modal [name='note'] input",
                run: "edit Shown in the daylight",
            },
            {
                content: "save the answer",
                trigger: ".modal footer button.btn-primary",
                run: "click",
            },
            {
                content: "the bell is gone, and the register where it was",
                trigger: ".status-buttons:not(:has(.o_jewelry_alarm_bell))",
            },
            ProductScreen.isShown(),
            Chrome.endTour(),
        ].flat(),
});
