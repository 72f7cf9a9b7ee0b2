import { addNews, changePictures, keepFresh } from "@jewelry_rfid/wall/wall_news";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";
import { describe, expect, queryAll, queryAllTexts, test } from "@odoo/hoot";
import { contains, getService, mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import { WebClient } from "@web/webclient/webclient";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";

describe.current.tags("desktop");
defineMailModels();

const ring = { id: 5, number: "P-5", title: "Ring" };
const brooch = { id: 6, number: "P-6", title: "Brooch" };

function tile(values) {
    return {
        id: 1,
        name: "Case A",
        kind: "case",
        kind_name: "Case",
        stored: true,
        watched: true,
        present: 1,
        expected: 3,
        missing: 2,
        strange: 0,
        pieces: [ring],
        ...values,
    };
}

function wall(zones, values = {}) {
    return {
        company_id: 1,
        company: "Store",
        time: "2026-01-15 10:00:00",
        zones,
        elsewhere: 0,
        unknown: 0,
        unplaced: 0,
        silent: 0,
        ...values,
    };
}

function change(values) {
    return { id: 1, present: 2, came: [], came_count: 0, left: [], left_count: 0, ...values };
}

async function open(answer) {
    onRpc("jewelry.rfid.wall", "get_wall", answer);
    await mountWithCleanup(WebClient);
    await getService("action").doAction({ type: "ir.actions.client", tag: "jewelry_rfid_wall" });
    await animationFrame();
}

test("the newest news stand first, and a piece is in them once", () => {
    const news = addNews([], change({ came: [ring], left: [brooch] }), 1);
    expect(news.map(({ id, kind }) => [id, kind])).toEqual([
        [5, "came"],
        [6, "left"],
    ]);
    const later = addNews(news, change({ left: [ring] }), 2);
    expect(later.map(({ id, kind, at }) => [id, kind, at])).toEqual([
        [5, "left", 2],
        [6, "left", 1],
    ]);
});

test("news do not grow without end, and get old", () => {
    const many = [...Array(9).keys()].map((id) => ({ id, number: `P-${id}`, title: "" }));
    const news = addNews([], change({ came: many }), 1_000);
    expect(news).toHaveLength(5);
    expect(keepFresh(news, 60_999)).toHaveLength(5);
    expect(keepFresh(news, 61_000)).toHaveLength(0);
});

test("of the pictures what left is gone and what came stands in front", () => {
    expect(changePictures([ring], change({ came: [brooch] }), 6)).toEqual([brooch, ring]);
    expect(changePictures([ring], change({ came: [brooch] }), 1)).toEqual([brooch]);
    expect(changePictures([ring, brooch], change({ left: [ring] }), 6)).toEqual([brooch]);
});

test("a tile says how many of how many are there, and what is wrong", async () => {
    await open(() =>
        wall([
            tile({ strange: 1 }),
            tile({ id: 2, name: "Door", kind: "door", stored: false, missing: 0, pieces: [] }),
            tile({ id: 3, name: "Dark", watched: false, missing: 0 }),
        ])
    );
    expect(queryAllTexts(".o_jewelry_wall_count")).toEqual(["1 / 3", "1", "1 / 3"]);
    expect("[data-zone='Case A'] .text-bg-danger").toHaveText("2 missing");
    expect("[data-zone='Case A'] .text-bg-warning").toHaveText("1 of elsewhere");
    expect("[data-zone='Door'] .badge").toHaveCount(0);
    expect("[data-zone='Dark']").toHaveClass("o_jewelry_wall_unwatched");
    expect("[data-zone='Dark'] .text-bg-secondary").toHaveText("no reader is looking");
    expect(queryAll("[data-zone='Case A'] img")[0]).toHaveAttribute("alt", "P-5");
});

test("what wants attention is named, and nothing else", async () => {
    await open(() => wall([tile()], { elsewhere: 2, silent: 1 }));
    expect(queryAllTexts(".o_jewelry_wall .btn-outline-warning")).toEqual([
        "Seen elsewhere 2",
        "Silent gateways 1",
    ]);
});

test("a store without zones is told where to enter one", async () => {
    await open(() => wall([]));
    expect(".o_jewelry_wall .alert-info").toHaveText(/RFID \/ Zones/);
});

test("a click on a zone asks for its pieces", async () => {
    await open(() => wall([tile()]));
    onRpc("stock.lot", "get_views", ({ kwargs }) => {
        expect.step(kwargs.views.map(([, type]) => type).join());
        throw new Error("enough");
    });
    expect.errors(1);
    await contains("[data-zone='Case A'] .btn-link").click();
    expect.verifySteps(["kanban,list,form,search"]);
    expect.verifyErrors(["enough"]);
});

test("a message of the bus changes the tile at once, and asks for the rest once", async () => {
    let asked = 0;
    onRpc("jewelry.rfid.wall", "get_wall", () => {
        asked += 1;
        return wall([tile({ present: asked })]);
    });
    await mountWithCleanup(WebClient);
    const bus = getService("bus_service");
    const subscribe = bus.subscribe;
    let hearing;
    bus.subscribe = (name, callback) => {
        if (name === "jewelry_rfid_wall") {
            hearing = callback;
        }
        return subscribe.call(bus, name, callback);
    };
    await getService("action").doAction({ type: "ir.actions.client", tag: "jewelry_rfid_wall" });
    const message = { company_id: 1, time: "2026-01-15 10:00:05" };
    hearing({ ...message, zones: [change({ came: [brooch], left: [ring], present: 7 })] });
    hearing({ ...message, company_id: 2, zones: [change({ present: 99 })] });
    hearing({ ...message, zones: [change({ id: 404 })] });
    await animationFrame();
    expect(".o_jewelry_wall_count b").toHaveText("7");
    expect(queryAllTexts(".o_jewelry_wall_news li")).toEqual(["P-6 Brooch", "P-5 Ring"]);
    expect(asked).toBe(1);
    await advanceTime(3_000);
    await animationFrame();
    expect(asked).toBe(2);
    expect(".o_jewelry_wall_count b").toHaveText("2");
});
