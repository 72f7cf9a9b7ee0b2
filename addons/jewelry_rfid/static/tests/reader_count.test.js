import { advanceTime, animationFrame, Deferred, tick } from "@odoo/hoot-mock";
import { describe, expect, queryAllTexts, test } from "@odoo/hoot";
import { contains, getService, mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { LiveRefresh } from "@jewelry_rfid/reader_count/live_refresh";
import { WebClient } from "@web/webclient/webclient";

describe.current.tags("desktop");
defineMailModels();

const counter = {
    id: 7,
    company_id: 1,
    name: "CT00007",
    state: "open",
    state_name: "Counting",
    is_by_readers: true,
    is_told: false,
    can_sign: true,
    started: "2026-01-15 10:00:00",
    time: "2026-01-15 10:00:10",
    read: 1200,
    unknown: 2,
    places: [{ id: 1, name: "Case A", read: 1200 }],
};
const ring = { id: 5, number: "P-5", title: "Ring", has_tag: true };
const manager = {
    ...counter,
    is_told: true,
    expected: 4,
    found: 2,
    missing: 2,
    misplaced: 1,
    unexpected: 0,
    untagged: 1,
    places: [{ id: 1, name: "Case A", read: 3, found: 2, expected: 4 }],
    pieces: {
        missing: [
            { ...ring, home: "Tray 1", place: "", zone: "Window" },
            { ...ring, id: 6, number: "P-6", home: "Case A", place: "", zone: "", has_tag: false },
        ],
        misplaced: [{ ...ring, id: 8, number: "P-8", home: "Window", place: "Case A", zone: "" }],
        unexpected: [],
    },
    numbers: [{ code: "3066AA", place: "Case A" }],
};

async function open(answer) {
    onRpc("jewelry.count", "get_live", answer);
    await mountWithCleanup(WebClient);
    const bus = getService("bus_service");
    const subscribe = bus.subscribe;
    const heard = {};
    bus.subscribe = (name, callback) => {
        heard[name] = callback;
        return subscribe.call(bus, name, callback);
    };
    await getService("action").doAction({
        type: "ir.actions.client",
        tag: "jewelry_rfid_count",
        params: { count_id: 7 },
    });
    await animationFrame();
    return heard.jewelry_rfid_count;
}

test("news are asked for at once, then at most once in an interval", async () => {
    let asked = 0;
    const refresh = new LiveRefresh(() => (asked += 1), 1_000);
    await refresh.notice();
    expect(asked).toBe(1);
    await refresh.notice();
    await refresh.notice();
    expect(asked).toBe(1);
    await advanceTime(1_000);
    expect(asked).toBe(2);
    await advanceTime(5_000);
    expect(asked).toBe(2);
});

test("news are not asked for twice at a time, however long the answer takes", async () => {
    const answer = new Deferred();
    let asked = 0;
    const refresh = new LiveRefresh(() => {
        asked += 1;
        return answer;
    }, 1_000);
    refresh.notice();
    refresh.notice();
    await advanceTime(5_000);
    expect(asked).toBe(1);
    answer.resolve();
    await tick();
    await advanceTime(1_000);
    expect(asked).toBe(2);
});

test("an answer that failed is asked for again with the next news, and never after the end", async () => {
    let asked = 0;
    const refresh = new LiveRefresh(() => {
        asked += 1;
        throw new Error("away");
    }, 1_000);
    await expect(refresh.notice()).rejects.toThrow("away");
    await advanceTime(1_000);
    await expect(refresh.notice()).rejects.toThrow("away");
    expect(asked).toBe(2);
    refresh.stop();
    await refresh.notice();
    expect(asked).toBe(2);
});

test("who counts sees how much was read, and nothing of what is expected", async () => {
    await open(() => counter);
    expect(".o_jewelry_reader_total").toHaveText(/1,200 pieces read/);
    expect(".o_jewelry_reader_total").toHaveText(/2 unknown tags/);
    expect("[data-place='Case A'] .o_jewelry_reader_figure").toHaveText("1,200");
    expect(".o_jewelry_reader_section").toHaveCount(0);
    expect(".progress").toHaveCount(0);
    expect("button[name=scan]").toHaveCount(1);
});

test("a manager sees what is missing, where it was seen, and what lies elsewhere", async () => {
    await open(() => manager);
    expect(".o_jewelry_reader_total .display-4").toHaveText("2 of 4");
    expect(".progress-bar").toHaveAttribute("aria-valuenow", "50");
    expect(queryAllTexts("[data-kind=missing] button")).toEqual([
        "P-5\nRing\nTray 1, seen at Window",
        "P-6\nRing\nCase A, no tag: scan it",
    ]);
    expect("[data-kind=misplaced] button").toHaveText(
        "P-8\nRing\nread in Case A, belongs in Window"
    );
    expect("[data-kind=unexpected] h4").toHaveCount(0);
    expect("[data-kind=unknown] li").toHaveText("3066AA Case A");
    expect("button[name=scan]").toHaveCount(0);
});

test("pieces that are not named are counted", async () => {
    await open(() => ({ ...manager, missing: 100 }));
    expect("[data-kind=missing] p").toHaveText("and 98 more");
});

test("a message of this count is followed by what it means, one of another is not", async () => {
    let asked = 0;
    const hear = await open(() => {
        asked += 1;
        return { ...counter, read: asked };
    });
    hear({ company_id: 1, counts: [{ id: 8, came: 3 }] });
    await animationFrame();
    expect(asked).toBe(1);
    hear({ company_id: 1, counts: [{ id: 7, came: 3 }] });
    await animationFrame();
    await animationFrame();
    expect(".o_jewelry_reader_total b").toHaveText("2");
});

test("to finish is to sign, and is asked first", async () => {
    onRpc("jewelry.count", "action_sign", ({ args }) => {
        expect.step(`sign ${args}`);
        return false;
    });
    await open(() => counter);
    await contains("button[name=finish]").click();
    expect(".modal-body").toHaveText(/have read 1,200 pieces/);
    await contains(".modal .btn-primary").click();
    expect.verifySteps(["sign 7"]);
});

test("a count that is closed has nothing to finish", async () => {
    await open(() => ({ ...counter, state: "counted", state_name: "Counted", can_sign: false }));
    expect("button[name=finish]").toHaveCount(0);
    expect("button[name=scan]").toHaveCount(0);
});
