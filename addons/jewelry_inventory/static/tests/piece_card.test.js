import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { describe, expect, press, queryAllTexts, test } from "@odoo/hoot";
import { animationFrame } from "@odoo/hoot-mock";
import { contains, getService, mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import { WebClient } from "@web/webclient/webclient";

describe.current.tags("desktop");
defineMailModels();

const CARD = {
    number: "P-000007",
    title: "Solitaire Aurora",
    status: false,
    price: "$ 9,000.00",
    photos: [
        { small: "/web/image/1", large: "/web/image/1" },
        { small: "/web/image/2", large: "/web/image/2" },
    ],
    facts: [{ label: "Metal", value: "18K Yellow Gold (750 ‰)" }],
    stones: [
        {
            id: 1,
            name: "Round Diamond",
            carat: "1.02",
            color: "G",
            clarity: "VS1",
            cut: "Excellent",
            origin: "Natural",
            treatments: "",
        },
    ],
    reports: [{ id: 1, laboratory: "GIA", number: "2141438171", url: false }],
    company: "My Shop",
};

/** Open the card over a screen to come back to. */
async function openCard(card = CARD) {
    onRpc("stock.lot", "get_client_card", ({ args }) => {
        expect.step(`card ${args[0]}`);
        return { ...card, number: `P-${args[0]}` };
    });
    await mountWithCleanup(WebClient);
    await getService("action").doAction({
        type: "ir.actions.client",
        tag: "jewelry_piece_card",
        target: "fullscreen",
        params: { piece_id: 7 },
    });
    await animationFrame();
}

test("the card tells a client what there is to tell", async () => {
    await openCard();
    expect.verifySteps(["card 7"]);
    expect(".o_main_navbar").toHaveCount(0);
    expect("h1").toHaveText("Solitaire Aurora");
    expect(".o_jewelry_card_price").toHaveText("$ 9,000.00");
    expect("dd").toHaveText("18K Yellow Gold (750 ‰)");
    expect(queryAllTexts(".o_jewelry_card_stones tbody td")).toEqual([
        "Round Diamond\nNatural",
        "1.02",
        "G",
        "VS1",
        "Excellent",
    ]);
    expect("li").toHaveText("GIA 2141438171");
});

test("the price can be hidden and shown again", async () => {
    await openCard();
    await contains(".o_jewelry_card_price_toggle").click();
    expect(".o_jewelry_card_price").toHaveCount(0);
    await contains(".o_jewelry_card_price_toggle").click();
    expect(".o_jewelry_card_price").toHaveCount(1);
    expect.verifySteps(["card 7"]);
});

test("arrows turn the photos around and around", async () => {
    await openCard();
    const photo = ".o_jewelry_card_photo[data-src$='2'], .o_jewelry_card_photo[src$='2']";
    expect(photo).toHaveCount(0);
    await press("ArrowRight");
    await animationFrame();
    expect(photo).toHaveCount(1);
    await press("ArrowRight");
    await animationFrame();
    expect(photo).toHaveCount(0);
    await press("ArrowLeft");
    await animationFrame();
    expect(photo).toHaveCount(1);
    expect.verifySteps(["card 7"]);
});

test("a piece without photos, stones and price is shown all the same", async () => {
    await openCard({ ...CARD, photos: [], stones: [], reports: [], price: false });
    expect(".o_jewelry_card_blank").toHaveCount(1);
    expect("table").toHaveCount(0);
    expect(".o_jewelry_card_price_toggle").toHaveCount(0);
    expect.verifySteps(["card 7"]);
});

test("scanning another piece shows its card, not its form", async () => {
    onRpc("stock.lot", "open_by_scan", () => ({ res_id: 9 }));
    await openCard();
    for (const char of "P-000009") {
        await press(char);
    }
    await press("Enter");
    await animationFrame();
    expect.verifySteps(["card 7", "card 9"]);
    expect("p.text-muted").toHaveText("P-9");
});
