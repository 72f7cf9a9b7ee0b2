import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { describe, expect, queryAllTexts, test } from "@odoo/hoot";
import { mockDate } from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    fields,
    getService,
    models,
    mountWithCleanup,
} from "@web/../tests/web_test_helpers";
import { WebClient } from "@web/webclient/webclient";
import { RANGES, toLeaves } from "@jewelry_inventory/piece_search/piece_search_model";

describe.current.tags("desktop");

const byName = (name) => RANGES.find((range) => range.name === name);

class Lot extends models.Model {
    _name = "stock.lot";
    name = fields.Char();
    stock_type = fields.Selection({ selection: [["stock", "Stock"]] });
    list_price = fields.Float();
    carat_weight = fields.Float();
    received_date = fields.Date();
    _records = [
        ["small", 500, 0.3, "2026-01-01"],
        ["middle", 2000, 1, "2026-06-01"],
        ["large", 9000, 2, "2026-11-01"],
    ].map(([name, list_price, carat_weight, received_date], index) => ({
        ...{ id: index + 1, name, list_price, carat_weight, received_date },
        stock_type: "stock",
    }));
    _views = {
        search: `<search><searchpanel><field name="stock_type" select="multi"/></searchpanel></search>`,
        list: `<list js_class="jewelry_piece_list"><field name="name"/></list>`,
        kanban: `<kanban js_class="jewelry_piece_kanban">
            <templates><t t-name="card"><field name="name"/></t></templates>
        </kanban>`,
    };
}
defineModels([Lot]);
defineMailModels();

async function openPieces() {
    await mountWithCleanup(WebClient);
    await getService("action").doAction({
        type: "ir.actions.act_window",
        res_model: "stock.lot",
        views: [
            [false, "list"],
            [false, "kanban"],
            [false, "search"],
        ],
    });
}

test("a range without bounds is no condition", () => {
    expect(toLeaves(byName("price"), {})).toEqual([]);
    expect(toLeaves(byName("price"), { from: null, to: undefined })).toEqual([]);
});

test("a range has both of its ends", () => {
    expect(toLeaves(byName("price"), { from: 0, to: 5000 })).toEqual([
        ["list_price", ">=", 0],
        ["list_price", "<=", 5000],
    ]);
});

test("the older a piece is, the earlier it came", () => {
    mockDate("2026-11-23 12:00:00");
    expect(toLeaves(byName("age"), { from: 30 })).toEqual([["received_date", "<=", "2026-10-24"]]);
    expect(toLeaves(byName("age"), { to: 30 })).toEqual([["received_date", ">=", "2026-10-24"]]);
});

test("the panel finds pieces from one price to another", async () => {
    await openPieces();
    expect(queryAllTexts(".o_data_cell")).toEqual(["small", "middle", "large"]);
    await contains("input[name=price_from]").edit("1000");
    expect(queryAllTexts(".o_data_cell")).toEqual(["middle", "large"]);
    await contains("input[name=price_to]").edit("5000");
    expect(queryAllTexts(".o_data_cell")).toEqual(["middle"]);
});

test("an emptied bound is open again, and all can be cleared at once", async () => {
    await openPieces();
    await contains("input[name=carat_to]").edit("1");
    expect(queryAllTexts(".o_data_cell")).toEqual(["small", "middle"]);
    await contains("input[name=carat_to]").edit("");
    expect(".o_data_cell").toHaveCount(3);
    await contains("input[name=carat_from]").edit("1.5");
    await contains(".o_jewelry_ranges .btn-link").click();
    expect(".o_data_cell").toHaveCount(3);
    expect(".o_jewelry_ranges .btn-link").toHaveCount(0);
});

test("a range survives a change of view", async () => {
    await openPieces();
    await contains("input[name=price_from]").edit("1000");
    await contains(".o_switch_view.o_kanban").click();
    expect("input[name=price_from]").toHaveValue(1000);
    expect(".o_kanban_record:not(.o_kanban_ghost)").toHaveCount(2);
});
