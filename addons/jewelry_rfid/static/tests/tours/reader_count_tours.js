import { registry } from "@web/core/registry";

const TOTAL = ".o_jewelry_reader_total";

registry.category("web_tour.tours").add("jewelry_rfid_manager_counts_by_readers", {
    steps: () => [
        {
            content: "Let the readers count",
            trigger: "button[name=action_count_by_readers]",
            run: "click",
        },
        { content: "Nothing is found yet", trigger: `${TOTAL}:contains(0 of 3)` },
        {
            content: "The missing are shown with pictures",
            trigger: "[data-kind=missing]:contains(P-FIRST) img[alt=P-FIRST]",
        },
        {
            // Meanwhile the readers see two of them, and one that belongs elsewhere.
            content: "Look away, and again",
            trigger: TOTAL,
            run: () => document.dispatchEvent(new Event("visibilitychange")),
        },
        {
            content: "The screen has followed",
            trigger: `${TOTAL}:contains(2 of 3)`,
            timeout: 20000,
        },
        {
            content: "One is missing still",
            trigger: "[data-kind=missing]:contains(P-THIRD):not(:contains(P-FIRST))",
        },
        { content: "One lies here", trigger: "[data-kind=misplaced]:contains(P-STRAY)" },
        { content: "One is nobody's", trigger: "[data-kind=unknown]:contains(3066C440)" },
        { content: "Finish", trigger: "button[name=finish]", run: "click" },
        { content: "Sign", trigger: ".modal button:contains(Sign)", run: "click" },
        {
            content: "The count is closed, with its differences",
            trigger: ".o_form_view .o_field_widget[name=line_ids]:contains(P-THIRD)",
        },
        {
            content: "What nobody knows is listed",
            trigger: ".o_notebook a[name=unknown_tags]",
            run: "click",
        },
        { content: "By its number", trigger: ".o_data_row:contains(3066C440)" },
    ],
});

registry.category("web_tour.tours").add("jewelry_rfid_associate_looks_at_a_count", {
    steps: () => [
        { content: "Look", trigger: "button[name=action_view_live]", run: "click" },
        {
            content: "How much was read is shown, and no more",
            trigger: `.o_jewelry_reader_count:not(:has(.progress)) ${TOTAL}:contains(3 pieces read)`,
        },
        { content: "Scan by hand", trigger: "button[name=scan]", run: "click" },
        { content: "The screen for scanning opens", trigger: ".o_jewelry_count" },
    ],
});
