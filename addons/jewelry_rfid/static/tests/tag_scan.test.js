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
import { animationFrame } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";

describe.current.tags("desktop");
defineMailModels();

class Tagging extends models.Model {
    _name = "jewelry.rfid.tag.pieces";
    _records = [{ id: 1, reason: "" }];
    reason = fields.Char();
}
defineModels([Tagging]);

/** Show the dialog at a desk; what is read is answered by `answer`. */
async function openDesk(answer) {
    onRpc("jewelry.rfid.tag.pieces", "action_scan", ({ args }) => {
        expect.step(args[1]);
        return answer(args[1]);
    });
    await mountView({
        type: "form",
        resModel: "jewelry.rfid.tag.pieces",
        resId: 1,
        arch: `<form><widget name="jewelry_tag_scan"/><field name="reason"/></form>`,
    });
}

async function read(code) {
    for (const char of code) {
        await press(char);
    }
    await press("Enter");
    await animationFrame();
    await animationFrame();
}

test("what the server answers to a chip is told in green", async () => {
    await openDesk((code) => `P-1 has the tag ${code}.`);
    await read("ABCD0001");
    expect(".o_jewelry_tag_scan .alert-success").toHaveText("P-1 has the tag ABCD0001.");
    expect.verifySteps(["ABCD0001"]);
});

test("a number that is typed is taken, too, and the box is empty again", async () => {
    await openDesk(() => "Done");
    await contains(".o_jewelry_tag_scan input").edit("ABCD0002", { confirm: "Enter" });
    await animationFrame();
    expect(".o_jewelry_tag_scan .alert-success").toHaveText("Done");
    expect(".o_jewelry_tag_scan input").toHaveValue("");
    expect.verifySteps(["ABCD0002"]);
});

test("a reason that was entered is saved before the chip is taken", async () => {
    onRpc("jewelry.rfid.tag.pieces", "web_save", ({ args }) => {
        expect.step(args[1].reason);
    });
    await openDesk(() => "Done");
    await contains(".o_field_widget[name=reason] input").edit("Chip is dead", { confirm: false });
    await contains(".o_jewelry_tag_scan input").edit("ABCD0003", { confirm: "Enter" });
    await animationFrame();
    expect.verifySteps(["Chip is dead", "ABCD0003"]);
});

test("a refusal is told in red, and the next chip is read", async () => {
    await openDesk((code) => {
        if (code === "0000") {
            throw makeServerError({ message: "This chip is blank." });
        }
        return "Done";
    });
    await read("0000");
    expect(".o_jewelry_tag_scan .alert-danger").toHaveText("This chip is blank.");
    await read("ABCD0004");
    expect(".o_jewelry_tag_scan .alert-success").toHaveText("Done");
    expect.verifySteps(["0000", "ABCD0004"]);
});
