import { browser } from "@web/core/browser/browser";
import { ConnectionLostError } from "@web/core/network/rpc";

// How many scans travel together, and how long to wait before trying again, in milliseconds.
const BATCH = 40;
const PAUSES = [1000, 2000, 5000, 10000];

/** Return a random UUID, also where the page is not served over TLS. */
export function makeUuid() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/**
 * Scans on their way to the server. Each is in the browser's storage from the moment it is put in
 * until the server has acknowledged it, so that neither a dead network nor a closed page loses it.
 * The server knows a scan by its UUID: sent twice, it is one scan.
 */
export class CountQueue {
    /**
     * @param {Object} options
     * @param {string} options.prefix of the keys in the storage: whose scans, of which count
     * @param {(entries: Object[]) => Promise<Object[]>} options.send to the server
     * @param {(answers: Object[]) => void} options.onAnswers of the server
     * @param {(state: Object) => void} options.onChange of `pending`, `isOffline`, `isKept`, `error`
     */
    constructor({ prefix, send, onAnswers, onChange }) {
        Object.assign(this, { prefix, send, onAnswers, onChange });
        this.entries = new Map();
        this.failures = 0;
        this.error = "";
        this.isKept = true;
        this.load();
    }

    /** Read what an earlier page left behind. */
    load() {
        const { localStorage } = browser;
        const keys = [...Array(localStorage.length).keys()].map((place) => localStorage.key(place));
        const entries = keys
            .filter((key) => key.startsWith(this.prefix))
            .map((key) => JSON.parse(localStorage.getItem(key)))
            .sort((one, other) => one.time - other.time);
        for (const entry of entries) {
            this.entries.set(entry.uuid, entry);
        }
    }

    /** Keep a scan, or what became of it, and send it as soon as it can be. */
    put(entry) {
        this.entries.set(entry.uuid, entry);
        try {
            browser.localStorage.setItem(this.prefix + entry.uuid, JSON.stringify(entry));
        } catch {
            // The storage is full, or closed: what is in memory must be sent before the page goes.
            this.isKept = false;
        }
        this.tell();
        this.flush();
    }

    tell() {
        const { error, isKept } = this;
        this.onChange({ pending: this.entries.size, isOffline: this.failures > 0, isKept, error });
    }

    /** Send what waits, batch by batch; while nothing comes through, try again and again. */
    async flush() {
        if (this.isSending || !this.entries.size) {
            return;
        }
        this.isSending = true;
        browser.clearTimeout(this.timeout);
        const batch = [...this.entries.values()].slice(0, BATCH);
        try {
            const now = Date.now();
            const scans = batch.map(({ time, ...scan }) => ({
                ...scan,
                age: Math.max(now - time, 0),
            }));
            this.acknowledge(batch, await this.send(scans));
            this.isSending = false;
            this.flush();
        } catch (error) {
            this.isSending = false;
            this.fail(error);
        }
    }

    acknowledge(batch, answers) {
        this.failures = 0;
        this.error = "";
        for (const entry of batch) {
            // It may have been undone on the way: that is still to be sent.
            if (this.entries.get(entry.uuid) === entry) {
                this.entries.delete(entry.uuid);
                browser.localStorage.removeItem(this.prefix + entry.uuid);
            }
        }
        this.isKept ||= !this.entries.size;
        this.tell();
        this.onAnswers(answers);
    }

    fail(error) {
        this.failures++;
        if (!(error instanceof ConnectionLostError)) {
            this.error = error.data?.message || error.message;
        }
        this.tell();
        const pause = PAUSES[Math.min(this.failures, PAUSES.length) - 1];
        this.timeout = browser.setTimeout(() => this.flush(), pause);
    }

    /** Send no more from this page; what waits stays in the storage. */
    stop() {
        browser.clearTimeout(this.timeout);
        this.onChange = () => {};
        this.onAnswers = () => {};
    }
}
