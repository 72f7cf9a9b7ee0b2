import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { patchWithCleanup } from "@web/../tests/web_test_helpers";
import { setupPosEnv } from "@point_of_sale/../tests/unit/utils";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { PosOrderline } from "@point_of_sale/app/models/pos_order_line";
import { PosStore } from "@point_of_sale/app/services/pos_store";
import { addProductLineToOrder } from "@pos_loyalty/../tests/unit/utils";

definePosModels();

const PAID_AHEAD = "paid ahead";
let models, order;

/** An order of two things at 10, and 500 that are paid ahead. */
beforeEach(async () => {
    patchWithCleanup(PosStore.prototype, {
        async loadPieces() {},
        async savePieces() {},
    });
    patchWithCleanup(PosOrderline.prototype, {
        isMoney() {
            return this.customer_note === PAID_AHEAD || super.isMoney();
        },
    });
    const store = await setupPosEnv();
    models = store.models;
    order = store.addNewOrder();
    await addProductLineToOrder(store, order, { qty: 2 });
    await addProductLineToOrder(store, order, { price_unit: 500, customer_note: PAID_AHEAD });
});

/** Return the points that a program for all products gives, after its rule was changed. */
function count(values) {
    const rule = models["loyalty.rule"].get(4);
    rule.update(values);
    const [entry] = order.pointsForPrograms([rule.program_id])[rule.program_id.id];
    return entry?.points;
}

describe("money that is paid ahead", () => {
    test("is on the order all the same", () => {
        expect(order.getOrderlines().length).toBe(2);
        expect(order.priceIncl).toBe(520);
    });

    test("earns no points by amount or by number", () => {
        expect(count({ reward_point_mode: "money" })).toBe(20);
        expect(count({ reward_point_mode: "unit" })).toBe(2);
    });

    test("does not bring the order to the least amount of a program", () => {
        expect(count({ minimum_amount: 100 })).toBe(undefined);
    });

    test("is nothing that a coupon takes something off", () => {
        const reward = models["loyalty.reward"].get(1);
        expect(order._getDiscountableOnOrder(reward).discountable).toBe(20);
        reward.update({ discount_applicability: "specific" });
        expect(order._getDiscountableOnSpecific(reward).discountable).toBe(20);
    });

    test("is not the cheapest thing of the order", () => {
        const [goods, money] = order.getOrderlines();
        money.setUnitPrice(1);
        const reward = models["loyalty.reward"].get(1);
        expect(order._getCheapestLine(reward)?.uuid).toBe(goods.uuid);
    });

    test("is paid by cards", () => {
        const reward = models["loyalty.reward"].get(1);
        reward.program_id.update({ program_type: "ewallet" });
        expect(order._getDiscountableOnOrder(reward).discountable).toBe(520);
    });

    test("is none of the things that were bought", () => {
        expect(order._computeNItems(models["loyalty.rule"].get(4))).toBe(2);
    });
});
