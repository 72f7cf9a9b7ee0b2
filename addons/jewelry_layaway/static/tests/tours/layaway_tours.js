import { registry } from "@web/core/registry";

const state = (name) => ({
    content: `It is: ${name}`,
    trigger: `.o_statusbar_status .o_arrow_button_current:contains(${name})`,
});
const press = (name) => ({
    content: `Press ${name}`,
    trigger: `.o_statusbar_buttons button:visible:contains(${name})`,
    run: "click",
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
const pay = (amount) => [
    press("Receive Money"),
    {
        content: "The next amount is proposed",
        trigger: `.modal .o_field_widget[name=amount] input:value(${amount})`,
    },
    confirm("Receive"),
    closed,
];

registry.category("web_tour.tours").add("jewelry_associate_makes_a_layaway", {
    steps: () => [
        press("Layaway or Special Order"),
        {
            content: "The schedule is proposed",
            trigger: ".modal .o_field_widget[name=schedule_text]:contains(4,500.00)",
        },
        confirm("Make the Draft"),
        state("Draft"),
        {
            content: "It has both payments",
            trigger: ".o_field_widget[name=instalment_ids] .o_data_row:nth-child(2)",
        },
        press("Sign"),
        {
            content: "Sign on the screen",
            trigger: ".modal .o_field_widget[name=signature] .o_signature",
            run: "click",
        },
        {
            content: "Let the name be written",
            trigger: ".modal .o_web_sign_auto_button, .modal .o_web_sign_name_input",
        },
        {
            content: "Adopt the signature",
            trigger: ".modal:has(.o_web_sign_name_and_signature) footer .btn-primary:enabled",
            run: "click",
        },
        {
            content: "The signature is there",
            trigger: ".modal .o_field_widget[name=signature] img[src*='data:image']",
        },
        confirm("Signed"),
        closed,
        state("Signed"),
        ...pay("4,500.00"),
        state("Open"),
        {
            content: "The piece is put away",
            trigger: ".nav-link:contains(Put Away)",
            run: "click",
        },
        {
            content: "At the place of layaways",
            trigger: ".o_data_row:contains(P-LAYAWAY-TOUR):contains(Layaway)",
        },
        ...pay("4,500.00"),
        state("Paid"),
        press("Hand Over"),
        state("Delivered"),
    ],
});

registry.category("web_tour.tours").add("jewelry_manager_ends_a_layaway", {
    steps: () => [
        state("Open"),
        press("Give Notice"),
        confirm("Ok"),
        state("Notice Given"),
        press("End Now"),
        confirm("Ok"),
        state("Forfeited"),
        {
            content: "It is told what was kept",
            trigger: ".o-mail-Message:contains(Kept)",
        },
    ],
});
