// A scanner types faster than anybody: its keys come within so many milliseconds of each other.
const SCANNER_PAUSE = 50;
const SHORTEST_CODE = 3;

/** Tell what a scanner types from what a person does, where both type into the same box. */
export class ScanReader {
    code = "";
    time = 0;

    /**
     * @param {string} key of a keydown event
     * @param {number} time when it was pressed, in milliseconds
     * @returns {string} the code, with the key that ends it; else nothing
     */
    read(key, time) {
        const isFast = time - this.time <= SCANNER_PAUSE;
        this.time = time;
        if (key === "Enter") {
            const code = isFast ? this.code : "";
            this.code = "";
            return code.length < SHORTEST_CODE ? "" : code;
        }
        if (key.length === 1) {
            this.code = isFast ? this.code + key : key;
        }
        return "";
    }
}
