import { markRaw } from "@odoo/owl";

/**
 * All pieces of the store as the register knows them: in columns, because 50,000 objects would
 * take too long to make and to keep, and found by any code that is on a label.
 */

// Columns that a scanned code may be in; several numbers of reports stand in one.
const CODES = ["name", "former_number", "inscription", "reports"];

export class PieceCatalog {
    constructor() {
        this.clear();
    }

    clear() {
        this.cursor = false;
        this.columns = {};
        this.labels = {};
        this.placeById = new Map();
        this.idsByCode = null;
    }

    get size() {
        return this.placeById.size;
    }

    /**
     * Take what the server, or this device, answered.
     *
     * @param {{cursor: string, columns: Object, labels: Object, gone: number[]}} answer
     */
    apply({ cursor, columns, labels, gone = [] }) {
        this.cursor = cursor;
        for (const [name, names] of Object.entries(labels)) {
            Object.assign((this.labels[name] ??= {}), names);
        }
        if (this.size) {
            this.merge(columns);
        } else {
            this.replace(columns);
        }
        gone.forEach((id) => this.placeById.delete(id));
        this.idsByCode = null;
    }

    replace(columns) {
        this.columns = columns;
        this.placeById = new Map((columns.id || []).map((id, place) => [id, place]));
    }

    merge(columns) {
        const names = Object.keys(columns);
        columns.id.forEach((id, source) => {
            const place = this.placeById.get(id) ?? this.columns.id.length;
            names.forEach((name) => (this.columns[name][place] = columns[name][source]));
            this.placeById.set(id, place);
        });
    }

    /** @returns {Object} what this device keeps: the columns without the pieces that are gone */
    dump() {
        const places = [...this.placeById.values()];
        const columns = {};
        for (const [name, values] of Object.entries(this.columns)) {
            columns[name] =
                places.length === values.length ? values : places.map((place) => values[place]);
        }
        return { cursor: this.cursor, columns, labels: this.labels };
    }

    /** @returns {Object|undefined} the piece as an object, with `labels` of what it refers to */
    get(id) {
        const place = this.placeById.get(id);
        if (place === undefined) {
            return undefined;
        }
        const piece = { labels: {} };
        for (const [name, values] of Object.entries(this.columns)) {
            piece[name] = values[place];
            if (this.labels[name]) {
                piece.labels[name] = this.labels[name][values[place]] || "";
            }
        }
        return piece;
    }

    /**
     * @param {string} code a piece number, an older one, an inscription or a report number
     * @returns {Object|undefined} the piece; none where the code is on more than one
     */
    find(code) {
        this.idsByCode ??= this.indexCodes();
        const ids = this.idsByCode.get(code.trim().toLowerCase());
        return ids?.length === 1 ? this.get(ids[0]) : undefined;
    }

    /** @returns {Object|undefined} the piece of a style with this number */
    findOfStyle(productId, number) {
        const piece = this.find(number);
        return piece?.product_id === productId ? piece : undefined;
    }

    indexCodes() {
        const index = new Map();
        const add = (code, id) => {
            const ids = index.get(code) || [];
            if (!ids.includes(id)) {
                index.set(code, [...ids, id]);
            }
        };
        for (const [id, place] of this.placeById) {
            for (const name of CODES) {
                const value = this.columns[name][place];
                if (value) {
                    const codes = name === "reports" ? value.split(" ") : [value];
                    codes.forEach((code) => add(code.toLowerCase(), id));
                }
            }
        }
        // A number is meant before whatever else says the same.
        for (const [id, place] of this.placeById) {
            index.set(this.columns.name[place].toLowerCase(), [id]);
        }
        return index;
    }

    /**
     * @param {Object} filters {column: value}, `text` in codes, `price` and `carat` as [from, to]
     * @param {number} limit
     * @returns {{pieces: Object[], count: number}} the first ones by price, and how many there are
     */
    search(filters, limit = 60) {
        const tests = this.getTests(filters);
        const prices = this.columns.price || [];
        const found = [];
        for (const place of this.placeById.values()) {
            if (tests.every((test) => test(place))) {
                found.push(place);
            }
        }
        const sorted = found.sort((a, b) => prices[a] - prices[b]).slice(0, limit);
        const pieces = sorted.map((place) => this.get(this.columns.id[place]));
        return { pieces, count: found.length };
    }

    getTests(filters) {
        const { columns } = this;
        return Object.entries(filters)
            .filter(([, value]) => value !== undefined && value !== "" && value !== false)
            .map(([name, value]) => {
                if (name === "text") {
                    const text = value.trim().toLowerCase();
                    return (place) =>
                        CODES.some((code) => columns[code][place]?.toLowerCase().includes(text));
                }
                if (Array.isArray(value)) {
                    const [from, to] = value;
                    const values = columns[name];
                    return (place) =>
                        (!from || values[place] >= from) && (!to || values[place] <= to);
                }
                if (name === "available") {
                    return (place) => !columns.reason[place];
                }
                const values = columns[name];
                return (place) => values[place] === value;
            });
    }

    /** @returns {{id: number, name: string}[]} what of a column there is to choose from */
    getChoices(name) {
        const present = new Set();
        for (const place of this.placeById.values()) {
            present.add(this.columns[name][place]);
        }
        return [...present]
            .filter((id) => this.labels[name]?.[id])
            .map((id) => ({ id, name: this.labels[name][id] }))
            .sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
    }
}

/** The pieces of this register: a page is one register. Raw, so that no proxy slows it down. */
export const pieceCatalog = markRaw(new PieceCatalog());
