import { contains, getService, mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { describe, expect, queryAll, queryAllTexts, test } from "@odoo/hoot";
import { animationFrame } from "@odoo/hoot-mock";
import { WebClient } from "@web/webclient/webclient";

describe.current.tags("desktop");
defineMailModels();

function limit(values) {
    return {
        id: 1,
        name: "Policy",
        policy: "",
        place_id: 7,
        role: "",
        amount: 1000,
        used: 950,
        percent: 95,
        level: "near",
        ...values,
    };
}

function page(limits, values = {}) {
    const amounts = { count: 2, price: 950, others: 0, cost: 400 };
    const row = { id: 7, name: "Case A", limits, ...amounts };
    return {
        company: "Store",
        currency_id: 1,
        basis: "price",
        period: "open",
        current_period: "open",
        with_cost: true,
        time: "2026-01-15 10:00:00",
        sections: [{ role: "sale", name: "For sale", rows: [row], limits: [], ...amounts }],
        total: amounts,
        over: 0,
        near: 1,
        limits: limits.length,
        open_cases: 0,
        items_out: 0,
        ...values,
    };
}

async function open(answer) {
    onRpc("jewelry.custody.exposure", "get_page", answer);
    await mountWithCleanup(WebClient);
    await getService("action").doAction({ type: "ir.actions.client", tag: "jewelry_custody" });
    await animationFrame();
}

test("a bar is as long as what is used, and has the colour of its level", async () => {
    const limits = [
        limit({ id: 1, used: 500, percent: 50, level: "ok" }),
        limit({ id: 2 }),
        limit({ id: 3, used: 1200, percent: 120, level: "over" }),
        limit({ id: 4, amount: 0, percent: null, level: "over" }),
    ];
    await open(() => page(limits));
    const bars = queryAll(".o_jewelry_custody .progress-bar");
    expect(bars.map((bar) => bar.style.width)).toEqual(["50%", "95%", "100%", "100%"]);
    const colors = ["bg-success", "bg-warning", "bg-danger", "bg-danger"];
    bars.forEach((bar, index) => expect(bar).toHaveClass(colors[index]));
    expect(queryAllTexts(".o_jewelry_custody_percent")).toEqual(["50 %", "95 %", "120 %", ""]);
});

test("whom costs are hidden from sees no bar that would give one away", async () => {
    const hidden = limit({ used: null, percent: null, level: null });
    await open(() => page([hidden], { with_cost: false, basis: "cost" }));
    expect(".o_jewelry_custody .progress").toHaveCount(0);
    expect(".o_jewelry_custody_limit").toHaveText(/at cost/);
    expect(".o_jewelry_custody th").toHaveCount(5);
});

test("the limits of the night are asked from the server", async () => {
    await open(({ args }) => {
        expect.step(args[0] || "now");
        return page([limit()], { period: args[0] || "open" });
    });
    await contains("button[name=closed]").click();
    expect.verifySteps(["now", "closed"]);
    expect("button[name=closed]").toHaveClass("active");
});

test("a click on a place asks for its goods", async () => {
    onRpc("jewelry.custody.exposure", "action_open_goods", ({ args }) => {
        expect.step(args);
        return { type: "ir.actions.act_window_close" };
    });
    await open(() => page([limit()]));
    await contains(".o_jewelry_custody_place button").click();
    expect.verifySteps([[7, false]]);
});

test("a store without a limit is told where to enter one", async () => {
    await open(() => page([]));
    expect(".o_jewelry_custody .alert-info").toHaveText(/Insured Limits/);
});
