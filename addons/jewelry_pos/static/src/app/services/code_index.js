/**
 * Which pieces a code is on, kept up while pieces come, change and go: the register never has to
 * read all of them anew for one that changed.
 *
 * Most codes are on one piece: its id is kept bare, and a list is made for the others only.
 */
export class CodeIndex {
    constructor() {
        this.idsByCode = new Map();
    }

    /**
     * @param {string} code as it was typed or scanned, in any case
     * @returns {number[]} ids of the pieces that it is on
     */
    get(code) {
        const ids = this.idsByCode.get(code.trim().toLowerCase());
        return ids === undefined ? [] : [ids].flat();
    }

    add(code, id) {
        const key = code.toLowerCase();
        const known = this.idsByCode.get(key);
        if (known === undefined) {
            this.idsByCode.set(key, id);
        } else if (known !== id && !(Array.isArray(known) && known.includes(id))) {
            this.idsByCode.set(key, [known, id].flat());
        }
    }

    remove(code, id) {
        const key = code.toLowerCase();
        const left = this.get(code).filter((other) => other !== id);
        if (left.length) {
            this.idsByCode.set(key, left.length > 1 ? left : left[0]);
        } else {
            this.idsByCode.delete(key);
        }
    }
}
