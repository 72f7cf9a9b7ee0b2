import { _t } from "@web/core/l10n/translation";

/**
 * @param {Object} piece of the catalog
 * @returns {string} what tells pieces of one style apart
 */
export function getPieceFacts({ carat_weight, ring_circumference, labels }) {
    return [
        carat_weight && _t("%s ct", carat_weight.toFixed(2)),
        labels.shape_id,
        labels.color_grade_id,
        labels.clarity_grade_id,
        labels.cut_grade_id,
        labels.alloy_id,
        ring_circumference && _t("%s mm", ring_circumference.toFixed(1)),
    ]
        .filter(Boolean)
        .join(" · ");
}
