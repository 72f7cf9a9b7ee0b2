import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { animationFrame } from "@odoo/hoot-mock";
import { patchWithCleanup } from "@web/../tests/web_test_helpers";
import { Deferred } from "@web/core/utils/concurrency";
import { mountPosDialog } from "@point_of_sale/../tests/unit/utils";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { LayawayDialog } from "@jewelry_pos_layaway/app/components/layaway_dialog/layaway_dialog";
import { LayawayTerms } from "@jewelry_pos_layaway/app/components/layaway_terms/layaway_terms";
import { BEGUN, setupLayawayEnv } from "./utils";

definePosModels();

const PROPOSAL = {
    kind: "layaway",
    terms: [
        { id: 1, name: "Five months" },
        { id: 2, name: "Three months" },
    ],
    term_id: 1,
    total: 300,
    minimum: 60,
    first: 60,
    schedule: [
        { date: "01/01/2027", amount: 60 },
        { date: "02/01/2027", amount: 240 },
    ],
    conditions: ["May be cancelled for nothing within 7 days"],
    problem: "",
};
let answers, asked, order, product, taken;

/** A register with a piece on its order, and a server that proposes. */
beforeEach(async () => {
    taken = [];
    ({ answers, asked, order, product } = await setupLayawayEnv({
        takeBegunLayaway(of, layaway, lines) {
            taken.push([layaway.name, lines.length]);
        },
        async takeFirstPayment(of, layaway) {
            taken.push([layaway.deposit.number, layaway.state]);
        },
        forgetLayaway() {
            taken.push(["forgotten"]);
        },
    }));
    answers.propose_layaway = PROPOSAL;
});

/** Mount a dialog; core's helper knows only props that are listed. */
function mount(component, props) {
    const known = component.props;
    patchWithCleanup(component, { props: Array.isArray(known) ? known : Object.keys(known) });
    return mountPosDialog(component, props);
}

/** @returns {Object} the cart that the server was asked about last */
function lastCart(method = "propose_layaway") {
    return asked.filter(([name]) => name === method).at(-1)?.[1];
}

describe("what a customer agrees to", () => {
    let dialog;

    beforeEach(async () => {
        dialog = await mount(LayawayDialog, { order });
        await animationFrame();
    });

    test("the schedule of the server is shown, and nothing is reckoned here", () => {
        expect(".o_jewelry_layaway_schedule tbody tr").toHaveCount(2);
        expect(".o_jewelry_layaway_schedule tfoot").toHaveText(/300/);
        expect(lastCart().lines.map(({ piece_id, price_unit }) => [piece_id, price_unit])).toEqual([
            [1, 300],
        ]);
        expect(lastCart().term_id).toBe(false);
    });

    test("another term is asked about, with its own least first payment", async () => {
        dialog.state.first = "100";
        await dialog.setTerm(2);
        expect([lastCart().term_id, lastCart().amount_first]).toEqual([2, false]);
    });

    test("what is typed is the first payment, unless it is no number", () => {
        dialog.state.first = "100.5";
        expect(dialog.cart.amount_first).toBe(100.5);
        dialog.state.first = "much";
        expect(dialog.cart.amount_first).toBe(false);
    });

    test("of two answers that of the last question is shown", async () => {
        const slow = new Deferred();
        answers.propose_layaway = ({ term_id }) => (term_id === 2 ? slow : PROPOSAL);
        const late = dialog.setTerm(2);
        await dialog.setTerm(1);
        slow.resolve({ ...PROPOSAL, total: 999 });
        await late;
        expect(dialog.state.proposal.total).toBe(300);
    });

    test("what the server has against it is told, and nothing can be begun", async () => {
        answers.propose_layaway = { ...PROPOSAL, schedule: [], problem: "60.00 at least" };
        await dialog.propose();
        await animationFrame();
        expect(".o_jewelry_layaway .alert-danger").toHaveText("60.00 at least");
        expect(".o_jewelry_layaway_begin").not.toBeEnabled();
    });

    test("one like the sample is made only of a special order", async () => {
        await dialog.setKind("special_order");
        await dialog.setMade(dialog.state.rows[0], true);
        expect([lastCart().kind, lastCart().lines[0].is_made]).toEqual(["special_order", true]);
        await dialog.setKind("layaway");
        expect(lastCart().lines[0].is_made).toBe(false);
    });

    test("a style of which nothing is here is found by its name, and ordered", async () => {
        await dialog.setKind("special_order");
        expect(dialog.offered).toEqual([]);
        dialog.state.query = product.display_name.toUpperCase();
        expect(dialog.offered.map(({ id }) => id)).toEqual([product.id]);
        await dialog.addStyle(product);
        const [, line] = lastCart().lines;
        expect([line.product_id, line.piece_id, line.is_made]).toEqual([product.id, false, true]);
        await dialog.remove(dialog.state.rows[1]);
        expect(lastCart().lines.length).toBe(1);
    });

    test("what was typed last is begun, and its terms come next", async () => {
        answers.start_layaway = BEGUN;
        dialog.state.first = "80";
        await dialog.begin();
        expect(lastCart("start_layaway").amount_first).toBe(80);
        expect(taken).toEqual([["L/1", 1]]);
    });

    test("without the server nothing is begun, and that is said", async () => {
        await dialog.begin();
        expect(taken).toEqual([]);
        expect(dialog.state.error).toMatch(/cannot be reached/);
    });
});

describe("what a customer signs", () => {
    let dialog;

    beforeEach(async () => {
        dialog = await mount(LayawayTerms, { order, layaway: BEGUN });
        await animationFrame();
    });

    test("the terms of the server are read", () => {
        expect(".o_jewelry_terms").toHaveText("What you pay, and when");
        expect(dialog.isDraft).toBe(false);
    });

    test("nobody signs without a name and a stroke", () => {
        expect(dialog.canSign).toBe(false);
        dialog.signature.isSignatureEmpty = false;
        expect(dialog.canSign).toBe(true);
        dialog.signature.name = " ";
        expect(dialog.canSign).toBe(false);
    });

    test("a stroke is sent with the name, and the first payment comes next", async () => {
        answers.sign_layaway = { ...BEGUN, state: "signed" };
        dialog.signature.getSignatureImage = () => "data:image/png;base64,QUJD";
        await dialog.sign();
        expect(asked.at(-1)).toEqual(["sign_layaway", 7, "Client", "QUJD", false]);
        expect(taken).toEqual([["D/1", "signed"]]);
    });

    test("a signature that is refused goes no further", async () => {
        await dialog.signBy("QUJD", false);
        expect(taken).toEqual([]);
        expect(dialog.state.error).toMatch(/cannot be reached/);
    });

    test("what is refused is forgotten once the server has", async () => {
        await dialog.refuse();
        expect(taken).toEqual([]);
        answers.refuse_layaway = true;
        await dialog.refuse();
        expect(asked.at(-1)).toEqual(["refuse_layaway", 7]);
        expect(taken).toEqual([["forgotten"]]);
    });
});
