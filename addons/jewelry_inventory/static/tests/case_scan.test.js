import {
    contains,
    defineModels,
    fields,
    makeServerError,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { describe, expect, press, test } from "@odoo/hoot";
import { Deferred, animationFrame } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";

describe.current.tags("desktop");
defineMailModels();

class Opening extends models.Model {
    _name = "jewelry.case.opening";
    _records = [{ id: 1, note: "" }];
    note = fields.Char();
}
defineModels([Opening]);

/** Show the opening of a case; scans are answered by `answer`. */
async function openCase(answer) {
    onRpc("jewelry.case.opening", "action_scan", ({ args }) => {
        expect.step(args[1]);
        return answer(args[1]);
    });
    await mountView({
        type: "form",
        resModel: "jewelry.case.opening",
        resId: 1,
        arch: `<form><widget name="jewelry_case_scan"/><field name="note"/></form>`,
    });
}

async function scan(code) {
    for (const char of code) {
        await press(char);
    }
    await press("Enter");
    await animationFrame();
}

test("a scan takes a piece out, and it is told in green", async () => {
    await openCase((piece) => ({ piece, direction: "out" }));
    await scan("P-0001");
    await animationFrame();
    expect(".o_jewelry_case_scan .alert-success").toHaveText("P-0001 is out.");
    expect.verifySteps(["P-0001"]);
});

test("a number that is typed puts it back", async () => {
    await openCase((piece) => ({ piece, direction: "back" }));
    await contains(".o_jewelry_case_scan input").edit("P-0001", { confirm: "Enter" });
    await animationFrame();
    expect(".o_jewelry_case_scan .alert-success").toHaveText("P-0001 is back.");
    expect(".o_jewelry_case_scan input").toHaveValue("");
    expect.verifySteps(["P-0001"]);
});

test("a refusal is told in red, and the next scan goes on", async () => {
    await openCase((piece) => {
        if (piece === "FOREIGN") {
            throw makeServerError({ message: "No piece is found" });
        }
        return { piece, direction: "out" };
    });
    await scan("FOREIGN");
    await animationFrame();
    expect(".o_jewelry_case_scan .alert-danger").toHaveText("No piece is found");
    await scan("P-0002");
    await animationFrame();
    expect(".o_jewelry_case_scan .alert-success").toHaveText("P-0002 is out.");
    expect.verifySteps(["FOREIGN", "P-0002"]);
});

test("scans that come before the answer wait for their turn", async () => {
    const first = new Deferred();
    await openCase(async (piece) => {
        if (piece === "P-0001") {
            await first;
        }
        return { piece, direction: "out" };
    });
    await scan("P-0001");
    await scan("P-0002");
    expect.verifySteps(["P-0001"]);
    first.resolve();
    await animationFrame();
    await animationFrame();
    expect.verifySteps(["P-0002"]);
});
