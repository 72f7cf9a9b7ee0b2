import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

const PIECES = "/odoo/action-jewelry_inventory.stock_lot_action_pieces";

/** Wait until a picture has come, and refuse an empty one. */
async function waitForPicture(image) {
    await image.decode();
    if (image.naturalWidth < 100) {
        throw new Error("There is no picture of the label");
    }
}

registry.category("web_tour.tours").add("jewelry_keeper_enters_a_piece", {
    url: PIECES,
    steps: () => [
        { content: "Begin a new piece", trigger: ".o-kanban-button-new", run: "click" },
        {
            content: "Name a style that is not there yet",
            trigger: ".o_field_widget[name=product_id] input",
            run: "edit Trilogy of the tour",
        },
        {
            content: "Create it on the way",
            trigger: ".o_m2o_dropdown_option_create a:contains(Trilogy of the tour)",
            run: "click",
        },
        {
            content: "Price it",
            trigger: ".o_field_widget[name=list_price] input",
            run: "edit 4500",
        },
        {
            content: "Say what it costs",
            trigger: ".o_field_widget[name=standard_price] input",
            run: "edit 1800",
        },
        { content: "Go to the weights", trigger: "a[name=metals]", run: "click" },
        {
            content: "Weigh it",
            trigger: ".o_field_widget[name=gross_weight] input",
            run: "edit 6.125",
        },
        ...stepUtils.saveForm(),
        {
            content: "It is expected, and can be taken into stock",
            trigger: ".o_field_widget[name=piece_status]:contains(Expected)",
        },
        {
            content: "Take it into stock",
            trigger: ".o_statusbar_buttons button:contains(Take Into Stock)",
            run: "click",
        },
        {
            content: "The cost is there to be checked",
            trigger: ".modal .o_field_widget[name=total_cost]:contains(1,800.00)",
        },
        {
            content: "Confirm",
            trigger: ".modal button[name=action_take_in]",
            run: "click",
        },
        {
            content: "It can be sold",
            trigger: ".o_field_widget[name=piece_status]:contains(Available)",
        },
        {
            content: "Its value is in the stock",
            trigger: ".o_field_widget[name=total_value]:contains(1,800.00)",
        },
    ],
});

registry.category("web_tour.tours").add("jewelry_associate_shows_a_piece", {
    url: PIECES,
    steps: () => [
        {
            content: "Look for the piece",
            trigger: ".o_searchview_input",
            run: "edit P-TOUR",
        },
        {
            content: "By its number",
            trigger: ".o_searchview_autocomplete .o-dropdown-item:contains(Number)",
            run: "click",
        },
        {
            content: "Open it",
            trigger: ".o_kanban_record:contains(P-TOUR)",
            run: "click",
        },
        {
            content: "There is a price and no cost",
            trigger: ".o_jewelry_piece_form:not(:has([name=standard_price])) [name=list_price]",
        },
        {
            content: "Turn the screen to the client",
            trigger: "button[name=action_open_client_card]",
            run: "click",
        },
        {
            content: "Nothing of the back office is left, and no cost is shown",
            trigger: "body:not(:has(.o_main_navbar)) .o_jewelry_card:not(:contains(4,321))",
        },
        {
            content: "The client sees the price",
            trigger: ".o_jewelry_card_price:contains(9,000.00)",
        },
        { content: "Close the card", trigger: ".o_jewelry_card_close", run: "click" },
        { content: "Back at the piece", trigger: ".o_jewelry_piece_form" },
    ],
});

registry.category("web_tour.tours").add("jewelry_scan_opens_a_piece", {
    url: "/odoo/action-jewelry_inventory.product_template_action_styles",
    steps: () => [
        {
            content: "Scan the tag while looking at something else",
            trigger: ".o_list_view",
            run: () => {
                for (const key of [..."P-TOUR", "Enter"]) {
                    document.body.dispatchEvent(
                        new KeyboardEvent("keydown", { key, bubbles: true })
                    );
                }
            },
        },
        {
            content: "The piece is open",
            trigger: ".o_jewelry_piece_form .o_field_widget[name=name]:contains(P-TOUR)",
        },
    ],
});

registry.category("web_tour.tours").add("jewelry_keeper_labels_a_piece", {
    url: PIECES,
    steps: () => [
        {
            content: "Open the piece that has just been entered",
            trigger: ".o_kanban_record:contains(P-LABEL)",
            run: "click",
        },
        {
            content: "Take it into stock",
            trigger: ".o_statusbar_buttons button:contains(Take Into Stock)",
            run: "click",
        },
        {
            content: "And label it",
            trigger: ".modal button[name=action_take_in_and_label]",
            run: "click",
        },
        {
            content: "The label is shown as it will be printed",
            trigger: ".modal .o_jewelry_label_preview img[src]",
            run: ({ anchor }) => waitForPicture(anchor),
        },
        {
            content: "No reason is asked for a first label",
            trigger: ".modal:not(:has([name=reason]))",
        },
        {
            content: "Print it",
            trigger: ".modal button[name=action_print]:contains(Print)",
            run: "click",
        },
        {
            content: "The file is there, should the browser not have opened it",
            trigger: ".modal .alert-success:contains(1 of 1) .o_field_widget[name=file]",
        },
        { content: "Close", trigger: ".modal button:contains(Close)", run: "click" },
        {
            content: "The piece is in stock",
            trigger: ".o_field_widget[name=piece_status]:contains(Available)",
        },
        {
            content: "And has one label",
            trigger: "button[name=action_view_labels]:contains(1)",
            run: "click",
        },
        { content: "Printed by the keeper", trigger: ".o_data_row:contains(P-LABEL)" },
    ],
});

registry.category("web_tour.tours").add("jewelry_scan_of_a_printed_label_opens_its_piece", {
    url: "/odoo/action-base.action_partner_form?view_type=list",
    steps: () => [
        {
            content: "Begin where the screen begins: in the search box",
            trigger: ".o_searchview_input:focus",
        },
        {
            content: "Scan what the contact of this test is called: the code on the paper",
            trigger: ".o_kanban_record:contains(On the label), .o_data_row:contains(On the label)",
            run: ({ anchor }) => {
                const [, code] = anchor.textContent.match(/On the label: (\S+)/);
                for (const key of [...code, "Enter"]) {
                    document.activeElement.dispatchEvent(
                        new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true })
                    );
                }
            },
        },
        {
            content: "The piece is open",
            trigger: ".o_jewelry_piece_form .o_field_widget[name=name]:contains(P-LABEL)",
        },
    ],
});
