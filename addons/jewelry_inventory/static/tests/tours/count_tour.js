import { registry } from "@web/core/registry";

const COUNTS = "/odoo/action-jewelry_inventory.jewelry_count_action";

/** Type as a scanner does: fast, with Enter behind it, and nothing has the focus. */
function scan(code, shown) {
    return [
        {
            content: `Scan ${code}`,
            trigger: ".o_jewelry_count",
            run: () => {
                document.activeElement.blur();
                for (const key of [...code, "Enter"]) {
                    document.body.dispatchEvent(
                        new KeyboardEvent("keydown", { key, bubbles: true })
                    );
                }
            },
        },
        { content: `${code} is shown`, trigger: `.o_jewelry_count_last${shown}` },
    ];
}

const total = (number) => ({
    content: `${number} pieces`,
    trigger: `.o_jewelry_count_total:contains(/^${number}$/)`,
});

registry.category("web_tour.tours").add("jewelry_associate_counts_a_case", {
    url: COUNTS,
    steps: () => [
        { content: "Begin a count", trigger: ".o_list_button_add", run: "click" },
        {
            content: "Choose the place",
            trigger: ".o_field_widget[name=place_ids] input",
            run: "edit Tour case",
        },
        {
            content: "It is there",
            trigger: ".dropdown-item:contains(Tour case)",
            run: "click",
        },
        { content: "Count", trigger: "button[name=action_count]", run: "click" },
        total(0),
        ...scan("TOUR-1", ".o_jewelry_count_counted:contains(TOUR-1)"),
        ...scan("TOUR-2", ".o_jewelry_count_counted:contains(TOUR-2)"),
        total(2),
        ...scan("TOUR-2", ".o_jewelry_count_repeated:contains(Counted already)"),
        total(2),
        ...scan("NOBODYS", ".o_jewelry_count_unknown:contains(Not a number of ours)"),
        total(2),
        ...scan("TOUR-9", ".o_jewelry_count_counted:contains(TOUR-9)"),
        { content: "That was a slip", trigger: ".o_jewelry_count_undo", run: "click" },
        { content: "It is taken back", trigger: ".o_jewelry_count_undone:contains(Taken back)" },
        total(2),
        {
            content: "Type the number of a torn label",
            trigger: "input[name=code]",
            run: "edit TOUR-3",
        },
        { content: "Count it", trigger: ".o_jewelry_count_code button", run: "click" },
        total(3),
        { content: "Everything has arrived", trigger: ".o_jewelry_count_saved" },
        { content: "Finish", trigger: ".o_jewelry_count_finish", run: "click" },
        {
            content: "Sign",
            trigger: ".modal:contains(3 pieces) .modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "What is missing is listed, and what lies here and should not",
            trigger: ".o_data_row:contains(Missing):contains(TOUR-4)",
        },
        {
            content: "What belongs elsewhere, too",
            trigger: ".o_data_row:contains(Wrong Place):contains(TOUR-3)",
        },
    ],
});

registry.category("web_tour.tours").add("jewelry_keeper_applies_a_count", {
    url: COUNTS,
    steps: () => [
        {
            content: "Open the count",
            trigger: ".o_data_row:contains(Tour case):contains(Counted) .o_data_cell",
            run: "click",
        },
        {
            content: "What is missing is searched for first: do not apply it",
            trigger: ".o_data_row:contains(TOUR-4) [name=to_apply]",
            run: "click",
        },
        {
            content: "It is unticked",
            trigger: ".o_data_row:contains(TOUR-4) [name=to_apply] input:not(:checked)",
        },
        { content: "Apply", trigger: "button[name=action_apply]", run: "click" },
        {
            content: "It is applied",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Applied)",
        },
    ],
});
