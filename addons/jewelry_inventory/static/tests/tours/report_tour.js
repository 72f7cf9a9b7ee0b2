import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("jewelry_keeper_looks_up_a_report", {
    steps: () => [
        {
            content: "Look up a report from the stone",
            trigger: ".o_form_view button:contains('Look Up Report')",
            run: "click",
        },
        {
            content: "A number that the laboratory does not know",
            trigger: ".modal .o_field_widget[name='number'] input",
            run: "edit 1234567890",
        },
        {
            trigger: ".modal button[name='action_look_up']",
            run: "click",
        },
        {
            content: "One line says so, and the number is still there to be corrected",
            trigger: ".modal .alert-danger:contains('shows no report 1234567890')",
        },
        {
            trigger: ".modal .o_field_widget[name='number'] input",
            run: "edit 9000 000 001",
        },
        {
            trigger: ".modal button[name='action_look_up']",
            run: "click",
        },
        {
            content: "What differs is flagged, with the text as printed",
            trigger: ".modal tr.text-danger:contains('Colour'):contains('Differs')",
        },
        {
            content: "Take the laboratory's colour over",
            trigger:
                ".modal tr.text-danger:contains('Colour') .o_field_widget[name='is_taken'] input",
            run: "click",
        },
        {
            content: "The whole report is there to read",
            trigger: ".modal .nav-link:contains('As Printed')",
            run: "click",
        },
        {
            trigger: ".modal td:contains('6.41 - 6.43 x 3.97 mm')",
        },
        {
            trigger: ".modal .modal-footer button[name='action_apply']",
            run: "click",
        },
        {
            content: "The report opens",
            trigger: ".o_last_breadcrumb_item:contains('GIA 9000000001')",
        },
    ],
});
