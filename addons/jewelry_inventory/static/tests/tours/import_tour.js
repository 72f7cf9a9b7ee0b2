import { registry } from "@web/core/registry";

const IMPORTS = "/odoo/action-jewelry_inventory.jewelry_import_action";
const HEADER = "Item number,Carat,Colour,Cost,Price,Remark\n";
const BAD = `${HEADER}T-1,0.52,E,1200,2400,new\nT-2,-1,Purple,900,1800,\n`;
const GOOD = `${HEADER}T-1,0.52,E,1200,2400,new\nT-2,1.01,F,900,1800,\n`;

/** Choose a file, as the dialog of the system would. */
const upload = (name, parts) => ({
    content: `Upload ${name}`,
    trigger: ".o_field_widget[name=file]",
    run: ({ anchor }) => {
        const choice = new DataTransfer();
        choice.items.add(new File(parts(), name, { type: "text/csv" }));
        const input = anchor.querySelector("input[type=file]");
        input.files = choice.files;
        input.dispatchEvent(new Event("change", { bubbles: true }));
    },
});
const press = (label) => ({
    content: `Press ${label}`,
    trigger: `.o_statusbar_buttons button:contains(/^${label}$/)`,
    run: "click",
});

registry.category("web_tour.tours").add("jewelry_keeper_takes_in_a_file", {
    url: IMPORTS,
    steps: () => [
        { content: "Begin a new import", trigger: ".o_list_button_add", run: "click" },
        upload("huge.csv", () => Array(200).fill(new Uint8Array(1024 * 1024))),
        {
            content: "The browser says itself that this is too much",
            trigger: ".o_notification:contains(larger than the maximum allowed file size)",
        },
        upload("bad.csv", () => [BAD]),
        {
            content: "The file is there",
            trigger:
                ".o_field_widget[name=file]:contains(bad.csv), .o_field_widget[name=file] input:value(bad.csv)",
        },
        press("Read Columns"),
        {
            content: "What the columns mean is guessed",
            trigger: ".o_data_row:contains(Item number):contains(T-1):contains(Number)",
        },
        {
            content: "What has no meaning is left out",
            trigger: ".o_data_row:contains(Remark):not(:contains(Colour))",
        },
        press("Check"),
        {
            content: "Two errors keep it from being imported",
            trigger: ".alert-warning:contains(2 errors keep the file from being imported)",
        },
        { content: "See them", trigger: "a[name=errors]", run: "click" },
        {
            content: "The line in the file is named",
            trigger:
                "[name=error_ids] .o_data_row:contains(3):contains(Purple):contains(not in the vocabulary)",
        },
        {
            content: "The list can be downloaded",
            trigger: "button[name=action_download_errors]",
        },
        upload("good.csv", () => [GOOD]),
        {
            content: "The new file is there",
            trigger:
                ".o_field_widget[name=file]:contains(good.csv), .o_field_widget[name=file] input:value(good.csv)",
        },
        press("Check"),
        {
            content: "Nothing is wrong any more, and the cost is added up",
            trigger:
                ".o_form_view:has([name=cost_total]:contains(2,100.00)) button[name=action_import]",
        },
        press("Import"),
        { content: "All of it", trigger: ".modal-footer .btn-primary", run: "click" },
        {
            content: "It runs, and the page may be left",
            trigger: ".alert-info:contains(You may leave this page)",
        },
        { content: "The bar is there", trigger: ".o_jewelry_import_rows:contains(0 of 2 rows)" },
    ],
});

registry.category("web_tour.tours").add("jewelry_keeper_sees_what_came_in", {
    url: IMPORTS,
    steps: () => [
        {
            content: "Open it",
            trigger: ".o_data_row:contains(good.csv) .o_data_cell",
            run: "click",
        },
        {
            content: "The value ties out",
            trigger: ".alert-success:contains(at the cost that the file says):contains(2,100.00)",
        },
        { content: "All rows came in", trigger: ".o_jewelry_import_rows:contains(2 of 2 rows)" },
    ],
});
