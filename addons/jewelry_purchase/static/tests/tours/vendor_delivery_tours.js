import { registry } from "@web/core/registry";

const LIST = [
    "Number,Cost,Gross,Alloy,Stone,Shape,Carat,Lab,Report",
    "V-TOUR-1,900,3.42,18K Yellow Gold,Diamond,Round,1.00,GIA,7141438171",
    "V-TOUR-2,100,2.10,18K Yellow Gold,,,,,",
].join("\n");

registry.category("web_tour.tours").add("jewelry_keeper_receives_pieces", {
    steps: () => [
        {
            content: "Open the table of the pieces",
            trigger: ".o_statusbar_buttons button[name=action_enter_pieces]",
            run: "click",
        },
        {
            content: "A line is there for each expected piece",
            trigger: ".modal .o_field_widget[name=line_ids] .o_data_row:nth-child(2)",
        },
        {
            content: "Paste the vendor's list",
            trigger: ".modal .o_field_widget[name=pasted] textarea",
            // A text of several lines is too much for the short form of `run`.
            run: (helpers) => helpers.edit(LIST),
        },
        {
            content: "Fill the table",
            trigger: ".modal button[name=action_read_list]",
            run: "click",
        },
        {
            content: "The table has numbers, stones and reports",
            trigger: ".modal .o_data_row:contains(V-TOUR-1):contains(7141438171)",
        },
        {
            content: "The sum is that of the order",
            trigger: ".modal .o_field_widget[name=entered_cost]:contains(1,000.00)",
        },
        {
            content: "Put the pieces on the delivery",
            trigger: ".modal button[name=action_apply]",
            run: "click",
        },
        {
            content: "Receive them",
            trigger:
                "body:not(.modal-open) .o_statusbar_buttons button[name=button_validate]:visible",
            run: "click",
        },
        {
            content: "They are here",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Done)",
        },
    ],
});
