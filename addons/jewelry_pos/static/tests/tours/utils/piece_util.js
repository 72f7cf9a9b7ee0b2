/* global posmodel */
/** Steps that the tours of pieces share. */

import * as Chrome from "@point_of_sale/../tests/pos/tours/utils/chrome_util";
import * as Dialog from "@point_of_sale/../tests/generic_helpers/dialog_util";
import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import { run, scan_barcode } from "@point_of_sale/../tests/generic_helpers/utils";

/** Open the register, and wait for its catalog. */
export function open() {
    return [
        // The register loads its data first.
        { trigger: ".screen-login .btn.open-register-btn", timeout: 60000 },
        Chrome.startPoS(),
        Dialog.confirm("Open Register"),
        run(async () => {
            await posmodel.piecesReady;
            // Each sound is written down, because no test hears it.
            window.sounds = [];
            posmodel.sound.play = (name) => window.sounds.push(name);
        }, "the catalog is there"),
    ].flat();
}

export function lineHas(number) {
    return [
        {
            content: `the order has ${number}`,
            trigger: `.order-container .orderline:has(.lot-number:contains(${number}))`,
            // The server may be asked.
            timeout: 30000,
        },
    ];
}

/** Wait until the server has said that the order may have the piece of the selected line. */
export function isKept() {
    return run(async () => {
        while (!posmodel.getOrder().getSelectedOrderline().uiState.pieceFacts) {
            await new Promise((resolve) => setTimeout(resolve, 50));
        }
    }, "the piece is kept for the order");
}

export function lacksLine(number) {
    return [
        {
            content: `the order does not have ${number}`,
            trigger: `body:not(:has(.order-container .lot-number:contains(${number})))`,
        },
    ];
}

/** Scan a code that puts a piece on the order. */
export function scan(code, number) {
    return [...scan_barcode(code), ...lineHas(number)];
}

/** Scan a code of a piece that cannot be sold, and read why. */
export function scanRefused(code, reason) {
    return [
        ...scan_barcode(code),
        {
            content: `it is refused: ${reason}`,
            trigger: `.modal .modal-body:contains(${reason})`,
        },
        run(() => {
            if (window.sounds.pop() !== "error") {
                throw new Error("The refusal is not heard");
            }
        }, "it is heard"),
        Dialog.confirm(),
    ].flat();
}

/** Pay the current order, all of it by card. */
export function pay() {
    return [
        ProductScreen.clickPayButton(),
        PaymentScreen.clickPaymentMethod("Card"),
        PaymentScreen.clickValidate(),
    ].flat();
}

/** Let another register's order, that of the test's cookie, reach the server just before ours. */
export function isOvertaken() {
    return run(() => {
        const orm = posmodel.data.orm;
        const call = orm.call;
        orm.call = async function (model, method, ...rest) {
            if (method === "sync_from_ui") {
                orm.call = call;
                const rival = decodeURIComponent(document.cookie.match(/rival=([^;]+)/)[1]);
                await orm.call(model, method, [[JSON.parse(rival)]]);
            }
            return call.call(orm, model, method, ...rest);
        };
    }, "another register is faster");
}

export function expectThat(content, test) {
    return run(async () => {
        if (!(await test())) {
            throw new Error(`Not so: ${content}`);
        }
    }, content);
}

/** Let something happen elsewhere; the test says what. */
export function happens(name) {
    return run(async () => {
        const answer = await fetch(`/jewelry_pos/test/${name}`);
        if (!answer.ok) {
            throw new Error(`Nothing happens: ${name}`);
        }
        // The bus tells a new client nothing that is older than a minute, as the transaction of a
        // test may be.
        await posmodel.refreshPieces();
    }, `elsewhere: ${name}`);
}

/** Wait until the register has heard of what became of a piece. */
export function untilCatalogSays(number, test) {
    return run(async () => {
        while (!test(posmodel.pieces.find(number) || {})) {
            await posmodel.refreshPieces();
            await new Promise((resolve) => setTimeout(resolve, 50));
        }
    }, `the catalog knows what became of ${number}`);
}

/** Wait for the receipt: a busy server takes its time to keep an order. */
export function isPaid() {
    return { trigger: ".receipt-screen", timeout: 60000 };
}
