import { registry } from "@web/core/registry";

const press = (name) => ({
    content: `Press ${name}`,
    trigger: `.o_statusbar_buttons button:visible:contains(${name})`,
    run: "click",
});
const enter = (field, value) => ({
    content: `Enter ${value}`,
    trigger: `.modal .o_field_widget[name=${field}] input`,
    // What follows from a value is asked for when its field is left.
    run: `edit ${value} && click body`,
});
const confirm = (name) => ({
    content: `In the dialog: ${name}`,
    trigger: `.modal footer button:visible:contains(${name})`,
    run: "click",
});
const closed = {
    content: "The dialog is closed",
    trigger: "body:not(:has(.modal))",
};
const shows = (field, value) => ({
    content: `${field} is ${value}`,
    trigger: `.o_form_view .o_field_widget[name=${field}]:contains(${value})`,
});

registry.category("web_tour.tours").add("jewelry_manager_takes_and_returns_money", {
    steps: () => [
        press("Receive Money"),
        {
            content: "All that is to be paid is proposed",
            trigger: ".modal .o_field_widget[name=amount] input:value(9,000.00)",
        },
        enter("amount", "9,500.00"),
        {
            content: "It is told that it is too much",
            trigger: ".modal .alert-warning:contains(500.00):contains(credit)",
        },
        confirm("Receive"),
        closed,
        shows("amount_held", "9,000.00"),
        {
            content: "What was too much is said",
            trigger: ".o-mail-Message:contains(500.00 was paid beyond)",
        },
        press("Give Back or Keep"),
        enter("amount", "1,000.00"),
        enter("reason", "Cheaper chain"),
        {
            content: "The journal is chosen",
            trigger: ".modal .o_field_widget[name=journal_id] input",
            run: "edit Bank",
        },
        {
            content: "Take the bank",
            trigger: ".modal .o-autocomplete--dropdown-item a:contains(Bank)",
            run: "click",
        },
        confirm("Confirm"),
        closed,
        shows("amount_held", "8,000.00"),
        shows("amount_due", "1,000.00"),
        press("Receive Money"),
        {
            content: "The customer has credit",
            trigger: ".modal .o_field_widget[name=amount_credit]:contains(500.00)",
        },
        {
            content: "Pay from it",
            trigger: ".modal .o_field_widget[name=is_from_credit] input",
            run: "click",
        },
        {
            content: "No more than there is",
            trigger: ".modal .o_field_widget[name=amount] input:value(500.00)",
        },
        confirm("Receive"),
        closed,
        shows("amount_held", "8,500.00"),
    ],
});

registry.category("web_tour.tours").add("jewelry_accountant_ties_deposits_out", {
    steps: () => [
        {
            content: "The account does not tie out",
            trigger: ".o_data_row.text-danger:contains(-70.00)",
        },
        {
            content: "Look at its deposits",
            trigger: ".o_data_row:contains(-70.00) td[name=account_id]",
            run: "click",
        },
        {
            content: "The deposit is there",
            trigger: ".o_data_row:contains(Client of the tour):contains(500.00)",
        },
        {
            content: "Back to the page",
            trigger: ".o_back_button, .breadcrumb-item:first a",
            run: "click",
        },
        {
            content: "What names no deposit",
            trigger: ".o_data_row:contains(-70.00) button[name=action_view_unassigned]",
            run: "click",
        },
        {
            content: "Choose it",
            trigger: ".o_data_row:contains(MISC):contains(70.00) .o_list_record_selector input",
            run: "click",
        },
        {
            content: "Assign it",
            trigger: ".o_control_panel button:visible:contains(Assign to a Deposit)",
            run: "click",
        },
        {
            content: "To the deposit of the client",
            trigger: ".modal .o_field_widget[name=deposit_id] input",
            run: "edit D",
        },
        {
            content: "There is one",
            trigger: ".modal .o-autocomplete--dropdown-item a:contains(/0):first",
            run: "click",
        },
        confirm("Assign"),
        closed,
        {
            content: "Back to the page",
            trigger: ".o_back_button, .breadcrumb-item:first a",
            run: "click",
        },
        {
            content: "Now it ties out",
            trigger: ".o_data_row:not(.text-danger):contains(570.00)",
        },
    ],
});

registry.category("web_tour.tours").add("jewelry_accountant_moves_deposits", {
    steps: () => [
        press("Move to Another Account"),
        {
            content: "The account of today is shown",
            trigger:
                ".modal .o_field_widget[name=former_account_id]:contains(Deposits of the tour)",
        },
        {
            content: "Choose another account",
            trigger: ".modal .o_field_widget[name=account_id] input",
            run: "edit Another account",
        },
        {
            content: "It is found",
            trigger: ".o-autocomplete--dropdown-item a:contains(Another account)",
            run: "click",
        },
        confirm("Move"),
        {
            content: "The entry that moves the money is shown",
            trigger: ".o_form_view:contains(moved to another account)",
        },
    ],
});
