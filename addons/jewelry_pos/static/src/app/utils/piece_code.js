/** What a scanned code may say, in which words: pure rules, as `tools/scan.py` of the trunk. */

const FNC1 = String.fromCharCode(29);
// What scanners send for the character that ends a value.
const SEPARATORS = new RegExp(`Alt029|#|${FNC1}`, "g");
const LEADING_SEPARATORS = new RegExp(`^${FNC1}+`);
// What scanners send before a code to name its symbology.
const SYMBOLOGY = /^\][A-Za-z]\d/;
const PRINTED = /\((\d{2,4})\)([^()]*)/g;
const URN = /^urn:epc:id:sgtin:(\d+)\.(\d+)\.(.+)$/;
const ASSET_URN = /^urn:epc:id:giai:(\d+)\.(.+)$/;
const LINK = /^https?:\/\/[^?#]*\/01\/(\d{8,14})\/21\/([^/?#]+)/;
const GTIN = "01";
const SERIAL = "21";
// Digits of the values that nothing ends, by the first two of their identifier (GS1 General
// Specifications, element strings with predefined length).
const LENGTHS = { "00": 18, "01": 14, "02": 14, "03": 14, "04": 16, 20: 2, 41: 13 };
for (const date of ["11", "12", "13", "14", "15", "16", "17", "18", "19"]) {
    LENGTHS[date] = 6;
}
for (const measure of ["31", "32", "33", "34", "35", "36"]) {
    LENGTHS[measure] = 6;
}
const MEASURE = /^3[1-6]/;

/**
 * @param {string} text an element string of GS1
 * @returns {Object} values by identifier, up to the first one that is none
 */
function readElements(text) {
    const values = {};
    let rest = text.replace(SEPARATORS, FNC1).replace(LEADING_SEPARATORS, "");
    while (/^\d{2}/.test(rest)) {
        const key = rest.slice(0, 2);
        const start = MEASURE.test(key) ? 4 : key === "41" ? 3 : 2;
        const length = LENGTHS[key];
        const end = length ? start + length : rest.indexOf(FNC1);
        const value = rest.slice(start, end < 0 ? undefined : end);
        if (!value || (length && !/^\d+$/.test(value)) || value.length < (length || 1)) {
            break;
        }
        values[key] = value;
        rest = end < 0 ? "" : rest.slice(end).replace(LEADING_SEPARATORS, "");
    }
    return values;
}

function readPrinted(text) {
    return Object.fromEntries(
        [...text.matchAll(PRINTED)].map(([, key, value]) => [key, value.trim()])
    );
}

/**
 * @param {string} code what the scanner read
 * @returns {{serial: string, gtin: string, prefix: string}} what a code of GS1 says: a serial
 *     number, and whose goods it is on: as a trade item's number, or as the company's prefix
 */
export function readGs1(code) {
    const text = code.replace(SYMBOLOGY, "");
    const urn = URN.exec(text) || ASSET_URN.exec(text);
    if (urn) {
        return { serial: decode(urn.at(-1)), gtin: "", prefix: urn[1] };
    }
    const link = LINK.exec(text);
    const values = link
        ? { [GTIN]: link[1].padStart(14, "0"), [SERIAL]: decode(link[2]) }
        : text.startsWith("(")
          ? readPrinted(text)
          : readElements(text);
    return { serial: values[SERIAL] || "", gtin: values[GTIN] || "", prefix: "" };
}

function decode(text) {
    try {
        return decodeURIComponent(text);
    } catch {
        return text;
    }
}

/**
 * @param {string} code what the scanner read
 * @param {string} [ours] the company's prefix of GS1
 * @returns {string[]} numbers that the code may mean, the most literal first. The serial number of
 *     somebody else's goods means nothing here.
 */
export function getCodeCandidates(code, ours = "") {
    const text = code.trim();
    const { serial, gtin, prefix } = readGs1(text);
    const issuer = prefix || gtin.slice(1);
    const isOurs = !ours || !issuer || issuer.startsWith(ours);
    const candidates = [text, text.replace(SYMBOLOGY, ""), isOurs && serial];
    return [...new Set(candidates.filter(Boolean))];
}
