import { describe, expect, test } from "@odoo/hoot";
import { PieceStore } from "@jewelry_pos/app/services/piece_store";
import { PieceCatalog } from "@jewelry_pos/app/services/piece_catalog";
import { uuidv4 } from "@point_of_sale/utils";

describe.current.tags("headless");

async function openStore(name = `pieces-${uuidv4()}`) {
    const store = new PieceStore(name);
    await store.open();
    return store;
}

test("a new device keeps nothing", async () => {
    const store = await openStore();
    expect(await store.load()).toBe(undefined);
});

test("what a device keeps is there when the register is opened again", async () => {
    const store = await openStore();
    const catalog = new PieceCatalog();
    const columns = { id: [1], name: ["R-1"], product_id: [5], price: [300], reason: [false] };
    catalog.apply({ cursor: "2026-01-01 00:00:00", columns, labels: {} });
    await store.save(catalog.dump());
    store.db.close();

    const again = await openStore(store.name);
    const loaded = new PieceCatalog();
    loaded.apply(await again.load());
    expect(loaded.cursor).toBe("2026-01-01 00:00:00");
    expect(loaded.find("R-1").price).toBe(300);
});

test("the last catalog is the one that is kept", async () => {
    const store = await openStore();
    for (const cursor of ["first", "second"]) {
        await store.save({ cursor, columns: { id: [] }, labels: {} });
    }
    expect((await store.load()).cursor).toBe("second");
});

test("two registers keep catalogs of their own", async () => {
    const [one, other] = [await openStore(), await openStore()];
    await one.save({ cursor: "one", columns: {}, labels: {} });
    expect(await other.load()).toBe(undefined);
});
