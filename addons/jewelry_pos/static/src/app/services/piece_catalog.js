import { markRaw } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { CodeIndex } from "@jewelry_pos/app/services/code_index";

/**
 * All pieces of the store as the register knows them: in columns, because 50,000 objects would
 * take too long to make and to keep, and found by any code that is on a label.
 */

// Columns that a scanned code may be in, beside the number; several numbers of reports stand in one.
const OTHER_CODES = ["former_number", "inscription", "reports"];
const CODES = ["name", ...OTHER_CODES];

export class PieceCatalog {
    constructor() {
        // Told by the register: which orders are its own, whose pieces it knows better.
        this.isOwnOrder = () => false;
        this.clear();
    }

    clear() {
        this.cursor = false;
        this.columns = {};
        this.labels = {};
        this.placeById = new Map();
        this.claims = new Map();
        this.choices = {};
        this.indexAll();
    }

    get size() {
        return this.placeById.size;
    }

    /**
     * Take what the server, or this device, answered.
     *
     * @param {{cursor: string, columns: Object, labels: Object, gone: number[], claims: Object[]}}
     *     answer
     */
    apply({ cursor, columns, labels, gone = [], claims }) {
        this.cursor = cursor;
        for (const [name, names] of Object.entries(labels)) {
            Object.assign((this.labels[name] ??= {}), names);
        }
        if (this.size) {
            this.merge(columns);
        } else {
            this.replace(columns);
        }
        if (claims) {
            this.claims.clear();
            claims.forEach((claim) => this.takeClaim(claim));
        }
        this.forget(gone);
    }

    /** Take pieces out: they are sold, or not shown any more. */
    forget(ids) {
        this.choices = {};
        for (const id of ids) {
            const place = this.placeById.get(id);
            if (place !== undefined) {
                this.unindex(id, place);
                this.placeById.delete(id);
            }
        }
    }

    /**
     * Take what the server tells of an open order, of any register.
     *
     * @param {{piece_ids: number[], order_uuid: string|false, register: string}} claim; without
     *     an order the pieces are free again
     */
    takeClaim({ piece_ids, order_uuid, register }) {
        for (const id of piece_ids) {
            if (order_uuid) {
                this.claims.set(id, { order_uuid, register });
            } else {
                this.claims.delete(id);
            }
        }
    }

    replace(columns) {
        this.columns = columns;
        this.placeById = new Map((columns.id || []).map((id, place) => [id, place]));
        this.indexAll();
    }

    merge(columns) {
        const names = Object.keys(columns);
        for (const name of names) {
            // What the server says of single pieces only begins with the first of them.
            this.columns[name] ??= [];
        }
        columns.id.forEach((id, source) => {
            const known = this.placeById.get(id);
            const place = known ?? this.columns.id.length;
            if (known !== undefined) {
                this.unindex(id, place);
            }
            names.forEach((name) => (this.columns[name][place] = columns[name][source]));
            this.placeById.set(id, place);
            this.index(id, place);
            if (!columns.prices && this.columns.prices) {
                // Prices that the server told before the piece changed are true no more.
                this.columns.prices[place] = undefined;
            }
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
        const row = {};
        for (const [name, values] of Object.entries(this.columns)) {
            row[name] = values[place];
        }
        return this.make(row, this.labels);
    }

    /** @returns {Object} a piece of one row, also one that is not shown here */
    make(row, labels) {
        const piece = { ...row, labels: {} };
        for (const [name, names] of Object.entries(labels)) {
            piece.labels[name] = names[row[name]] || "";
        }
        const claimed = this.getClaimReason(row.id);
        if (claimed && (!piece.reason || piece.can_ask)) {
            // What lies in another shop may be asked for, unless an order there has it.
            Object.assign(piece, { reason: claimed, can_ask: false });
        }
        return piece;
    }

    /** @returns {Object|undefined} what an open order of another device says of the piece */
    getForeignClaim(id) {
        const claim = this.claims.get(id);
        return claim && !this.isOwnOrder(claim.order_uuid) ? claim : undefined;
    }

    getClaimReason(id) {
        const claim = this.getForeignClaim(id);
        return claim ? _t("In an open order at %s", claim.register) : false;
    }

    /**
     * @param {string} code a piece number, an older one, an inscription or a report number
     * @returns {Object|undefined} the piece; none where the code is on more than one
     */
    find(code) {
        // A number is meant before whatever else says the same.
        const numbered = this.numbers.get(code);
        const ids = numbered.length ? numbered : this.otherCodes.get(code);
        return ids.length === 1 ? this.get(ids[0]) : undefined;
    }

    /** @returns {Object|undefined} the piece of a style with this number */
    findOfStyle(productId, number) {
        const products = this.columns.product_id;
        const id = this.numbers
            .get(number)
            .find((other) => products[this.placeById.get(other)] === productId);
        return id && this.get(id);
    }

    // Codes

    /** Made when all pieces come, before anything is scanned, and kept up from then on. */
    indexAll() {
        this.numbers = new CodeIndex();
        this.otherCodes = new CodeIndex();
        this.placeById.forEach((place, id) => this.index(id, place));
    }

    index(id, place) {
        this.numbers.add(this.columns.name[place], id);
        this.forEachOtherCode(place, (code) => this.otherCodes.add(code, id));
    }

    unindex(id, place) {
        this.numbers.remove(this.columns.name[place], id);
        this.forEachOtherCode(place, (code) => this.otherCodes.remove(code, id));
    }

    forEachOtherCode(place, callback) {
        for (const name of OTHER_CODES) {
            const value = this.columns[name]?.[place];
            if (value) {
                (name === "reports" ? value.split(" ") : [value]).forEach(callback);
            }
        }
    }

    // Choosing

    /**
     * @param {Object} filters {column: value}, `text` in codes, `price` and `carat` as [from, to],
     *     `available` "here", or "shops" for what other shops can send as well
     * @param {number} limit
     * @returns {{pieces: Object[], count: number}} the first ones by price, and how many there are
     */
    search(filters, limit = 60) {
        const tests = this.getTests(filters);
        const prices = this.columns.price || [];
        const first = [];
        let count = 0;
        for (const place of this.placeById.values()) {
            if (tests.every((test) => test(place))) {
                count++;
                insertByPrice(first, place, prices, limit);
            }
        }
        return { pieces: first.map((place) => this.get(this.columns.id[place])), count };
    }

    getTests(filters) {
        const { columns } = this;
        return Object.entries(filters)
            .filter(([, value]) => value !== undefined && value !== "" && value !== false)
            .map(([name, value]) => {
                if (name === "text") {
                    const text = value.trim().toLowerCase();
                    const codes = CODES.map((code) => columns[code] || []);
                    return (place) =>
                        codes.some((values) => values[place] && holds(values[place], text));
                }
                if (Array.isArray(value)) {
                    const [from, to] = value;
                    const values = columns[name];
                    return (place) =>
                        (!from || values[place] >= from) && (!to || values[place] <= to);
                }
                if (name === "available") {
                    const asked = (value === "shops" && columns.can_ask) || [];
                    return (place) =>
                        (!columns.reason[place] || asked[place]) &&
                        !this.getForeignClaim(columns.id[place]);
                }
                const values = columns[name];
                return (place) => values[place] === value;
            });
    }

    /** @returns {boolean} whether another shop has pieces that can be asked for */
    hasOtherShops() {
        return (this.choices.can_ask ??= [...this.placeById.values()].some(
            (place) => this.columns.can_ask?.[place]
        ));
    }

    /** @returns {{id: number, name: string}[]} what of a column there is to choose from */
    getChoices(name) {
        return (this.choices[name] ??= this.collectChoices(name));
    }

    collectChoices(name) {
        const values = this.columns[name] || [];
        const present = new Set();
        for (const place of this.placeById.values()) {
            present.add(values[place]);
        }
        return [...present]
            .filter((id) => this.labels[name]?.[id])
            .map((id) => ({ id, name: this.labels[name][id] }))
            .sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
    }
}

function holds(value, text) {
    return value.toLowerCase().includes(text);
}

/**
 * Keep the `limit` cheapest places in order, without sorting all the others: the first of a price
 * stays before those of the same price that come later.
 */
function insertByPrice(places, place, prices, limit) {
    const price = prices[place];
    if (places.length === limit && price >= prices[places[limit - 1]]) {
        return;
    }
    let at = places.length;
    while (at > 0 && prices[places[at - 1]] > price) {
        at--;
    }
    places.splice(at, 0, place);
    places.length = Math.min(places.length, limit);
}

/** The pieces of this register: a page is one register. Raw, so that no proxy slows it down. */
export const pieceCatalog = markRaw(new PieceCatalog());
