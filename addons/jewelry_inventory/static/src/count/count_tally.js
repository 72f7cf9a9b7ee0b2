/** How many different pieces were scanned: one that is scanned twice, by whatever code, is one. */
export class CountTally {
    /** What a code turned out to be the code of. */
    numbers = new Map();
    /** By what was scanned: the scans of it that hold. */
    scans = new Map();
    keys = new Map();

    get size() {
        return this.scans.size;
    }

    getKey(code) {
        return this.numbers.get(code) || code;
    }

    has(code) {
        return this.scans.has(this.getKey(code));
    }

    add(uuid, code) {
        const key = this.getKey(code);
        this.remove(uuid);
        this.keys.set(uuid, key);
        this.scans.set(key, (this.scans.get(key) || new Set()).add(uuid));
    }

    remove(uuid) {
        const key = this.keys.get(uuid);
        const uuids = this.scans.get(key);
        this.keys.delete(uuid);
        uuids?.delete(uuid);
        if (uuids && !uuids.size) {
            this.scans.delete(key);
        }
    }

    /** Learn which piece a code is of. */
    learn(code, number) {
        if (number) {
            this.numbers.set(code, number);
        }
    }
}
