import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("jewelry_rfid_associate_answers_an_alarm", {
    steps: () => [
        {
            content: "Whatever is on the screen, the piece at the door is shown",
            trigger: ".o_jewelry_alarm[data-piece='P-LEAVES']:contains(Door of the tour)",
        },
        {
            content: "Answer",
            trigger: ".o_jewelry_alarm[data-piece='P-LEAVES'] button[name=answer]",
            run: "click",
        },
        {
            content: "It was a false alarm",
            trigger: ".modal .o_field_widget[name=state] label:contains(False alarm)",
            run: "click",
        },
        {
            content: "Say why",
            trigger: ".modal .o_field_widget[name=note] input",
            run: "edit Shown in the daylight",
        },
        { content: "Save", trigger: ".modal button[name=action_answer]", run: "click" },
        {
            content: "It is gone from the screen",
            trigger: "body:not(:has(.modal)):not(:has(.o_jewelry_alarm))",
        },
    ],
});

registry.category("web_tour.tours").add("jewelry_rfid_associate_looks_for_a_piece", {
    steps: () => [
        {
            content: "Find it",
            trigger: ".o_statusbar_buttons button[name=action_find]",
            run: "click",
        },
        {
            content: "Where it was seen last is told",
            trigger: ".modal .o_jewelry_find:contains(P-LEAVES):contains(Door of the tour)",
        },
        { content: "No antenna hears it now", trigger: ".o_jewelry_find:contains(No signal now)" },
        { content: "That is all", trigger: ".modal .btn-close", run: "click" },
        { content: "The window is closed", trigger: "body:not(:has(.modal))" },
    ],
});
