import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { describe, expect, test } from "@odoo/hoot";
import { waitFor } from "@odoo/hoot-dom";
import {
    defineModels,
    fields,
    MockServer,
    models,
    mountView,
    serverState,
} from "@web/../tests/web_test_helpers";

describe.current.tags("desktop");

class Import extends models.Model {
    _name = "jewelry.import";
    progress = fields.Float();
    row_count = fields.Integer();
    row_done = fields.Integer();
    rate = fields.Float();
    state = fields.Selection({
        selection: [
            ["running", "Running"],
            ["done", "Done"],
        ],
    });
    _records = [{ id: 1, row_count: 53940, row_done: 1000, rate: 0, state: "running" }];
}
defineModels([Import]);
defineMailModels();

const BAR = ".o_jewelry_import_progress .progress-bar";

async function openImport() {
    await mountView({
        type: "form",
        resModel: "jewelry.import",
        resId: 1,
        arch: `<form>
            <field name="progress" widget="jewelry_import_progress"/>
            <field name="state" readonly="1"/>
        </form>`,
    });
}

/** Let the server tell how far an import is, as `_notify` of the model does. */
function tell(progress) {
    MockServer.env["bus.bus"]._sendone(serverState.partnerId, "jewelry.import/progress", {
        ...{ id: 1, row_count: 53940, rate: 100, state: "running" },
        ...progress,
    });
}

test("the bar shows how far an import is when the page opens", async () => {
    await openImport();
    expect(".o_jewelry_import_rows").toHaveText("1,000 of 53,940 rows");
    expect(BAR).toHaveStyle({ width: "1%" }, { inline: true });
    expect(".o_jewelry_import_remaining").toHaveCount(0);
});

test("the bar moves with each batch, without a reload", async () => {
    await openImport();
    tell({ row_done: 26970 });
    await waitFor(".o_jewelry_import_rows:contains('26,970 of 53,940 rows')");
    expect(BAR).toHaveStyle({ width: "50%" }, { inline: true });
    expect(".o_jewelry_import_speed").toHaveText("100 rows a second");
    expect(".o_jewelry_import_remaining").toHaveText("about 5 minutes left");
    tell({ row_done: 53000 });
    await waitFor(".o_jewelry_import_rows:contains('53,000 of 53,940 rows')");
    expect(".o_jewelry_import_remaining").toHaveText("about a minute left");
});

test("what comes late, or of another import, moves nothing", async () => {
    await openImport();
    tell({ row_done: 500 });
    tell({ id: 2, row_done: 40000 });
    tell({ row_done: 2000 });
    await waitFor(".o_jewelry_import_rows:contains('2,000 of 53,940 rows')");
    tell({ id: 2, row_done: 41000 });
    tell({ row_done: 3000 });
    await waitFor(".o_jewelry_import_rows:contains('3,000 of 53,940 rows')");
});

test("the page is loaded anew when the import has ended", async () => {
    await openImport();
    MockServer.env["jewelry.import"].write([1], { state: "done", row_done: 53940 });
    tell({ row_done: 53940, state: "done" });
    await waitFor("[name=state] :contains('Done'), [name=state]:contains('Done')");
    expect(BAR).toHaveStyle({ width: "100%" }, { inline: true });
    expect(".progress-bar-animated").toHaveCount(0);
});
