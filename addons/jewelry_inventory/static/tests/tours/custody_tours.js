import { registry } from "@web/core/registry";

const PIECE = "P-CASE";
const OPENED = "/odoo/action-jewelry_inventory.jewelry_case_opening_action";

/** Do what a scanner does: type a number faster than anybody, and end it with a key. */
function scan(code) {
    for (const key of [...code, "Enter"]) {
        document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    }
}

registry.category("web_tour.tours").add("jewelry_associate_opens_a_case", {
    url: OPENED,
    steps: () => [
        {
            content: "Open a case",
            trigger:
                ".o_list_buttons button:contains(Open a Case), .o_control_panel button:contains(Open a Case)",
            run: "click",
        },
        {
            content: "Say which",
            trigger: ".modal .o_field_widget[name=place_id] input",
            run: "edit Case of the tour",
        },
        {
            content: "Choose it",
            trigger: ".o-autocomplete--dropdown-item:contains(Case of the tour)",
            run: "click",
        },
        {
            content: "Open it",
            trigger: ".modal button[name=action_open]",
            run: "click",
        },
        {
            content: "It is open: scan a piece that shall be shown",
            trigger: ".o_jewelry_case_scan",
            run: () => scan(PIECE),
        },
        {
            content: "It is out, and it is told so",
            trigger: `.o_jewelry_case_scan .alert-success:contains(${PIECE} is out)`,
        },
        {
            content: "It stands in the list",
            trigger: `.o_field_widget[name=item_ids] .o_data_row:contains(${PIECE})`,
        },
        {
            content: "Scan the label of another store",
            trigger: ".o_jewelry_case_scan",
            run: () => scan("FOREIGN-1"),
        },
        {
            content: "It is told, and nothing is lost",
            trigger: ".o_jewelry_case_scan .alert-danger:contains(FOREIGN-1)",
        },
        { content: "Try to close the case", trigger: "button[name=action_close]", run: "click" },
        {
            content: "What is out is named",
            trigger: `.modal .modal-body:contains(${PIECE})`,
        },
        { content: "See", trigger: ".modal .modal-footer button", run: "click" },
        {
            content: "Type the number to put it back",
            trigger: "body:not(:has(.modal)) .o_jewelry_case_scan input",
            run: `edit ${PIECE} && press Enter`,
        },
        {
            content: "It is back",
            trigger: `.o_jewelry_case_scan .alert-success:contains(${PIECE} is back)`,
        },
        { content: "Close the case", trigger: "button[name=action_close]", run: "click" },
        {
            content: "It is closed",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Closed)",
        },
    ],
});

registry.category("web_tour.tours").add("jewelry_auditor_looks_at_custody", {
    url: "/odoo/custody",
    steps: () => [
        {
            content: "What is above its limit is red, with both amounts",
            trigger: ".o_jewelry_custody_limit[data-level=over] .progress-bar.bg-danger",
        },
        {
            content: "The place and its amount",
            trigger: ".o_jewelry_custody_place:contains(Case of the tour):contains(9,000.00)",
        },
        {
            content: "Look at the limits of the night",
            trigger: ".o_jewelry_custody button[name=closed]",
            run: "click",
        },
        {
            content: "They are others",
            trigger: ".o_jewelry_custody_limit:contains(At night)",
        },
        {
            content: "Look at the goods of the place",
            trigger: ".o_jewelry_custody_place button:contains(Case of the tour)",
            run: "click",
        },
        {
            content: "It is the piece, and nothing can be made there",
            trigger: `.o_list_view:not(:has(.o_list_button_add)) .o_data_row:contains(${PIECE})`,
        },
    ],
});

registry.category("web_tour.tours").add("jewelry_manager_exceeds_a_limit", {
    steps: () => [
        {
            content: "Validate the transfer",
            trigger: ".o_statusbar_buttons button[name=button_validate]",
            run: "click",
        },
        {
            content: "More than is insured would be there",
            trigger: ".modal .alert-danger:contains(insured up to)",
        },
        {
            content: "Say why it is moved all the same",
            trigger: ".modal .o_field_widget[name=reason] input",
            run: "edit The safe is being repaired",
        },
        { content: "Move", trigger: ".modal button[name=action_confirm]", run: "click" },
        {
            content: "It is done",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Done)",
        },
    ],
});
