import { registry } from "@web/core/registry";

const CHIP = "ABCD0000000000000000000";

/** Do what a desk reader does: type a number faster than anybody, and end it with a key. */
function read(code) {
    for (const key of [...code, "Enter"]) {
        document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    }
}

/** Read a chip, and wait until it is on its piece. */
function tag(piece, number) {
    return [
        {
            content: `Read the chip of ${piece}`,
            trigger: `.modal .o_field_widget[name=lot_id] input:value(${piece})`,
            run: () => read(`${CHIP}${number}`),
        },
        {
            content: `${piece} has it, and it is told so`,
            trigger: `.modal .o_jewelry_tag_scan .alert-success:contains(${piece} has the tag)`,
        },
        {
            content: `${piece} stands in the list`,
            trigger: `.modal .o_field_widget[name=tag_ids] .o_data_row:contains(${piece})`,
        },
    ];
}

registry.category("web_tour.tours").add("jewelry_keeper_tags_three_pieces", {
    url: "/odoo/action-jewelry_inventory.stock_lot_action_pieces",
    steps: () => [
        {
            content: "Show the pieces of the tour",
            trigger: ".o_searchview_input",
            run: "edit P-TAG && press Enter",
        },
        { content: "As a list", trigger: ".o_switch_view.o_list", run: "click" },
        {
            content: "Choose all",
            trigger: ".o_list_view .o_data_row:contains(P-TAG1)",
            run() {
                document.querySelector(".o_list_view thead .o_list_record_selector input").click();
            },
        },
        {
            content: "Open the actions",
            trigger: ".o_cp_action_menus button:has(.fa-cog)",
            run: "click",
        },
        {
            content: "Tag them",
            trigger: ".o-dropdown--menu .o-dropdown-item:contains(Tag Pieces)",
            run: "click",
        },
        {
            content: "The desk reader reads a blank chip",
            trigger: ".modal .o_jewelry_tag_scan",
            run: () => read("000000000000000000000000"),
        },
        {
            content: "It is told, and the piece waits",
            trigger: ".modal .o_jewelry_tag_scan .alert-danger:contains(blank)",
        },
        ...tag("P-TAG1", 1),
        ...tag("P-TAG2", 2),
        {
            content: "The chip of another piece is read",
            trigger: ".modal .o_field_widget[name=lot_id] input:value(P-TAG3)",
            run: () => read(`${CHIP}1`),
        },
        {
            content: "It is refused by the name of that piece",
            trigger: ".modal .o_jewelry_tag_scan .alert-danger:contains(P-TAG1)",
        },
        ...tag("P-TAG3", 3),
        {
            content: "The first chip is dead: scan the label of its piece",
            trigger: ".modal .o_jewelry_tag_scan input",
            run: "edit P-TAG1 && press Enter",
        },
        {
            content: "Say why it gets another one",
            trigger: ".modal .o_field_widget[name=reason] input",
            run: "edit Chip is dead",
        },
        {
            content: "Read the other one",
            trigger: ".modal .o_jewelry_tag_scan input",
            run: `edit ${CHIP}4 && press Enter`,
        },
        {
            content: "It is on the piece",
            trigger: `.modal .o_jewelry_tag_scan .alert-success:contains(${CHIP}4)`,
        },
        { content: "Close", trigger: ".modal .modal-footer .btn:contains(Close)", run: "click" },
        {
            content: "Open the piece",
            trigger:
                "body:not(:has(.modal)) .o_list_view .o_data_row:contains(P-TAG1) .o_data_cell",
            run: "click",
        },
        {
            content: "It tells of both tags",
            trigger: ".o_form_view .nav-link:contains(Tags)",
            run: "click",
        },
        {
            content: "The old one is retired",
            trigger:
                ".o_field_widget[name=rfid_tag_ids] .o_data_row:contains(Retired):contains(Chip is dead)",
        },
        {
            content: "The new one is live",
            trigger: `.o_field_widget[name=rfid_tag_ids] .o_data_row:contains(Live):contains(${CHIP}4)`,
        },
    ],
});
