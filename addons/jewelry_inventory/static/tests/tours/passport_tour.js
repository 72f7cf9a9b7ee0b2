import { registry } from "@web/core/registry";

const LINK = ".modal .o_field_widget[name='url']";

registry.category("web_tour.tours").add("jewelry_associate_shares_a_passport", {
    steps: () => [
        {
            content: "Share the passport from the piece",
            trigger: ".o_form_view button[name='action_share_passport']",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='days'] input",
            run: "edit 30",
        },
        {
            trigger: ".modal button[name='action_create_link']",
            run: "click",
        },
        {
            content: "The link is shown this once; whoever has it reads a passport that is whole",
            trigger: `${LINK}:contains('/jewelry/passport/')`,
            async run() {
                const address = new URL(document.querySelector(LINK).textContent.trim());
                const answer = await fetch(address.pathname);
                const page = await answer.text();
                if (!answer.ok || !page.includes("Verified.") || !page.includes("R-0001")) {
                    throw new Error(`The passport does not open: ${answer.status}`);
                }
                if (page.includes("987.65")) {
                    throw new Error("The passport tells the price");
                }
            },
        },
        {
            trigger: ".modal .modal-footer button:contains('Done')",
            run: "click",
        },
        {
            content: "It is gone, but the piece knows that there is one",
            trigger: "body:not(:has(.modal)) .oe_stat_button:contains('Links')",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row, .o_form_view",
        },
    ],
});
