import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { allowTranslations } from "@web/../tests/web_test_helpers";
import { PieceCatalog } from "@jewelry_pos/app/services/piece_catalog";

describe.current.tags("headless");

const LABELS = { shape_id: { 1: "Round", 2: "Oval" }, location_id: { 8: "Case 1", 9: "Safe" } };
let catalog;

/** @returns {Object} an answer of the server for some pieces */
function answer(pieces, more = {}) {
    const defaults = {
        name: "",
        product_id: 5,
        former_number: false,
        inscription: false,
        reports: false,
        shape_id: null,
        location_id: 8,
        price: 100,
        carat_weight: 0,
        reason: false,
    };
    const rows = pieces.map((piece) => ({ ...defaults, ...piece }));
    const columns = Object.fromEntries(
        ["id", ...Object.keys(defaults)].map((name) => [name, rows.map((row) => row[name])])
    );
    return { cursor: "2026-01-01 00:00:00", columns, labels: LABELS, gone: [], ...more };
}

function getNames({ pieces }) {
    return pieces.map((piece) => piece.name);
}

beforeEach(() => {
    allowTranslations();
    catalog = new PieceCatalog();
    catalog.apply(
        answer([
            { id: 1, name: "R-1", former_number: "OLD-1", price: 300, shape_id: 1 },
            {
                id: 2,
                name: "R-2",
                inscription: "LASER 2",
                price: 200,
                shape_id: 2,
                carat_weight: 1,
            },
            { id: 3, name: "R-3", reports: "111 222", price: 100, reason: "Reserved" },
        ])
    );
});

test("a piece is found by each of its codes, in any case", () => {
    for (const [code, id] of [
        ["R-1", 1],
        ["r-1 ", 1],
        ["old-1", 1],
        ["Laser 2", 2],
        ["111", 3],
        ["222", 3],
    ]) {
        expect(catalog.find(code)?.id).toBe(id);
    }
    expect(catalog.find("111 222")).toBe(undefined);
    expect(catalog.find("")).toBe(undefined);
});

test("a code that is on two pieces names none of them, unless it is a number", () => {
    catalog.apply(
        answer([
            { id: 4, name: "R-4", inscription: "LASER 2" },
            { id: 5, name: "R-5", former_number: "R-1" },
        ])
    );
    expect(catalog.find("LASER 2")).toBe(undefined);
    expect(catalog.find("R-1").id).toBe(1);
});

test("a number is found only within its style where one is told", () => {
    expect(catalog.findOfStyle(5, "R-1").id).toBe(1);
    expect(catalog.findOfStyle(6, "R-1")).toBe(undefined);
});

test("pieces are found by what they are, the cheapest first", () => {
    expect(getNames(catalog.search({}))).toEqual(["R-3", "R-2", "R-1"]);
    expect(getNames(catalog.search({ available: true }))).toEqual(["R-2", "R-1"]);
    expect(getNames(catalog.search({ shape_id: 1 }))).toEqual(["R-1"]);
    expect(getNames(catalog.search({ text: "laser" }))).toEqual(["R-2"]);
    expect(getNames(catalog.search({ price: [150, 250] }))).toEqual(["R-2"]);
    expect(getNames(catalog.search({ price: [0, 200] }))).toEqual(["R-3", "R-2"]);
    expect(getNames(catalog.search({ carat_weight: [0.5, 0] }))).toEqual(["R-2"]);
    expect(catalog.search({ shape_id: 3 })).toEqual({ pieces: [], count: 0 });
});

test("of many pieces the first ones are shown, and all are counted", () => {
    const { pieces, count } = catalog.search({}, 2);
    expect([pieces.length, count]).toEqual([2, 3]);
});

test("what there is to choose from is what pieces have", () => {
    expect(catalog.getChoices("shape_id").map(({ name }) => name)).toEqual(["Oval", "Round"]);
    expect(catalog.getChoices("location_id").map(({ name }) => name)).toEqual(["Case 1"]);
});

test("a change is merged, a new piece added, and one that is gone is not found", () => {
    catalog.apply(
        answer(
            [
                { id: 2, name: "R-2", price: 250 },
                { id: 4, name: "R-4" },
            ],
            { gone: [1] }
        )
    );
    expect(catalog.find("R-1")).toBe(undefined);
    expect(catalog.find("OLD-1")).toBe(undefined);
    expect(catalog.find("R-2").price).toBe(250);
    expect(catalog.find("LASER 2")).toBe(undefined);
    expect(catalog.find("R-4").id).toBe(4);
    expect(catalog.size).toBe(3);
});

test("a piece that comes back is found again", () => {
    catalog.forget([1]);
    catalog.apply(answer([{ id: 1, name: "R-1", price: 310 }]));
    expect(catalog.find("R-1").price).toBe(310);
    expect(catalog.size).toBe(3);
});

test("a column that this device did not know is taken", () => {
    const change = answer([{ id: 2, name: "R-2" }]);
    change.columns.photo = [true];
    catalog.apply(change);
    expect(catalog.get(2).photo).toBe(true);
    expect(catalog.get(1).photo).toBe(undefined);
});

test("a piece on an order elsewhere cannot be sold until it is given back", () => {
    const claim = { piece_ids: [1], order_uuid: "there", register: "Register 2" };
    catalog.takeClaim(claim);
    expect(String(catalog.get(1).reason)).toBe("In an open order at Register 2");
    expect(getNames(catalog.search({ available: true }))).toEqual(["R-2"]);
    catalog.takeClaim({ ...claim, order_uuid: false });
    expect(catalog.get(1).reason).toBe(false);
});

test("what is on an own order is known better by the register itself", () => {
    catalog.isOwnOrder = (uuid) => uuid === "here";
    catalog.takeClaim({ piece_ids: [1], order_uuid: "here", register: "Register 1" });
    expect(catalog.get(1).reason).toBe(false);
});

test("a claim says less than why the store itself keeps a piece", () => {
    catalog.takeClaim({ piece_ids: [3], order_uuid: "there", register: "Register 2" });
    expect(catalog.get(3).reason).toBe("Reserved");
});

test("what another shop has is found among what can be had from all shops", () => {
    expect(catalog.hasOtherShops()).toBe(false);
    const change = answer([{ id: 4, name: "R-4", reason: "At Shop 2", price: 50 }]);
    change.columns.can_ask = [true];
    catalog.apply(change);
    expect(catalog.hasOtherShops()).toBe(true);
    expect(getNames(catalog.search({ available: "here" }))).toEqual(["R-2", "R-1"]);
    expect(getNames(catalog.search({ available: "shops" }))).toEqual(["R-4", "R-2", "R-1"]);
    expect(getNames(catalog.search({ available: "" }))).toEqual(["R-4", "R-3", "R-2", "R-1"]);
    expect(catalog.get(4).can_ask).toBe(true);
});

test("what is on an order in another shop is not asked for", () => {
    const change = answer([{ id: 4, name: "R-4", reason: "At Shop 2" }]);
    change.columns.can_ask = [true];
    catalog.apply(change);
    catalog.takeClaim({ piece_ids: [4], order_uuid: "there", register: "Register 2" });
    expect(catalog.get(4).can_ask).toBe(false);
    expect(String(catalog.get(4).reason)).toBe("In an open order at Register 2");
    expect(getNames(catalog.search({ available: "shops" }))).not.toInclude("R-4");
});

test("the claims of an answer replace those that were known", () => {
    catalog.takeClaim({ piece_ids: [1], order_uuid: "there", register: "Register 2" });
    const claims = [{ piece_ids: [2], order_uuid: "else", register: "Register 3" }];
    catalog.apply(answer([], { claims }));
    expect(catalog.get(1).reason).toBe(false);
    expect(String(catalog.get(2).reason)).toBe("In an open order at Register 3");
});

test("a piece that is not shown is made of what the server says", () => {
    const row = { id: 9, name: "R-9", shape_id: 2 };
    const piece = catalog.make(row, LABELS);
    expect(piece.labels.shape_id).toBe("Oval");
    expect(catalog.get(9)).toBe(undefined);
});

/** Numbers that look random and are the same on each run (a linear congruential generator). */
function makeRandom(seed) {
    let state = seed;
    return (below) => {
        state = (state * 1103515245 + 12345) % 2147483648;
        return state % below;
    };
}

test("after any changes a catalog that was kept and loaded says the same as a plain list", () => {
    for (let seed = 1; seed <= 25; seed++) {
        const random = makeRandom(seed);
        let kept = new PieceCatalog();
        const plain = new Map();
        for (let step = 0; step < 40; step++) {
            const ids = [...new Set([0, 1, 2].map(() => random(15) + 1))];
            const gone = ids.filter(() => random(3) === 0);
            const changed = ids.filter((id) => !gone.includes(id));
            const rows = changed.map((id) => ({ id, name: `R-${id}`, price: random(500) }));
            kept.apply(answer(rows, { gone }));
            gone.forEach((id) => plain.delete(id));
            rows.forEach((row) => plain.set(row.id, row.price));
            if (random(4) === 0) {
                const copy = new PieceCatalog();
                copy.apply(structuredClone(kept.dump()));
                kept = copy;
            }
            const shown = kept.search({}, 100).pieces.map(({ id, price }) => [id, price]);
            const byId = (one, other) => one[0] - other[0];
            expect(shown.sort(byId)).toEqual([...plain].sort(byId));
            expect(kept.size).toBe(plain.size);
            for (let id = 1; id <= 15; id++) {
                expect(kept.find(`R-${id}`)?.price).toBe(plain.get(id));
            }
        }
    }
});
