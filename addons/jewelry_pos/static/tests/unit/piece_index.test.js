import { describe, expect, test } from "@odoo/hoot";
import { PieceCatalog } from "@jewelry_pos/app/services/piece_catalog";
import { CodeIndex } from "@jewelry_pos/app/services/code_index";

const NO_LABELS = { shape_id: { 1: "Round", 2: "Oval" } };

/** @returns {Object} columns of pieces, as the server answers them */
function prepareColumns(rows) {
    const defaults = {
        product_id: 1,
        former_number: false,
        inscription: false,
        reports: false,
        price: 100,
        reason: false,
        shape_id: 1,
    };
    const full = rows.map((row) => ({ ...defaults, name: `P-${row.id}`, ...row }));
    const columns = {};
    for (const name of ["id", "name", ...Object.keys(defaults)]) {
        columns[name] = full.map((row) => row[name]);
    }
    return columns;
}

function prepareAnswer(rows, gone = []) {
    return { cursor: "now", columns: prepareColumns(rows), labels: NO_LABELS, gone };
}

function createCatalog(...rows) {
    const catalog = new PieceCatalog();
    catalog.apply(prepareAnswer(rows));
    return catalog;
}

/** @returns {Object} every code that anything of the rows has, and which piece it finds */
function findAll(catalog, codes) {
    return Object.fromEntries(codes.map((code) => [code, catalog.find(code)?.id]));
}

/** A small generator of numbers, so that a failing run can be run again. */
function createRandom(seed) {
    return (limit) => {
        seed = (seed * 1103515245 + 12345) % 2147483648;
        return seed % limit;
    };
}

describe("index of codes", () => {
    test("a code on one piece, on two and on none", () => {
        const index = new CodeIndex();
        index.add("A", 1);
        index.add("a", 1);
        index.add("B", 1);
        index.add("b", 2);
        index.add("B", 3);
        expect(index.get("a")).toEqual([1]);
        expect(index.get(" B ")).toEqual([1, 2, 3]);
        expect(index.get("C")).toEqual([]);
        index.remove("B", 2);
        expect(index.get("b")).toEqual([1, 3]);
        index.remove("B", 1);
        index.remove("B", 3);
        index.remove("never there", 3);
        expect(index.get("b")).toEqual([]);
        expect([...index.idsByCode.keys()]).toEqual(["a"]);
    });
});

describe("finding", () => {
    test("a piece by its number, an older one, an inscription and each of its reports", () => {
        const catalog = createCatalog(
            { id: 1, former_number: "OLD 1", inscription: "LASER", reports: "111 222" },
            { id: 2 }
        );
        const codes = ["p-1", "old 1", " Laser ", "111", "222", "P-2"];
        expect(Object.values(findAll(catalog, codes))).toEqual([1, 1, 1, 1, 1, 2]);
        expect(catalog.find("111 222")).toBe(undefined);
    });

    test("nothing by a code that is on two pieces", () => {
        const catalog = createCatalog({ id: 1, inscription: "X" }, { id: 2, inscription: "x" });
        expect(catalog.find("X")).toBe(undefined);
    });

    test("a number before whatever else says the same", () => {
        const catalog = createCatalog({ id: 1 }, { id: 2, former_number: "P-1" });
        expect(catalog.find("P-1").id).toBe(1);
    });

    test("of two styles with one number the piece of the style that is asked for", () => {
        const catalog = createCatalog(
            { id: 1, name: "7", product_id: 10 },
            { id: 2, name: "7", product_id: 20 }
        );
        expect(catalog.find("7")).toBe(undefined);
        expect(catalog.findOfStyle(10, "7").id).toBe(1);
        expect(catalog.findOfStyle(20, "7").id).toBe(2);
        expect(catalog.findOfStyle(30, "7")).toBe(undefined);
    });
});

describe("changes", () => {
    test("a changed piece is found by its new codes and no more by the old ones", () => {
        const catalog = createCatalog({ id: 1, inscription: "OLD" }, { id: 2 });
        expect(catalog.find("old").id).toBe(1);
        catalog.apply(prepareAnswer([{ id: 1, name: "NEW-1", inscription: "NEW" }]));
        expect(findAll(catalog, ["old", "P-1", "new", "new-1", "P-2"])).toEqual({
            old: undefined,
            "P-1": undefined,
            new: 1,
            "new-1": 1,
            "P-2": 2,
        });
    });

    test("a code is found again when the other piece that had it is gone", () => {
        const catalog = createCatalog({ id: 1, inscription: "X" }, { id: 2, inscription: "X" });
        expect(catalog.find("X")).toBe(undefined);
        catalog.apply(prepareAnswer([], [2]));
        expect(catalog.find("X").id).toBe(1);
        expect(catalog.get(2)).toBe(undefined);
        expect(catalog.size).toBe(1);
    });

    test("a piece that comes back is found again, and kept once", () => {
        const catalog = createCatalog({ id: 1 }, { id: 2 });
        catalog.find("P-1");
        catalog.apply(prepareAnswer([], [1]));
        expect(catalog.find("P-1")).toBe(undefined);
        catalog.apply(prepareAnswer([{ id: 1, price: 7 }]));
        expect(catalog.find("P-1").price).toBe(7);
        expect(catalog.dump().columns.id).toEqual([2, 1]);
    });

    test("choices follow what came and went", () => {
        const catalog = createCatalog({ id: 1 }, { id: 2, shape_id: 2 });
        const names = () => catalog.getChoices("shape_id").map(({ name }) => name);
        expect(names()).toEqual(["Oval", "Round"]);
        catalog.apply(prepareAnswer([], [2]));
        expect(names()).toEqual(["Round"]);
        catalog.apply(prepareAnswer([{ id: 1, shape_id: 2 }]));
        expect(names()).toEqual(["Oval"]);
    });

    test("whatever comes and goes, the kept index is one that is made anew", () => {
        for (let seed = 1; seed <= 25; seed++) {
            const random = createRandom(seed);
            const codes = ["a", "b", "c", "P-1", "P-2"];
            const row = () => ({
                id: 1 + random(6),
                name: random(2) ? codes[random(5)] : `P-${random(6)}`,
                former_number: random(2) ? codes[random(5)] : false,
                inscription: random(2) ? codes[random(5)] : false,
                reports: random(2) ? `${codes[random(3)]} ${codes[random(3)]}` : false,
            });
            const catalog = createCatalog({ id: 1 }, { id: 2 });
            catalog.find("a");
            for (let step = 0; step < 20; step++) {
                catalog.apply(prepareAnswer([row()], random(3) ? [] : [1 + random(6)]));
                const anew = new PieceCatalog();
                anew.apply(structuredClone(catalog.dump()));
                const all = [...codes, "P-0", "P-3", "P-4", "P-5"];
                expect(findAll(catalog, all)).toEqual(findAll(anew, all));
            }
        }
    });
});

describe("searching", () => {
    test("the cheapest first, those of one price in the order in which they came", () => {
        const prices = [5, 3, 9, 3, 1, 7, 3];
        const catalog = createCatalog(...prices.map((price, place) => ({ id: place + 1, price })));
        for (const limit of [1, 3, 4, 7, 20]) {
            const { pieces, count } = catalog.search({}, limit);
            expect(pieces.map(({ id }) => id)).toEqual([5, 2, 4, 7, 1, 6, 3].slice(0, limit));
            expect(count).toBe(7);
        }
    });

    test("by text, by bounds, by what is free", () => {
        const catalog = createCatalog(
            { id: 1, price: 10, inscription: "Laser" },
            { id: 2, price: 20, reason: "Sold" },
            { id: 3, price: 30 }
        );
        const ids = (filters) => catalog.search(filters).pieces.map(({ id }) => id);
        expect(ids({ text: "lase" })).toEqual([1]);
        expect(ids({ price: [15, 0] })).toEqual([2, 3]);
        expect(ids({ price: [0, 20], available: true })).toEqual([1]);
        expect(ids({ shape_id: 2 })).toEqual([]);
    });

    test("an empty catalog answers", () => {
        const catalog = new PieceCatalog();
        expect(catalog.search({})).toEqual({ pieces: [], count: 0 });
        expect(catalog.getChoices("shape_id")).toEqual([]);
        expect(catalog.find("x")).toBe(undefined);
    });
});
