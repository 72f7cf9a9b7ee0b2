import { Component, onWillStart, onWillUnmount, useExternalListener, useState } from "@odoo/owl";
import { CountQueue, makeUuid } from "./count_queue";
import { useBus, useService } from "@web/core/utils/hooks";
import { _t } from "@web/core/l10n/translation";
import { browser } from "@web/core/browser/browser";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { CountSounds } from "./count_sounds";
import { CountTally } from "./count_tally";
import { registry } from "@web/core/registry";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { user } from "@web/core/user";

const LISTED = 30;
const MUTED = "jewelry_count.muted";
// What the server takes at most. It refuses a whole batch for one scan, so that nothing more may
// wait to be sent: a long code is of nothing anyway, and such a weight is a code in a wrong field.
const LONGEST_CODE = 256;
const LARGEST_NUMBER = 1000000;
// What an outcome sounds like, and which colour it has.
const SOUNDS = {
    sent: "good",
    counted: "good",
    repeated: "again",
    unknown: "bad",
    foreign: "bad",
    late: "bad",
    undo_late: "bad",
    weigh: "place",
    undone: "undo",
    place: "place",
};
const COLORS = {
    sent: "success",
    counted: "success",
    repeated: "warning",
    unknown: "danger",
    foreign: "danger",
    late: "danger",
    undo_late: "danger",
    weigh: "info",
    undone: "secondary",
    place: "info",
};
// They do not count.
const VOID = ["unknown", "foreign", "late", "undone", "weigh"];
// Somebody has to look at them.
const PROBLEMS = ["unknown", "foreign", "late", "undo_late"];

/**
 * Counting by scanner or keyboard. A scan is counted at once and travels later: nobody waits for
 * the network, and what the server makes of a code changes the row when it answers.
 */
export class CountScreen extends Component {
    static template = "jewelry_inventory.CountScreen";
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.orm = useService("orm");
        this.sounds = new CountSounds();
        this.sounds.isMuted = Boolean(browser.localStorage.getItem(MUTED));
        this.tally = new CountTally();
        this.rows = new Map();
        this.state = useState({
            screen: null,
            placeId: false,
            total: 0,
            recent: [],
            last: null,
            weighing: null,
            problems: 0,
            isMuted: this.sounds.isMuted,
            queue: { pending: 0, isOffline: false, isKept: true, error: "" },
        });
        useBus(useService("barcode").bus, "barcode_scanned", ({ detail }) => {
            this.scan(detail.barcode);
        });
        useExternalListener(browser, "online", () => this.queue?.flush());
        onWillStart(() => this.load());
        onWillUnmount(() => {
            this.queue?.stop();
            this.sounds.close();
        });
    }

    get countId() {
        const { params, context } = this.props.action;
        return params?.count_id || context?.active_id;
    }

    get currentPlace() {
        return this.state.screen.places.find((place) => place.id === this.state.placeId);
    }

    get isOpen() {
        return this.state.screen.state === "open" && !this.state.screen.signed;
    }

    async load() {
        const screen = await this.orm.call("jewelry.count", "get_screen", [this.countId]);
        this.state.screen = screen;
        this.state.placeId = screen.places[0]?.id;
        for (const [uuid, code, number] of screen.codes) {
            this.tally.learn(code, number);
            this.tally.add(uuid, code);
        }
        for (const answer of [...screen.recent].reverse()) {
            this.list({ ...answer });
        }
        this.queue = new CountQueue({
            prefix: `jewelry_count/${user.userId}/${screen.id}/`,
            send: (scans) =>
                this.orm.silent.call("jewelry.count", "register_scans", [[screen.id], scans]),
            onAnswers: (answers) => this.onAnswers(answers),
            onChange: (state) => Object.assign(this.state.queue, state),
        });
        for (const entry of this.queue.entries.values()) {
            this.addEntry(entry);
        }
        this.refresh();
        this.queue.tell();
        this.queue.flush();
    }

    // ---------------------------------------------------------------------------------------
    // Scanning
    // ---------------------------------------------------------------------------------------

    /** Count what a code is of; nothing here waits. */
    scan(code, values = {}) {
        code = code.trim().slice(0, LONGEST_CODE);
        if (!code) {
            return;
        }
        const place = this.state.screen.places.find(({ barcode }) => barcode === code);
        if (place) {
            this.setPlace(place.id);
            return;
        }
        if (!this.isOpen) {
            this.notification.add(_t("This count is closed for you: “%s” is not counted.", code), {
                type: "danger",
            });
            this.sounds.play("bad");
            return;
        }
        const entry = { uuid: makeUuid(), code, place_id: this.state.placeId, time: Date.now() };
        this.show(this.addEntry(Object.assign(entry, values)));
        this.queue.put(entry);
    }

    /** Add a scan that is on its way to what is counted and listed. */
    addEntry(entry) {
        const isKnown = this.tally.has(entry.code);
        const state = entry.undone ? "undone" : isKnown && !entry.quantity ? "repeated" : "sent";
        const number = this.tally.numbers.get(entry.code) || "";
        const row = { ...entry, state, number, title: "", photo: "", unit: "" };
        if (!entry.undone) {
            this.tally.add(entry.uuid, entry.code);
        }
        return this.list(row);
    }

    /** Put a row on top of the list, and drop the oldest. */
    list(row) {
        this.state.recent.unshift(row);
        const listed = this.state.recent[0];
        this.rows.set(row.uuid, listed);
        for (const old of this.state.recent.splice(LISTED)) {
            this.rows.delete(old.uuid);
        }
        return listed;
    }

    /** Show an outcome big, and let it be heard. */
    show(row) {
        this.refresh();
        this.state.last = row;
        this.sounds.play(SOUNDS[row.state]);
    }

    refresh() {
        this.state.total = this.tally.size;
    }

    onAnswers(answers) {
        for (const answer of answers) {
            const row = this.rows.get(answer.uuid) || this.list({ ...answer });
            const before = row.state;
            Object.assign(row, answer);
            this.tally.learn(answer.code, answer.number);
            if (VOID.includes(answer.state)) {
                this.tally.remove(answer.uuid);
            } else {
                this.tally.add(answer.uuid, answer.code);
            }
            if (before !== answer.state && PROBLEMS.includes(answer.state)) {
                this.state.problems++;
                this.show(row);
            } else if (before !== answer.state && answer.state === "weigh") {
                this.state.weighing ||= row;
                this.show(row);
            }
        }
        this.state.last ||= this.state.recent[0] || null;
        this.refresh();
    }

    setPlace(placeId) {
        this.state.placeId = placeId;
        this.show({ uuid: `place ${placeId}`, state: "place", title: this.currentPlace.name });
    }

    /** Take a slip back; the scan stays on record as one. */
    undo(row) {
        if (!row || row.state === "undone" || !row.place_id) {
            return;
        }
        const { uuid, code, place_id, time = Date.now(), quantity = 0 } = row;
        row.state = "undone";
        this.tally.remove(uuid);
        if (this.state.weighing === row) {
            this.state.weighing = null;
        }
        this.show(row);
        this.queue.put({ uuid, code, place_id, time, quantity, undone: true });
    }

    undoLast() {
        this.undo(this.state.recent.find((row) => row.state !== "undone"));
    }

    // ---------------------------------------------------------------------------------------
    // Entering
    // ---------------------------------------------------------------------------------------

    onSubmitCode(ev) {
        const input = ev.target.querySelector("input");
        this.scan(input.value);
        input.value = "";
        // The scanner goes on where nothing has the focus.
        input.blur();
    }

    onSubmitWeight(ev) {
        const { quantity, stones } = ev.target.elements;
        const weight = parseFloat(quantity.value.replace(",", "."));
        const stoneCount = parseInt(stones?.value) || 0;
        const row = this.state.weighing;
        if (!(weight > 0) || stoneCount < 0 || Math.max(weight, stoneCount) > LARGEST_NUMBER) {
            this.notification.add(_t("Enter what the scale shows, such as 12.35."), {
                type: "warning",
            });
            return;
        }
        this.state.weighing = null;
        // The question is answered: its row would only ask again.
        this.state.recent.splice(
            this.state.recent.findIndex(({ uuid }) => uuid === row.uuid),
            1
        );
        this.scan(row.code, { quantity: weight, stone_count: stoneCount });
    }

    onSkipWeight() {
        this.state.weighing = null;
    }

    onChangePlace(ev) {
        this.setPlace(parseInt(ev.target.value));
        ev.target.blur();
    }

    toggleSound() {
        this.sounds.isMuted = this.state.isMuted = !this.state.isMuted;
        if (this.state.isMuted) {
            browser.localStorage.setItem(MUTED, "1");
        } else {
            browser.localStorage.removeItem(MUTED);
        }
    }

    // ---------------------------------------------------------------------------------------
    // Ending
    // ---------------------------------------------------------------------------------------

    finish() {
        if (this.state.queue.pending) {
            this.notification.add(
                _t("Some scans have not reached the server yet. They are kept; wait for them."),
                { type: "warning" }
            );
            return;
        }
        this.dialog.add(ConfirmationDialog, {
            title: _t("Finish your part?"),
            body: _t("You counted %(total)s pieces and sign with %(initials)s.", {
                total: this.state.total,
                initials: this.state.screen.initials,
            }),
            confirmLabel: _t("Sign"),
            confirm: () => this.sign(),
            cancel: () => {},
        });
    }

    async sign() {
        const isClosed = await this.orm.call("jewelry.count", "action_sign", [this.countId]);
        this.state.screen.signed = true;
        if (isClosed) {
            await this.openCount();
        }
    }

    openCount() {
        return this.action.doAction(
            {
                type: "ir.actions.act_window",
                res_model: "jewelry.count",
                res_id: this.countId,
                views: [[false, "form"]],
                target: "current",
            },
            { clearBreadcrumbs: true }
        );
    }

    // ---------------------------------------------------------------------------------------
    // What is shown
    // ---------------------------------------------------------------------------------------

    getColor(row) {
        return COLORS[row.state];
    }

    getText(row) {
        return {
            sent: _t("Scanned, not looked up yet"),
            counted: row.unit ? `${row.quantity} ${row.unit}` : _t("Counted"),
            repeated: _t("Counted already"),
            unknown: _t("Not a number of ours. Put it aside and look what it is."),
            foreign: _t(
                "A label of somebody else: another store or maker. Put it aside and look what it is."
            ),
            undo_late: _t(
                "The count was closed before this was taken back: the piece counts as found. Tell a keeper, who can open the count again."
            ),
            late: _t("The count was closed before this came in. It is kept, but not counted."),
            weigh: _t("Weigh it"),
            undone: _t("Taken back"),
            place: _t("You count here now"),
        }[row.state];
    }
}

registry.category("actions").add("jewelry_count", CountScreen);
