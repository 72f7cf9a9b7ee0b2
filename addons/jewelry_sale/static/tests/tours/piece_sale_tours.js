import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

registry.category("web_tour.tours").add("jewelry_associate_sells_a_piece", {
    url: "/odoo/action-sale.action_quotations_with_onboarding/new",
    steps: () => [
        {
            content: "Name the client",
            trigger: ".o_field_widget[name=partner_id] input",
            run: "edit Client of the tour",
        },
        {
            content: "Take the known one",
            trigger: ".o-autocomplete--dropdown-item:contains(Client of the tour)",
            run: "click",
        },
        {
            content: "Add a line",
            trigger: ".o_field_x2many_list_row_add a:contains(Add a product)",
            run: "click",
        },
        {
            content: "Type the number of the piece",
            trigger: ".o_selected_row .o_field_widget[name=piece_id] input",
            run: "edit P-SALE-TOUR",
        },
        {
            content: "Take that piece",
            trigger: ".o-autocomplete--dropdown-item:contains(P-SALE-TOUR)",
            run: "click",
        },
        {
            content: "The line has the price of the piece",
            trigger: ".o_field_widget[name=price_unit] input:value(9,000.00)",
        },
        ...stepUtils.saveForm(),
        {
            content: "It says what the piece is",
            trigger: ".o_data_row:contains(No. P-SALE-TOUR):contains(Hallmark: 750)",
        },
        {
            content: "Nobody warns of another quotation",
            trigger: ".o_form_view:not(:has(.alert-warning:visible))",
        },
        {
            content: "Confirm",
            trigger: ".o_statusbar_buttons button[name=action_confirm]:visible",
            run: "click",
        },
        {
            content: "It is sold",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Sales Order)",
        },
    ],
});

registry.category("web_tour.tours").add("jewelry_clerk_invoices_a_piece", {
    steps: () => [
        {
            content: "The invoice names the piece",
            trigger: ".o_data_row [name=piece_ids]:contains(P-SALE-TOUR)",
        },
        {
            content: "Post it",
            trigger: ".o_statusbar_buttons button[name=action_post]:visible",
            run: "click",
        },
        {
            content: "It is posted",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Posted)",
        },
    ],
});

registry.category("web_tour.tours").add("jewelry_keeper_delivers_a_piece", {
    steps: () => [
        {
            content: "The delivery is for the very piece",
            trigger: ".o_form_view:contains(Ready)",
        },
        {
            content: "Hand it over",
            trigger: ".o_statusbar_buttons button[name=button_validate]:visible",
            run: "click",
        },
        {
            content: "It is done",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Done)",
        },
    ],
});
