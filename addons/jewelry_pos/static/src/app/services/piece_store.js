/** Keeps the catalog of pieces on this device, in a database of its own. */

const STORE = "catalog";
const KEY = "pieces";

function asPromise(request) {
    return new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
    });
}

export class PieceStore {
    /** @param {string} name of the database: one for each register and server */
    constructor(name) {
        this.name = name;
    }

    async open() {
        const request = indexedDB.open(this.name, 1);
        request.onupgradeneeded = () => request.result.createObjectStore(STORE);
        this.db = await asPromise(request);
    }

    /** @returns {Promise<Object|undefined>} what was kept last */
    async load() {
        return asPromise(this.db.transaction(STORE).objectStore(STORE).get(KEY));
    }

    async save(value) {
        const store = this.db.transaction(STORE, "readwrite").objectStore(STORE);
        await asPromise(store.put(value, KEY));
    }
}
