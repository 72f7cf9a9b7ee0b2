import { advanceTime, animationFrame } from "@odoo/hoot-mock";
import { beforeEach, describe, expect, queryAllTexts, test } from "@odoo/hoot";
import { contains, getService, mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import { getTrend, noteZone } from "@jewelry_rfid/find/signal";
import { WebClient } from "@web/webclient/webclient";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";

describe.current.tags("desktop");
defineMailModels();

let calls, hear, isFollowed;

beforeEach(() => {
    calls = [];
    isFollowed = true;
    onRpc("jewelry.rfid.watch", "start", ({ args }) => {
        calls.push(`start ${args[0]}`);
        return {
            lot_id: 5,
            number: "P-5",
            title: "Ring",
            present: true,
            minutes: 10,
            zones: [{ zone: "Case", time: "2026-01-15 10:00:00" }],
        };
    });
    onRpc("jewelry.rfid.watch", "renew", () => {
        calls.push("renew");
        return isFollowed;
    });
    onRpc("jewelry.rfid.watch", "stop", ({ args }) => {
        calls.push(`stop ${args[0]}`);
        return true;
    });
});

/** Open the meter as the button of the form does. */
async function open() {
    await mountWithCleanup(WebClient);
    const bus = getService("bus_service");
    const subscribe = bus.subscribe;
    bus.subscribe = (name, callback) => {
        if (name === "jewelry_rfid_signal") {
            hear = callback;
        }
        return subscribe.call(bus, name, callback);
    };
    await getService("action").doAction({
        type: "ir.actions.client",
        tag: "jewelry_rfid_find",
        name: "Find P-5",
        target: "new",
        params: { lot_id: 5 },
    });
    await animationFrame();
}

function reading(values) {
    return {
        zone: "Window",
        at: 1_000,
        time: "2026-01-15 10:00:01",
        level: 40,
        left: false,
        ...values,
    };
}

test("a signal rises, falls or stays against those just before it", () => {
    const levels = (...values) => values.map((level, index) => ({ level, at: index * 500 }));
    expect(getTrend(levels(40))).toBe(0);
    expect(getTrend(levels(40, 50, 60))).toBe(1);
    expect(getTrend(levels(60, 50, 40))).toBe(-1);
    expect(getTrend(levels(40, 42, 43))).toBe(0);
    expect(
        getTrend([
            { level: 10, at: 0 },
            { level: 90, at: 60_000 },
        ])
    ).toBe(0);
});

test("of the zones the last one stands first, each once", () => {
    const zones = [
        { zone: "A", time: "1" },
        { zone: "B", time: "0" },
    ];
    expect(noteZone(zones, { zone: "B", time: "2", level: 7 }, 5)).toEqual([
        { zone: "B", time: "2" },
        { zone: "A", time: "1" },
    ]);
    expect(noteZone(zones, { zone: "C", time: "2" }, 2).map(({ zone }) => zone)).toEqual([
        "C",
        "A",
    ]);
});

test("the meter tells how near the piece is, and whether one comes nearer", async () => {
    await open();
    expect(".o_jewelry_find").toHaveText(/No signal now/);
    hear({ lot_id: 5, readings: [reading(), reading({ at: 1_250, level: 80 })] });
    await animationFrame();
    expect(".o_jewelry_find_meter .display-3").toHaveText("80");
    expect(".o_jewelry_find_meter .fa-arrow-up").toHaveCount(1);
    expect(".o_jewelry_find_meter .progress-bar").toHaveClass("bg-success");
    expect(queryAllTexts(".o_jewelry_find_zones b")).toEqual(["Window", "Case"]);
    hear({ lot_id: 5, readings: [reading({ at: 1_500, level: 10 })] });
    await animationFrame();
    expect(".o_jewelry_find_meter .fa-arrow-down").toHaveCount(1);
    expect(".o_jewelry_find_meter .progress-bar").toHaveClass("bg-danger");
});

test("another piece moves no meter", async () => {
    await open();
    hear({ lot_id: 6, readings: [reading()] });
    await animationFrame();
    expect(".o_jewelry_find_meter .display-3").toHaveText("–");
});

test("a signal that is not heard any more is none", async () => {
    await open();
    hear({ lot_id: 5, readings: [reading()] });
    await advanceTime(3_000);
    await animationFrame();
    expect(".o_jewelry_find").toHaveText(/No signal now/);
    hear({ lot_id: 5, readings: [reading({ at: 9_000 }), reading({ at: 9_100, left: true })] });
    await animationFrame();
    expect(".o_jewelry_find").toHaveText(/No signal now/);
});

test("a reader that tells no strength tells the zone", async () => {
    await open();
    hear({ lot_id: 5, readings: [reading({ level: null })] });
    await animationFrame();
    expect(".o_jewelry_find_meter .display-3").toHaveText("–");
    expect(".o_jewelry_find_meter").toHaveText(/Window/);
});

test("the server is told that the window is open, and when it closes", async () => {
    await open();
    await advanceTime(30_000);
    await contains(".modal .btn-close").click();
    await animationFrame();
    await advanceTime(60_000);
    expect(calls).toEqual(["start 5", "renew", "stop 5"]);
});

test("after ten minutes one is asked whether one looks on", async () => {
    await open();
    isFollowed = false;
    await advanceTime(30_000);
    await animationFrame();
    expect(".o_jewelry_find .alert").toHaveText(/follow it no longer/);
    await contains(".o_jewelry_find button[name=again]").click();
    expect(".o_jewelry_find .alert").toHaveCount(0);
    expect(calls).toEqual(["start 5", "renew", "start 5"]);
});
