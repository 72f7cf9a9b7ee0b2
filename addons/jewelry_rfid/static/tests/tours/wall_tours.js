import { registry } from "@web/core/registry";

const CASE = ".o_jewelry_wall_tile[data-zone='Case of the tour']";
const WINDOW = ".o_jewelry_wall_tile[data-zone='Window of the tour']";

registry.category("web_tour.tours").add("jewelry_rfid_associate_looks_at_the_wall", {
    steps: () => [
        {
            content: "One of two pieces is in the case",
            trigger: `${CASE}:contains(1 / 2):contains(1 missing)`,
        },
        {
            content: "The other is seen in the window, where it should not be",
            trigger: `${WINDOW}:contains(1 / 0):contains(1 of elsewhere)`,
        },
        { content: "See which", trigger: ".o_jewelry_wall button[name=elsewhere]", run: "click" },
        {
            content: "It is named, and an associate decides nothing",
            trigger:
                ".o_list_view:not(:has(button[name=action_accept])) .o_data_row:contains(P-ASTRAY)",
        },
        {
            content: "Open the piece",
            trigger: ".o_data_row .o_data_cell:contains(P-ASTRAY)",
            run: "click",
        },
        {
            content: "It says where it is seen",
            trigger: ".o_form_view:contains(Window of the tour):contains(not its place)",
        },
    ],
});

registry.category("web_tour.tours").add("jewelry_rfid_keeper_moves_what_is_seen_elsewhere", {
    url: "/odoo/seen-elsewhere",
    steps: () => [
        {
            content: "Move it there in the books",
            trigger: ".o_data_row:contains(P-ASTRAY) button[name=action_accept]",
            run: "click",
        },
        {
            content: "Nothing is left to decide",
            trigger: ".o_list_view:not(:has(.o_data_row:contains(P-ASTRAY)))",
        },
    ],
});

registry.category("web_tour.tours").add("jewelry_rfid_manager_makes_a_key", {
    steps: () => [
        { content: "Make a key", trigger: "button[name=action_make_key]", run: "click" },
        {
            content: "Show that it is you",
            trigger: ".modal .o_field_widget[name=password] input",
            run: "edit manager",
        },
        { content: "Go on", trigger: ".modal button:contains(Confirm)", run: "click" },
        {
            content: "The key is shown, once",
            trigger: ".modal:contains(It is shown this once) .o_field_widget[name=key]:not(:empty)",
        },
        { content: "Copied", trigger: ".modal button:contains(I Have Copied It)", run: "click" },
        { content: "It is told when it ends", trigger: ".o_field_widget[name=key_expiration]" },
    ],
});
