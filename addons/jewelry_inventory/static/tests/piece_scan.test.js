import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { describe, expect, press, test } from "@odoo/hoot";
import { animationFrame } from "@odoo/hoot-mock";
import { Component, EventBus, xml } from "@odoo/owl";
import { useBus, useService } from "@web/core/utils/hooks";
import { Dialog } from "@web/core/dialog/dialog";
import {
    getService,
    makeMockEnv,
    mockService,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { countListeners } from "@jewelry_inventory/scan/piece_scan_service";
import { MainComponentsContainer } from "@web/core/main_components_container";

describe.current.tags("desktop");
defineMailModels();

const OPEN_PIECE = { type: "ir.actions.act_window", res_model: "stock.lot", res_id: 7 };

/** Start the services as somebody on the staff, or not, and note what scanning does. */
async function start({ isStaff = true, hasPiece = true } = {}) {
    onRpc("has_group", () => isStaff);
    onRpc("stock.lot", "open_by_scan", ({ args }) => {
        expect.step(`scan ${args[0]}`);
        return hasPiece && OPEN_PIECE;
    });
    mockService("action", { doAction: ({ res_id }) => expect.step(`open ${res_id}`) });
    mockService("notification", { add: (message, { type }) => expect.step(type) });
    await makeMockEnv();
}

async function scan(code) {
    for (const char of code) {
        await press(char);
    }
    await press("Enter");
    await animationFrame();
}

test("scanning a piece opens it", async () => {
    await start();
    await scan("P-000007");
    expect.verifySteps(["scan P-000007", "open 7"]);
});

test("a code of no piece is told", async () => {
    await start({ hasPiece: false });
    await scan("4711");
    expect.verifySteps(["scan 4711", "warning"]);
});

test("people outside the staff scan for themselves", async () => {
    await start({ isStaff: false });
    await scan("P-000007");
    expect.verifySteps([]);
});

test("core's own barcodes are left alone", async () => {
    await start();
    await scan("OBTDOIT");
    expect.verifySteps([]);
});

test("a screen that reads barcodes itself keeps the scan", async () => {
    class Screen extends Component {
        static template = xml`<div/>`;
        static props = ["*"];
        setup() {
            useBus(useService("barcode").bus, "barcode_scanned", () => expect.step("screen"));
        }
    }
    await start();
    const screen = await mountWithCleanup(Screen);
    await scan("P-000007");
    expect.verifySteps(["screen"]);
    screen.__owl__.app.destroy();
    await scan("P-000007");
    expect.verifySteps(["scan P-000007", "open 7"]);
});

test("a dialog that waits for an answer keeps the scan", async () => {
    class Question extends Component {
        static template = xml`<Dialog title="'?'">Really?</Dialog>`;
        static components = { Dialog };
        static props = ["*"];
    }
    await start();
    await mountWithCleanup(MainComponentsContainer);
    getService("dialog").add(Question);
    await animationFrame();
    await scan("P-000007");
    expect.verifySteps([]);
});

test("listeners are counted while they listen", () => {
    const bus = new EventBus();
    const count = countListeners(bus, "barcode_scanned");
    const listener = () => {};
    bus.addEventListener("other", listener);
    expect(count()).toBe(0);
    bus.addEventListener("barcode_scanned", listener);
    expect(count()).toBe(1);
    bus.removeEventListener("barcode_scanned", listener);
    expect(count()).toBe(0);
});
