/* global posmodel */
import { registry } from "@web/core/registry";
import * as Chrome from "@point_of_sale/../tests/pos/tours/utils/chrome_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import * as Dialog from "@point_of_sale/../tests/generic_helpers/dialog_util";
import * as Notification from "@point_of_sale/../tests/generic_helpers/notification_util";
import { scan_barcode } from "@point_of_sale/../tests/generic_helpers/utils";
import * as Offline from "@point_of_sale/../tests/generic_helpers/offline_util";
import * as Piece from "@jewelry_pos/../tests/tours/utils/piece_util";

/** Scan one piece in each way in turn, each time into an empty order. */
function scanInEachWay(codes, number) {
    return codes.flatMap((code) => [
        ...Piece.scan(code, number),
        ...ProductScreen.clickNumpad("⌫", "⌫"),
        ...Piece.lacksLine(number),
    ]);
}

registry.category("web_tour.tours").add("jewelry_pos_scan", {
    steps: () =>
        [
            Piece.open(),
            scanInEachWay(
                [
                    "P-100",
                    "p-100",
                    "OLD-7",
                    "LASER 7",
                    "2141438171",
                    "21P-100",
                    "(01)09521234543213(21)P-100",
                    "]C10109521234543213" + "21P-100",
                    "urn:epc:id:sgtin:9521234.054321.P-100",
                    document.cookie.match(/passport=([^;]+)/)?.[1] || "P-100",
                ],
                "P-100"
            ),
            scan_barcode("NO-SUCH-PIECE"),
            Notification.has("Unknown code"),
            Chrome.endTour(),
        ].flat(),
});

registry.category("web_tour.tours").add("jewelry_pos_scan_refused", {
    steps: () =>
        [
            Piece.open(),
            Piece.scan("P-100", "P-100"),
            Piece.scanRefused("P-100", "It is on this order already"),
            Piece.scanRefused("P-RESERVED", "Reserved"),
            Piece.scanRefused("P-BENCH", "bench"),
            Piece.scanRefused("P-HOLD", "hold"),
            Piece.scanRefused("P-TAKEN", "In an open order at Register 2"),
            ProductScreen.checkOrderlinesNumber(1),
            Chrome.endTour(),
        ].flat(),
});

registry.category("web_tour.tours").add("jewelry_pos_claims", {
    steps: () =>
        [
            Piece.open(),
            Piece.scan("P-100", "P-100"),
            Piece.scan("P-200", "P-200"),
            ProductScreen.clickNumpad("⌫", "⌫"),
            Piece.lacksLine("P-200"),
            Piece.expectThat("the piece of the removed line is free", async () => {
                await posmodel.releaseClaims();
                const kept = await posmodel.data.call("pos.config", "load_piece_catalog", [
                    [posmodel.config.id],
                ]);
                const ids = kept.claims.flatMap((claim) => claim.piece_ids);
                return ids.length === 1 && ids[0] === posmodel.pieces.find("P-100").id;
            }),
            Chrome.endTour(),
        ].flat(),
});

registry.category("web_tour.tours").add("jewelry_pos_offline", {
    steps: () =>
        [
            Piece.open(),
            Offline.setOfflineMode(),
            Piece.scan("P-100", "P-100"),
            Piece.pay(),
            Dialog.confirm("Continue with limited functionality"),
            {
                content: "go on to the next order",
                trigger: ".receipt-screen .button.next.highlight[name='done']",
                run: "click",
            },
            Piece.scanRefused("P-100", "It is on order"),
            Piece.scan("(21)P-200", "P-200"),
            Offline.setOnlineMode(),
            Chrome.endTour(),
        ].flat(),
});
