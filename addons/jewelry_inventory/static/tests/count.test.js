import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { beforeEach, click, describe, edit, expect, press, test } from "@odoo/hoot";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";
import { CountQueue, makeUuid } from "@jewelry_inventory/count/count_queue";
import { getService, mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import { browser } from "@web/core/browser/browser";
import { ConnectionLostError } from "@web/core/network/rpc";
import { CountScreen } from "@jewelry_inventory/count/count_screen";
import { CountTally } from "@jewelry_inventory/count/count_tally";
import { MainComponentsContainer } from "@web/core/main_components_container";
import { user } from "@web/core/user";

describe.current.tags("desktop");
defineMailModels();

const PLACES = [
    { id: 1, name: "Case", barcode: "CASE" },
    { id: 2, name: "Tray", barcode: "TRAY" },
];
const STORED = "jewelry_count/";

function getStored() {
    return [...Array(browser.localStorage.length).keys()]
        .map((place) => browser.localStorage.key(place))
        .filter((key) => key.startsWith(STORED));
}

beforeEach(() => getStored().forEach((key) => browser.localStorage.removeItem(key)));

/** A server that knows rings and one parcel; `network.isDown` cuts it off. */
function serve({ screen = {} } = {}) {
    const network = { isDown: false, batches: [] };
    const seen = new Set((screen.codes || []).map(([, code]) => code));
    onRpc("jewelry.count", "get_screen", () => ({
        ...{ id: 7, name: "CT00007", kind: "Closing", state: "open", user: "Ann", initials: "AS" },
        ...{ signed: false, places: PLACES, recent: [], codes: [] },
        ...screen,
    }));
    onRpc("jewelry.count", "register_scans", ({ args }) => {
        if (network.isDown) {
            throw new ConnectionLostError("register_scans");
        }
        network.batches.push(args[1]);
        return args[1].map((scan) => {
            const answered = answer(scan);
            // Goods by weight are weighed as often as somebody wants.
            const isPiece = answered.state === "counted" && !answered.has_stones;
            const isRepeated = isPiece && seen.has(scan.code);
            seen.add(scan.code);
            return isRepeated ? { ...answered, state: "repeated" } : answered;
        });
    });
    onRpc("jewelry.count", "action_sign", () => {
        expect.step("sign");
        return false;
    });
    return network;
}

function answer({ uuid, code, place_id, quantity = 0, undone }) {
    const isParcel = code.startsWith("PC");
    const isKnown = isParcel || code.startsWith("R");
    let state = isKnown ? "counted" : "unknown";
    if (undone) {
        state = "undone";
    } else if (isParcel && !quantity) {
        state = "weigh";
    }
    return {
        ...{ uuid, code, place_id, state, quantity, photo: "", unit: isParcel ? "ct" : "" },
        ...{ number: isKnown ? code.replace("OLD", "") : "", title: isKnown ? "Ring" : "" },
        has_stones: isParcel,
    };
}

async function open(options) {
    const network = serve(options);
    await mountWithCleanup(CountScreen, {
        props: { action: { params: { count_id: 7 }, context: {} }, actionId: 1 },
    });
    return network;
}

/** What the scanner reads. */
async function scan(...codes) {
    for (const barcode of codes) {
        getService("barcode").bus.trigger("barcode_scanned", { barcode });
    }
    await animationFrame();
}

describe("the screen", () => {
    test("counts each piece once, and says so", async () => {
        await open();
        await scan("R-1", "R-2");
        expect(".o_jewelry_count_total").toHaveText("2");
        await scan("R-2");
        expect(".o_jewelry_count_total").toHaveText("2");
        expect(".o_jewelry_count_repeated").toHaveCount(1);
        expect(".o_jewelry_count_last").toHaveText(/R-2/);
    });

    test("counts before the server has answered", async () => {
        const network = await open();
        network.isDown = true;
        await scan("R-1");
        expect(".o_jewelry_count_total").toHaveText("1");
    });

    test("goes on while the network is down, and sends it all when it is back", async () => {
        const network = await open();
        network.isDown = true;
        await scan("R-1", "R-2", "R-3");
        await animationFrame();
        expect(".o_jewelry_count_offline").toHaveText(/3 kept here/);
        expect(getStored()).toHaveLength(3);
        network.isDown = false;
        await advanceTime(20000);
        await animationFrame();
        expect(".o_jewelry_count_saved").toHaveCount(1);
        expect(getStored()).toHaveLength(0);
        const codes = network.batches.flat().map(({ code }) => code);
        expect(codes).toEqual(["R-1", "R-2", "R-3"]);
        expect(".o_jewelry_count_total").toHaveText("3");
    });

    test("says what is no number of the store, and does not count it", async () => {
        await open();
        await scan("R-1", "0614141999996");
        await animationFrame();
        expect(".o_jewelry_count_total").toHaveText("1");
        expect(".o_jewelry_count_last.text-bg-danger").toHaveText(/Not a number of ours/);
        expect(".o_jewelry_count_recent .badge").toHaveText("1 to look at");
    });

    test("sends no code that is longer than the server takes", async () => {
        const network = await open();
        await scan(`https://example.com/${"x".repeat(400)}`, "R-1");
        expect(network.batches.flat().map(({ code }) => code.length)).toEqual([256, 3]);
    });

    test("takes the barcode of a place as the place", async () => {
        const network = await open();
        await scan("TRAY", "R-1");
        expect(".o_jewelry_count_place").toHaveValue("2");
        expect(network.batches.flat()[0].place_id).toBe(2);
        expect(".o_jewelry_count_total").toHaveText("1");
    });

    test("takes back a slip", async () => {
        const network = await open();
        await scan("R-1");
        await animationFrame();
        await click(".o_jewelry_count_undo");
        await animationFrame();
        expect(".o_jewelry_count_total").toHaveText("0");
        const [first, undone] = network.batches.flat();
        expect(undone.uuid).toBe(first.uuid);
        expect(undone.undone).toBe(true);
    });

    test("says when a slip was taken back after the close, and counts the piece", async () => {
        const slip = { uuid: "slip", code: "R-1", place_id: 1, time: Date.now(), undone: true };
        browser.localStorage.setItem(`${STORED}${user.userId}/7/slip`, JSON.stringify(slip));
        serve({ screen: { state: "counted" } });
        onRpc("jewelry.count", "register_scans", ({ args }) =>
            args[1].map((scan) => ({ ...answer(scan), state: "undo_late" }))
        );
        await mountWithCleanup(CountScreen, {
            props: { action: { params: { count_id: 7 }, context: {} }, actionId: 1 },
        });
        await animationFrame();
        expect(".o_jewelry_count_total").toHaveText("1");
        expect(".o_jewelry_count_last.text-bg-danger").toHaveText(/before this was taken back/);
        expect(".o_jewelry_count_recent .badge").toHaveText("1 to look at");
        expect(".text-decoration-line-through").toHaveCount(0);
        expect(getStored()).toHaveLength(0);
    });

    test("tells a label of somebody else from a number that is unknown", async () => {
        await open();
        onRpc("jewelry.count", "register_scans", ({ args }) =>
            args[1].map((scan) => ({ ...answer(scan), state: "foreign" }))
        );
        await scan("4006381333931");
        await animationFrame();
        expect(".o_jewelry_count_total").toHaveText("0");
        expect(".o_jewelry_count_last.text-bg-danger").toHaveText(/label of somebody else/);
        expect(".o_jewelry_count_last .fa-question").toHaveCount(1);
    });

    test("takes numbers from the keyboard", async () => {
        await open();
        await click("input[name=code]");
        await edit("R-9");
        await press("Enter");
        await animationFrame();
        expect(".o_jewelry_count_total").toHaveText("1");
        expect("input[name=code]").toHaveValue("");
        expect("input[name=code]").not.toBeFocused();
    });

    test("takes no code for a weight or a number of stones", async () => {
        const network = await open();
        await scan("PC-1");
        await animationFrame();
        for (const [quantity, stones] of [
            ["4006381333931", ""],
            ["4,85", "4006381333931"],
            ["4,85", "-3"],
        ]) {
            await click("input[name=quantity]");
            await edit(quantity);
            await click("input[name=stones]");
            await edit(stones);
            await press("Enter");
            await animationFrame();
        }
        expect(network.batches.flat()).toHaveLength(1);
        expect("form.o_jewelry_count_weigh").toHaveCount(1);
    });

    test("asks for the weight of a parcel", async () => {
        const network = await open();
        await scan("PC-1");
        await animationFrame();
        expect(".o_jewelry_count_weigh").toHaveText(/PC-1/);
        expect(".o_jewelry_count_total").toHaveText("0");
        await click("input[name=quantity]");
        await edit("4,85");
        await click("input[name=stones]");
        await edit("97");
        await press("Enter");
        await animationFrame();
        await animationFrame();
        const weighed = network.batches.flat().at(-1);
        expect([weighed.quantity, weighed.stone_count]).toEqual([4.85, 97]);
        expect(".o_jewelry_count_weigh").toHaveCount(0);
        expect(".o_jewelry_count_recent li").toHaveCount(1);
        expect(".o_jewelry_count_recent li").toHaveText(/4.85 ct/);
        expect(".o_jewelry_count_total").toHaveText("1");
    });

    test("opens with what was scanned before", async () => {
        const recent = [answer({ uuid: "a", code: "R-1", place_id: 1 })];
        await open({ screen: { recent, codes: [["a", "R-1", "R-1"]] } });
        expect(".o_jewelry_count_total").toHaveText("1");
        await scan("R-1");
        expect(".o_jewelry_count_repeated").toHaveCount(1);
    });

    test("lets nobody change the place of what was scanned before", async () => {
        const network = await open();
        network.isDown = true;
        await scan("R-1", "TRAY", "R-2");
        network.isDown = false;
        await advanceTime(20000);
        await animationFrame();
        expect(network.batches.flat().map(({ place_id }) => place_id)).toEqual([1, 2]);
    });

    test("offers every place that is counted", async () => {
        await open();
        expect(".o_jewelry_count_place option").toHaveCount(2);
        expect(".o_jewelry_count_place option:eq(1)").toHaveText("Tray");
        expect(".o_jewelry_count_place option:eq(1)").toHaveValue("2");
    });

    test("signs once all is sent", async () => {
        await open();
        await mountWithCleanup(MainComponentsContainer);
        await scan("R-1");
        await animationFrame();
        await click(".o_jewelry_count_finish");
        await animationFrame();
        expect(".modal").toHaveText(/1 pieces and sign with AS/);
        await click(".modal-footer .btn-primary");
        await animationFrame();
        expect.verifySteps(["sign"]);
        expect(".o_jewelry_count_signed").toHaveCount(1);
    });

    test("does not let anybody sign before all is sent", async () => {
        const network = await open();
        network.isDown = true;
        await scan("R-1");
        await animationFrame();
        await click(".o_jewelry_count_finish");
        await animationFrame();
        expect(".modal").toHaveCount(0);
        expect.verifySteps([]);
    });

    test("scans nothing more once its person has signed", async () => {
        const network = await open({ screen: { signed: true } });
        await scan("R-1");
        expect(".o_jewelry_count_total").toHaveText("0");
        expect(".o_jewelry_count_signed").toHaveCount(1);
        expect(".o_jewelry_count_hint").toHaveCount(0, { message: "it is told to scan nothing" });
        expect(network.batches).toHaveLength(0);
    });
});

describe("the queue", () => {
    /** Return a queue whose server does what `send` says. */
    function makeQueue(send, onAnswers = () => {}) {
        const states = [];
        const queue = new CountQueue({
            prefix: `${STORED}test/`,
            send,
            onAnswers,
            onChange: (state) => states.push(state),
        });
        return { queue, states };
    }

    const entry = (uuid) => ({ uuid, code: "R-1", place_id: 1, time: Date.now() });
    const settle = async () => {
        await advanceTime(60000);
        await animationFrame();
    };

    test("keeps what a page that was closed did not send", async () => {
        const lost = () => Promise.reject(new ConnectionLostError("x"));
        const { queue } = makeQueue(lost);
        queue.put(entry("a"));
        queue.put(entry("b"));
        queue.stop();
        const sent = [];
        const { queue: next } = makeQueue(async (scans) => {
            sent.push(...scans);
            return [];
        });
        expect(next.entries.size).toBe(2);
        next.flush();
        await settle();
        expect(sent.map(({ uuid }) => uuid)).toEqual(["a", "b"]);
        expect(getStored()).toHaveLength(0);
    });

    test("leaves the scans of other people and counts alone", async () => {
        browser.localStorage.setItem(`${STORED}other/x`, JSON.stringify(entry("x")));
        const { queue } = makeQueue(async () => []);
        expect(queue.entries.size).toBe(0);
        expect(getStored()).toHaveLength(1);
    });

    test("keeps what the server refuses, and tells why", async () => {
        let isRefused = true;
        const { queue, states } = makeQueue(async () => {
            if (isRefused) {
                throw Object.assign(new Error("x"), { data: { message: "Not now" } });
            }
            return [];
        });
        queue.put(entry("a"));
        await animationFrame();
        expect(states.at(-1).error).toBe("Not now");
        expect(getStored()).toHaveLength(1);
        isRefused = false;
        await settle();
        expect(states.at(-1)).toEqual({ pending: 0, isOffline: false, isKept: true, error: "" });
    });

    test("sends what was undone on the way as well", async () => {
        const sent = [];
        let reply;
        const { queue } = makeQueue((scans) => {
            sent.push(scans);
            return new Promise((resolve) => (reply = resolve));
        });
        queue.put(entry("a"));
        queue.put({ ...entry("a"), undone: true });
        reply([]);
        await animationFrame();
        reply([]);
        await animationFrame();
        expect(sent.map(([scan]) => Boolean(scan.undone))).toEqual([false, true]);
        expect(queue.entries.size).toBe(0);
    });

    test("says how long ago a scan was, not when by its own clock", async () => {
        const sent = [];
        let isDown = true;
        const { queue } = makeQueue(async (scans) => {
            if (isDown) {
                throw new ConnectionLostError("x");
            }
            sent.push(...scans);
            return [];
        });
        queue.put(entry("a"));
        await advanceTime(500);
        isDown = false;
        await settle();
        expect(sent[0].time).toBe(undefined);
        expect(sent[0].age).toBeGreaterThan(499);
    });

    test("tells when the browser keeps nothing", async () => {
        const { queue, states } = makeQueue(() => new Promise(() => {}));
        const { setItem } = browser.localStorage;
        browser.localStorage.setItem = () => {
            throw new Error("full");
        };
        queue.put(entry("a"));
        browser.localStorage.setItem = setItem;
        expect(states.at(-1).isKept).toBe(false);
        expect(queue.entries.size).toBe(1);
    });

    test("two thousand scans are taken without a wait", async () => {
        const { queue } = makeQueue(() => Promise.reject(new ConnectionLostError("x")));
        const start = performance.now();
        for (let number = 0; number < 2000; number++) {
            queue.put(entry(`scan-${number}`));
        }
        expect((performance.now() - start) / 2000).toBeLessThan(100);
        expect(getStored()).toHaveLength(2000);
        queue.stop();
    });

    test("uuids are uuids", () => {
        const uuids = new Set(Array.from({ length: 100 }, makeUuid));
        expect(uuids.size).toBe(100);
        for (const uuid of uuids) {
            expect(uuid).toMatch(
                /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
            );
        }
    });
});

describe("the tally", () => {
    test("is of pieces, not of scans or codes", () => {
        const tally = new CountTally();
        tally.add("a", "OLD-1");
        tally.add("b", "R-1");
        expect(tally.size).toBe(2);
        tally.learn("OLD-1", "R-1");
        tally.add("a", "OLD-1");
        expect(tally.size).toBe(1);
        tally.remove("b");
        expect(tally.has("R-1")).toBe(true);
        tally.remove("a");
        tally.remove("a");
        expect(tally.size).toBe(0);
    });
});
