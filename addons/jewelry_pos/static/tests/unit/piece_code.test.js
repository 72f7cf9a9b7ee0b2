import { describe, expect, test } from "@odoo/hoot";
import { getCodeCandidates, readGs1 } from "@jewelry_pos/app/utils/piece_code";

const FNC1 = "\x1d";

describe.current.tags("headless");

for (const code of [
    "21R-1001",
    "010952123454321321R-1001",
    `010952123454321310LOT7${FNC1}21R-1001`,
    `01095212345432133103001234${FNC1}21R-1001`,
    `${FNC1}010952123454321317261231${"21R-1001"}`,
    "]C1010952123454321321R-1001",
    "]d221R-1001",
    "(01)09521234543213(21)R-1001",
    "(01) 09521234543213 (21) R-1001",
    "010952123454321310LOT7Alt02921R-1001",
    "010952123454321310LOT7#21R-1001",
    "urn:epc:id:sgtin:9521234.054321.R-1001",
    "urn:epc:id:giai:9521234.R-1001",
    "https://shop.example/01/09521234543213/21/R-1001?x=1",
]) {
    test(`the serial number is found in ${JSON.stringify(code)}`, () => {
        expect(readGs1(code).serial).toBe("R-1001");
        expect(getCodeCandidates(code).at(-1)).toBe("R-1001");
        expect(getCodeCandidates(code, "9521234").at(-1)).toBe("R-1001");
    });
}

test("a code is looked for as it is before it is taken apart", () => {
    expect(getCodeCandidates(" 2112345 ")).toEqual(["2112345", "12345"]);
    expect(getCodeCandidates("R-1001")).toEqual(["R-1001"]);
    expect(getCodeCandidates("")).toEqual([]);
});

test("the serial number of somebody else's goods is no piece of ours", () => {
    for (const code of [
        "010400638133393121R-1001",
        "(01)04006381333931(21)R-1001",
        "urn:epc:id:sgtin:4006381.033393.R-1001",
        "https://shop.example/01/04006381333931/21/R-1001",
    ]) {
        expect(getCodeCandidates(code, "9521234")).not.toInclude("R-1001");
        expect(getCodeCandidates(code)).toInclude("R-1001");
    }
});

test("what says nothing of GS1 has no serial number", () => {
    for (const code of [
        "R-1001",
        "R(21)1",
        "01095212345432",
        "010952123454321310LOT7",
        "17ABCDEF21R-1001",
        "urn:epc:id:sgtin:1",
        "https://shop.example/jewelry/passport/abc",
        "%E0%A4%A",
        "",
    ]) {
        expect(readGs1(code).serial).toBe("");
    }
});

test("a broken escape in a code is kept as it is", () => {
    expect(readGs1("urn:epc:id:sgtin:9521234.054321.R%E0%A4%A").serial).toBe("R%E0%A4%A");
});
