import { animationFrame } from "@odoo/hoot-mock";
import { beforeEach, describe, expect, queryAllTexts, test } from "@odoo/hoot";
import {
    contains,
    getService,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import { SoundEffects } from "@mail/core/common/sound_effects_service";
import { WebClient } from "@web/webclient/webclient";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { session } from "@web/session";

describe.current.tags("desktop");
defineMailModels();

const ring = {
    id: 1,
    company_id: 1,
    lot_id: 5,
    number: "P-5",
    title: "Ring",
    zone: "Front door",
    time: "2026-01-15 10:00:00",
    stays: 1,
};
const brooch = { ...ring, id: 2, lot_id: 6, number: "P-6", title: "Brooch" };

let known;

beforeEach(() => {
    known = [];
    onRpc("jewelry.rfid.alarm", "get_open", () => {
        expect.step("asked");
        return known;
    });
    patchWithCleanup(SoundEffects.prototype, {
        play(name) {
            expect.step(name);
        },
    });
});

/** Open the program as staff does, or somebody else. */
async function open(isStaff = true) {
    patchWithCleanup(session, { jewelry_rfid_alarms: isStaff });
    await mountWithCleanup(WebClient);
    await animationFrame();
    return getService("jewelry_rfid_alarm");
}

test("nobody but staff asks or hears of pieces at doors", async () => {
    known = [ring];
    await open(false);
    expect.verifySteps([]);
    expect(".o_jewelry_alarm_bell").toHaveCount(0);
});

test("a screen without alarms shows no bell", async () => {
    await open();
    expect.verifySteps(["asked"]);
    expect(".o_jewelry_alarm_bell").toHaveCount(0);
});

test("an alarm of before is shown and heard when the program opens", async () => {
    known = [ring];
    await open();
    expect.verifySteps(["asked", "call-invitation"]);
    expect(".o_jewelry_alarm_bell > button b").toHaveText("1");
    expect(".o_jewelry_alarm[data-piece='P-5']").toHaveText(/Ring/);
    expect(".o_jewelry_alarm[data-piece='P-5']").toHaveText(/Front door/);
    expect(".o_jewelry_alarm img").toHaveAttribute("alt", "P-5");
});

test("an alarm of now is shown and heard at once, and stays until it is answered", async () => {
    const service = await open();
    expect.verifySteps(["asked"]);
    service.onMessage({ company_id: 1, raised: [ring, brooch] });
    await animationFrame();
    expect.verifySteps(["call-invitation"]);
    expect(queryAllTexts(".o_jewelry_alarm .btn-link")).toEqual(["P-5", "P-6"]);
    service.onMessage({ company_id: 1, answered: [1] });
    await animationFrame();
    expect(queryAllTexts(".o_jewelry_alarm .btn-link")).toEqual(["P-6"]);
    expect.verifySteps([]);
});

test("alarms that are hidden stay on the bell, and the next one shows them all", async () => {
    known = [ring];
    const service = await open();
    await contains(".o_jewelry_alarms [title='Hide until the next one']").click();
    expect(".o_jewelry_alarm").toHaveCount(0);
    expect(".o_jewelry_alarm_bell > button b").toHaveText("1");
    service.onMessage({ company_id: 1, raised: [brooch] });
    await animationFrame();
    expect(".o_jewelry_alarm").toHaveCount(2);
    expect.verifySteps(["asked", "call-invitation", "call-invitation"]);
});

test("a piece that comes again is one card, says so, and is heard again", async () => {
    known = [ring];
    const service = await open();
    service.onMessage({ company_id: 1, raised: [{ ...ring, stays: 2 }] });
    await animationFrame();
    expect(".o_jewelry_alarm").toHaveCount(1);
    expect(".o_jewelry_alarm").toHaveText(/for the 2\. time/);
    expect.verifySteps(["asked", "call-invitation", "call-invitation"]);
});

test("what another company is told of is not shown here", async () => {
    const service = await open();
    service.onMessage({ company_id: 99, raised: [{ ...ring, company_id: 99 }] });
    await animationFrame();
    expect(".o_jewelry_alarm_bell").toHaveCount(0);
    expect.verifySteps(["asked"]);
});

test("asking again rings for what is new only", async () => {
    known = [ring];
    const service = await open();
    known = [ring, brooch];
    await service.refresh();
    await service.refresh();
    expect.verifySteps(["asked", "call-invitation", "asked", "call-invitation", "asked"]);
});

test("a click answers the one that is clicked", async () => {
    known = [ring, brooch];
    await open();
    patchWithCleanup(getService("action"), {
        doAction(action, { additionalContext }) {
            expect.step([action, additionalContext.default_alarm_ids]);
        },
    });
    await contains("[data-piece='P-6'] button[name=answer]").click();
    expect.verifySteps([
        "asked",
        "call-invitation",
        ["jewelry_rfid.jewelry_rfid_alarm_answer_action", [2]],
    ]);
});
