/* global posmodel */
import { registry } from "@web/core/registry";
import * as Chrome from "@point_of_sale/../tests/pos/tours/utils/chrome_util";
import * as Dialog from "@point_of_sale/../tests/generic_helpers/dialog_util";
import { inLeftSide } from "@point_of_sale/../tests/pos/tours/utils/common";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import * as Piece from "@jewelry_pos/../tests/tours/utils/piece_util";

registry.category("web_tour.tours").add("jewelry_pos_keyboard", {
    steps: () =>
        [
            Piece.open(),
            { trigger: ".o_jewelry_pieces_button", run: "click" },
            { trigger: ".o_jewelry_piece:eq(1)" },
            {
                content: "go down from the field to the first card",
                trigger: ".o_jewelry_piece_picker input[type=search]:focus",
                run: "press ArrowDown",
            },
            {
                content: "go on to the second card, which is the dearer one",
                trigger: ".o_jewelry_piece[data-number='P-100']:focus",
                run: "press ArrowRight",
            },
            {
                content: "and take it",
                trigger: ".o_jewelry_piece[data-number='P-200']:focus",
                run: "press Enter",
            },
            Piece.lineHas("P-200"),
            { trigger: ".o_jewelry_pieces_button", run: "click" },
            {
                content: "a part of a number leaves one piece, which Enter takes",
                trigger: ".o_jewelry_piece_picker input[type=search]:focus",
                run: "edit p-10",
            },
            { trigger: ".o_jewelry_count:contains(1 of)" },
            {
                trigger: ".o_jewelry_piece_picker input[type=search]",
                run: "press Enter",
            },
            Piece.lineHas("P-100"),
            Piece.expectThat("both are on the order", () => posmodel.getOrder().lines.length === 2),
            inLeftSide(ProductScreen.clickControlButton("Info")),
            {
                content: "the style has no price, each piece has its own",
                trigger: ".modal-body:not(:has(.section-financials)):contains(Pieces)",
            },
            { trigger: ".o_jewelry_info_pieces [data-number='P-100']:contains(300.00)" },
            { trigger: ".o_jewelry_info_pieces [data-number='P-200']:contains(2,000.00)" },
            Dialog.cancel(),
            Chrome.endTour(),
        ].flat(),
});
