import { registry } from "@web/core/registry";

const PIECES = "/odoo/action-jewelry_inventory.stock_lot_action_pieces";
const PARCELS = "/odoo/action-jewelry_inventory.stock_lot_action_parcels";

registry.category("web_tour.tours").add("jewelry_keeper_sets_a_stone", {
    url: PIECES,
    steps: () => [
        {
            content: "Open the mount",
            trigger: ".o_kanban_record:contains(P-MOUNT)",
            run: "click",
        },
        {
            content: "Set stones",
            trigger: ".o_statusbar_buttons button:contains(Set Stones)",
            run: "click",
        },
        {
            content: "Scan the stone",
            trigger: ".modal .o_field_widget[name=scan] input",
            run: "edit P-STONE && press Enter",
        },
        {
            content: "It is picked, and the piece is shown as it will be",
            trigger: ".modal .o_field_widget[name=gross_after]:contains(5.300)",
        },
        {
            content: "Look at it as a draft first",
            trigger: ".modal button[name=action_prepare]",
            run: "click",
        },
        {
            content: "Everything balances",
            trigger: ".o_field_widget[name=balance_html] .fa-check",
        },
        {
            content: "Nothing is missing",
            trigger: ".o_field_widget[name=balance_html]:not(:has(.text-danger))",
        },
        { content: "Do it", trigger: "button[name=action_done]", run: "click" },
        {
            content: "Done",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Done)",
        },
        { content: "Undo it", trigger: "button[name=action_reverse]", run: "click" },
        { content: "Really", trigger: ".modal-footer .btn-primary", run: "click" },
        {
            content: "The opposite is shown: the stone was unset",
            trigger: ".o_field_widget[name=reversal_of_id]",
        },
        {
            content: "And is done",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Done)",
        },
    ],
});

registry.category("web_tour.tours").add("jewelry_keeper_hands_a_parcel_out", {
    url: PARCELS,
    steps: () => [
        {
            content: "Open the parcel",
            trigger: ".o_data_row:contains(PC-TOUR) .o_data_cell[name=name]",
            run: "click",
        },
        {
            content: "Hand some out",
            trigger: ".o_statusbar_buttons button:contains(Hand Out)",
            run: "click",
        },
        {
            content: "To the bench",
            trigger: ".modal .o_field_widget[name=place_id] input",
            run: "edit Bench of the tour",
        },
        {
            content: "Choose it",
            trigger: ".o-autocomplete--dropdown-item:contains(Bench of the tour)",
            run: "click",
        },
        {
            content: "Weigh",
            trigger: ".modal .o_field_widget[name=quantity] input",
            run: "edit 2 && press Tab",
        },
        {
            content: "The count is proposed",
            trigger: ".modal .o_field_widget[name=stone_count] input:value(40)",
        },
        { content: "Hand out", trigger: ".modal button[name=action_issue]", run: "click" },
        {
            content: "Counted by place",
            trigger: ".o_field_widget[name=stock_quant_ids] .o_data_row:contains(40)",
        },
        {
            content: "Take back",
            trigger: ".o_statusbar_buttons button:contains(Take Back)",
            run: "click",
        },
        {
            content: "Weigh what came",
            trigger: ".modal .o_field_widget[name=quantity] input",
            run: "edit 1.5",
        },
        {
            content: "Count it: the stones are smaller",
            trigger: ".modal .o_field_widget[name=stone_count] input",
            run: "edit 36 && press Tab",
        },
        {
            content: "Somebody may have swapped them",
            trigger: ".modal .alert-warning:contains(-16.7)",
        },
        {
            content: "Counted again: 30",
            trigger: ".modal .o_field_widget[name=stone_count] input",
            run: "edit 30 && press Tab",
        },
        { content: "That is as it was", trigger: ".modal:not(:has(.alert-warning))" },
        { content: "Take back", trigger: ".modal button[name=action_return]", run: "click" },
        {
            content: "Ten are still at the bench",
            trigger: ".o_field_widget[name=stock_quant_ids] .o_data_row:contains(10)",
        },
    ],
});
