import { patch } from "@web/core/utils/patch";
import { ProductTemplateAccounting } from "@point_of_sale/app/models/accounting/product_template_accounting";

/** Prices that start from a cost come from the server: no browser has the cost, or the rule. */
patch(ProductTemplateAccounting.prototype, {
    getPrice(pricelist, quantity, price_extra = 0, recurring = false, variant = false) {
        const product = variant || this.product_variant_ids?.[0];
        const told = pricelist && product && getToldPrice(product, pricelist, quantity);
        return told ? told.price : super.getPrice(...arguments);
    },
});

/** @returns {{price: number}|undefined} what the server said of so many under the pricelist */
function getToldPrice(product, pricelist, quantity) {
    const steps = product._told_prices?.[pricelist.id] || [];
    const step = steps.find(([from]) => from <= quantity);
    return step && step[1] !== false ? { price: step[1] } : undefined;
}
