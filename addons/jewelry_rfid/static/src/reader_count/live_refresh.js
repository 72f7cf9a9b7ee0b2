import { browser } from "@web/core/browser/browser";

/**
 * Ask for something anew when there is news: at once, then at most once in an interval, never two
 * at a time, and once more for whatever came meanwhile.
 */
export class LiveRefresh {
    /**
     * @param {Function} load asks for it; may be asynchronous
     * @param {number} interval milliseconds
     */
    constructor(load, interval) {
        this.load = load;
        this.interval = interval;
        this.isBusy = false;
        this.isStale = false;
    }

    /** There is news. */
    async notice() {
        this.isStale = true;
        if (this.isBusy) {
            return;
        }
        this.isBusy = true;
        this.isStale = false;
        try {
            await this.load();
        } finally {
            this.timer = browser.setTimeout(() => this.rest(), this.interval);
        }
    }

    rest() {
        this.isBusy = false;
        if (this.isStale) {
            this.notice();
        }
    }

    stop() {
        browser.clearTimeout(this.timer);
        this.isBusy = true;
    }
}
