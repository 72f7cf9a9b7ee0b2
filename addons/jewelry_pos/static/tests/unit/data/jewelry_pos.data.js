import { patch } from "@web/core/utils/patch";
import { PosConfig } from "@point_of_sale/../tests/unit/data/pos_config.data";
import { ProductTemplate } from "@point_of_sale/../tests/unit/data/product_template.data";

patch(ProductTemplate.prototype, {
    _load_pos_data_fields() {
        return [...super._load_pos_data_fields(), "jewelry_kind"];
    },
});

patch(PosConfig.prototype, {
    /** A store without pieces; tests put theirs into the catalog. */
    load_piece_catalog() {
        return { cursor: "2026-01-01 00:00:00", columns: { id: [] }, labels: {}, gone: [] };
    },
});
