import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { click, describe, expect, press, test } from "@odoo/hoot";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";
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
import { ScanReader } from "@jewelry_inventory/scan/scan_reader";

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
    onRpc("stock.lot", "describe_unknown_scan", ({ args }) => `nothing has ${args[0]}`);
    mockService("action", { doAction: ({ res_id }) => expect.step(`open ${res_id}`) });
    mockService("notification", { add: (message, { type }) => expect.step(`${type}: ${message}`) });
    await makeMockEnv();
}

/** Type as a scanner does. In a box the letters come out small: no Shift is pressed here. */
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
    expect.verifySteps(["scan 4711", "warning: nothing has 4711"]);
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

/** A box to type into; tell when it gets the key that ends a search. */
class Box extends Component {
    static template = xml`<input t-att-class="props.class" t-on-keydown="onKeydown"/>`;
    static props = ["*"];
    onKeydown({ key }) {
        if (key === "Enter") {
            expect.step("enter");
        }
    }
}

async function startIn(className, options) {
    await start(options);
    await mountWithCleanup(Box, { props: { class: className } });
    await click("input");
}

test("a piece scanned into a search box is opened", async () => {
    await startIn("o_searchview_input");
    await scan("P-000007");
    expect.verifySteps(["scan P-000007", "open 7"]);
});

test("a code of no piece is searched for", async () => {
    await startIn("o_searchview_input", { hasPiece: false });
    await scan("4006381333931");
    expect.verifySteps(["scan 4006381333931", "enter"]);
    expect("input").toHaveValue("4006381333931");
});

test("people outside the staff search for what they scan", async () => {
    await startIn("o_searchview_input", { isStaff: false });
    await scan("P-000007");
    expect.verifySteps(["enter"]);
});

test("what a person types into a search box is searched for", async () => {
    await startIn("o_searchview_input");
    for (const char of "ring") {
        await press(char);
        await advanceTime(120);
    }
    await press("Enter");
    expect.verifySteps(["enter"]);
});

test("a scan into a field is what the field is filled with", async () => {
    await startIn("o_input");
    await scan("P-000007");
    expect.verifySteps(["enter"]);
    expect("input").toHaveValue("p-000007");
});

test("a scanner is known by its pace", () => {
    const type = (keys, pause, last = pause) => {
        const reader = new ScanReader();
        let time = 1000;
        [...keys].forEach((key) => reader.read(key, (time += pause)));
        return reader.read("Enter", time + last);
    };
    expect(type("P-7", 0)).toBe("P-7");
    expect(type("P-000007", 50)).toBe("P-000007");
    expect(type("P-000007", 51)).toBe("");
    expect(type("P-000007", 10, 400)).toBe("");
    expect(type("P7", 0)).toBe("");
    expect(type(["Shift", "P", "Shift", "-", "7"], 5)).toBe("P-7");
});

test("a scan after something typed is the scan alone", () => {
    const reader = new ScanReader();
    reader.read("x", 1000);
    [..."P-7"].forEach((key, place) => reader.read(key, 2000 + place));
    expect(reader.read("Enter", 2004)).toBe("P-7");
    expect(reader.read("Enter", 2005)).toBe("");
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
