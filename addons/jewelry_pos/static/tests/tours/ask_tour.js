import { registry } from "@web/core/registry";
import * as Chrome from "@point_of_sale/../tests/pos/tours/utils/chrome_util";
import * as Dialog from "@point_of_sale/../tests/generic_helpers/dialog_util";
import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import { negate, scan_barcode } from "@point_of_sale/../tests/generic_helpers/utils";
import * as Piece from "@jewelry_pos/../tests/tours/utils/piece_util";

/** Find a piece of another shop in the picker, and ask for it. */
function askFor(number) {
    const card = `.o_jewelry_piece[data-number='${number}']`;
    return [
        { trigger: ".o_jewelry_pieces_button", run: "click" },
        { trigger: `.modal ${negate(card, ".o_jewelry_pieces")}` },
        { trigger: ".modal select[data-filter='available']", run: "select shops" },
        { trigger: `${card}:contains(At Shop 2):has(.o_jewelry_ask)`, run: "click" },
        { trigger: ".modal .modal-body:contains(At Shop 2)" },
        Dialog.confirm("Ask for it"),
        Piece.lineHas(number),
    ].flat();
}

function isAsked(text) {
    return { trigger: `.orderline .o_jewelry_request:contains(${text})`, timeout: 30000 };
}

registry.category("web_tour.tours").add("jewelry_pos_ask", {
    steps: () =>
        [
            Piece.open(),
            askFor("P-300"),
            isAsked("Asked for at Shop 2"),
            // Given up, it is there for others.
            ProductScreen.clickNumpad("⌫", "⌫"),
            Piece.lacksLine("P-300"),
            Piece.untilCatalogSays("P-300", (piece) => piece.can_ask),
            scan_barcode("P-300"),
            { trigger: ".modal .modal-title:contains(Ask for P-300?)" },
            Dialog.confirm("Ask for it"),
            Piece.lineHas("P-300"),
            isAsked("Asked for at Shop 2"),
            Piece.happens("send"),
            isAsked("On its way from Shop 2"),
            ProductScreen.clickPartnerButton(),
            ProductScreen.clickCustomer("Client"),
            ProductScreen.clickPayButton(false),
            { trigger: ".modal .modal-title:contains(When is P-300 handed over?)" },
            Dialog.confirm("Confirm"),
            PaymentScreen.isShown(),
            PaymentScreen.clickPaymentMethod("Card"),
            PaymentScreen.clickValidate(),
            Piece.isPaid(),
            Chrome.endTour(),
        ].flat(),
});
