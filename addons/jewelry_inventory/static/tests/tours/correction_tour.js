import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("jewelry_manager_corrects_a_weight", {
    steps: () => [
        {
            trigger: ".o_form_view button:contains('Correct')",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='reason'] input",
            run: "edit Digits were swapped",
        },
        {
            trigger: ".modal .modal-footer button[name='action_correct']",
            run: "click",
        },
        {
            trigger: ".modal .nav-link:contains('Weight')",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='gross_weight'] input",
            run: "edit 4.5",
        },
        {
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_form_view",
        },
    ],
});
