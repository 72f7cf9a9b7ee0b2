#!/usr/bin/env python3
"""Turn the YAML files of gemmology-dev/mineral-database into Odoo data records.

    python3 scripts/gem_species.py path/to/data/source

writes `jewelry_gem_species_data.xml` and `jewelry_gem_variety_data.xml` into the data folder
of `jewelry_inventory`. Needs PyYAML. To be run again only for a new version of the source;
its result is committed, and `addons/jewelry_inventory/data/README.md` names source and
licence. Three things are not in the source and come from the tables below: which names are
varieties of which species, corrected figures, and a few materials it lacks. The care advice
is ours, by the rules of `care_of`.
"""

import re
import sys
from pathlib import Path
from xml.sax.saxutils import escape

import yaml

COMMIT = "43516f30"
DATA = Path(__file__).parent.parent / "addons" / "jewelry_inventory" / "data"
CARE_SOURCE = "Our rules over hardness, cleavage and usual treatments"
OWN = "General gemmological knowledge, not in mineral-database"
CATEGORIES = {
    "minerals": "mineral",
    "synthetics": "synthetic",
    "simulants": "simulant",
    "composites": "composite",
}

SPECIES_OF = {
    "alexandrite": "chrysoberyl",
    "amazonite": "microcline",
    "amethyst": "quartz",
    "ametrine": "quartz",
    "aquamarine": "beryl",
    "bronzite": "enstatite",
    "chrome-diopside": "diopside",
    "citrine": "quartz",
    "colour-change-garnet": "garnet",
    "demantoid": "andradite",
    "emerald": "beryl",
    "goshenite": "beryl",
    "heliodor": "beryl",
    "hessonite": "grossular",
    "hiddenite": "spodumene",
    "kunzite": "spodumene",
    "maxixe-beryl": "beryl",
    "moonstone": "orthoclase",
    "morganite": "beryl",
    "padparadscha": "corundum",
    "pink-sapphire": "corundum",
    "red-beryl": "beryl",
    "rhodolite": "garnet",
    "rose-quartz": "quartz",
    "ruby": "corundum",
    "sapphire": "corundum",
    "smoky-quartz": "quartz",
    "star-diopside": "diopside",
    "tanzanite": "zoisite",
    "tsavorite": "grossular",
}

# Figures that one look at the usual references (GIA, Gem-A, Mindat) puts elsewhere.
CORRECTIONS = {
    "emerald": {"hardness": "7.5-8"},
    "peridot": {"hardness": "6.5-7", "sg": "3.27-3.48"},
    "pyrope": {"sg": "3.58-3.87"},
    "tanzanite": {"hardness": "6-7", "sg": "3.10-3.45"},
    "zircon": {"hardness": "6-7.5", "sg": "3.93-4.73"},
}
RENAMED = {
    "plagioclase-albite": "Albite",
    "sphene": "Titanite (Sphene)",
    "synthetic-diamond-cvd": "Lab-grown Diamond (CVD)",
    "synthetic-diamond-hpht": "Lab-grown Diamond (HPHT)",
    "synthetic-alexandrite-czochralski": "Lab-grown Alexandrite (Czochralski)",
    "synthetic-alexandrite-flux": "Lab-grown Alexandrite (flux)",
    "synthetic-alexandrite-hydrothermal": "Lab-grown Alexandrite (hydrothermal)",
    "synthetic-emerald-flux": "Lab-grown Emerald (flux)",
    "synthetic-emerald-hydrothermal": "Lab-grown Emerald (hydrothermal)",
    "synthetic-emerald-lechleitner": "Lab-grown Emerald (Lechleitner overgrowth)",
    "synthetic-opal-gilson": "Lab-grown Opal (Gilson)",
    "synthetic-paraiba": "Lab-grown Paraíba Tourmaline",
    "synthetic-quartz-hydrothermal": "Lab-grown Quartz (hydrothermal)",
    "synthetic-ruby-flux": "Lab-grown Ruby (flux)",
    "synthetic-ruby-hydrothermal": "Lab-grown Ruby (hydrothermal)",
    "synthetic-ruby-kashan-flux": "Lab-grown Ruby (Kashan flux)",
    "synthetic-ruby-verneuil": "Lab-grown Ruby (Verneuil)",
    "synthetic-sapphire-czochralski": "Lab-grown Sapphire (Czochralski)",
    "synthetic-sapphire-flux": "Lab-grown Sapphire (flux)",
    "synthetic-sapphire-verneuil": "Lab-grown Sapphire (Verneuil)",
    "synthetic-spinel-verneuil": "Lab-grown Spinel (Verneuil)",
}

# (code, name, species or None, hardness, specific gravity, refractive index, cleavage, treatments)
MISSING = [
    ("amber", "Amber", None, "2-2.5", "1.05-1.09", "1.54", "None", ["Heat treatment", "Dyeing"]),
    (
        "iolite",
        "Iolite (Cordierite)",
        None,
        "7-7.5",
        "2.57-2.66",
        "1.542-1.551",
        "Distinct in one direction",
        [],
    ),
    (
        "lapis-lazuli",
        "Lapis Lazuli",
        None,
        "5-6",
        "2.50-3.00",
        "1.50",
        "None",
        ["Dyeing", "Wax/oil impregnation"],
    ),
    (
        "microcline",
        "Microcline",
        None,
        "6-6.5",
        "2.54-2.58",
        "1.518-1.530",
        "Perfect {001} and good {010}",
        [],
    ),
    (
        "zoisite",
        "Zoisite",
        None,
        "6-7",
        "3.10-3.45",
        "1.691-1.700",
        "Perfect in one direction",
        ["Heat treatment"],
    ),
    ("agate", "Agate", "chalcedony", "6.5-7", "2.58-2.64", "1.535-1.539", "None", ["Dyeing"]),
    (
        "carnelian",
        "Carnelian",
        "chalcedony",
        "6.5-7",
        "2.58-2.64",
        "1.535-1.539",
        "None",
        ["Heat treatment", "Dyeing"],
    ),
    ("chrysoprase", "Chrysoprase", "chalcedony", "6.5-7", "2.58-2.64", "1.535-1.539", "None", []),
    ("onyx", "Onyx", "chalcedony", "6.5-7", "2.58-2.64", "1.535-1.539", "None", ["Dyeing"]),
    (
        "paraiba-tourmaline",
        "Paraíba Tourmaline",
        "elbaite",
        "7-7.5",
        "2.90-3.10",
        "1.603-1.655",
        "Indistinct",
        ["Heat treatment", "Fracture filling"],
    ),
    (
        "akoya-pearl",
        "Akoya Cultured Pearl",
        "pearl",
        "2.5-4.5",
        "2.60-2.85",
        "1.52-1.69",
        "None",
        ["Bleaching", "Dyeing"],
    ),
    (
        "freshwater-pearl",
        "Freshwater Cultured Pearl",
        "pearl",
        "2.5-4.5",
        "2.60-2.85",
        "1.52-1.69",
        "None",
        ["Bleaching", "Dyeing"],
    ),
    (
        "south-sea-pearl",
        "South Sea Cultured Pearl",
        "pearl",
        "2.5-4.5",
        "2.60-2.85",
        "1.52-1.69",
        "None",
        [],
    ),
    (
        "tahitian-pearl",
        "Tahitian Cultured Pearl",
        "pearl",
        "2.5-4.5",
        "2.60-2.85",
        "1.52-1.69",
        "None",
        [],
    ),
]

# In a list of treatments these say that there is none, or speak of imitations.
NO_TREATMENT = re.compile(
    r"^(none|generally (not|un)|not (routinely )?treated|not routinely|minimal|hematine)", re.I
)
TREATMENT_WORDS = {
    "bleach": "B",
    "coat": "C",
    "lacquer": "C",
    "dye": "D",
    "dyi": "D",
    "sugar": "D",
    "filling": "F",
    "filled": "F",
    "flux heal": "FH",
    "heat": "H",
    "thermal": "H",
    "hpht": "HP",
    "impregn": "I",
    "stabili": "I",
    "oil": "O",
    "irradiat": "R",
    "diffusion": "U",
    "wax": "W",
}

FADES = {"amethyst", "hiddenite", "kunzite", "maxixe-beryl", "rose-quartz"}
TENDER = {
    "amber", "ambroid", "azurite", "bone", "chrysocolla", "copal", "coral", "jet",
    "lapis-lazuli", "malachite", "opal", "opal-doublet", "opal-triplet", "pearl",
    "rhodochrosite", "synthetic-opal-gilson", "turquoise",
}  # fmt: skip


def load(folder):
    """Yield a flat dict for every material of the source and of ``MISSING``."""
    for path in sorted(Path(folder).glob("*/*.yaml")):
        entry = yaml.safe_load(path.read_text(encoding="utf-8"))
        code = entry["id"]
        fixes = CORRECTIONS.get(code, {})
        note = f"mineral-database {COMMIT}, {path.parent.name}/{path.name}"
        if fixes:
            note += f"; corrected: {', '.join(f'{key} was {entry[key]}' for key in fixes)}"
        yield material(
            code,
            RENAMED.get(code, entry["name"]),
            CATEGORIES[path.parent.name],
            species_of(entry, path.parent.name),
            {**entry, **fixes},
            note,
        )
    for code, name, species, hardness, sg, ri, cleavage, treatments in MISSING:
        entry = {"hardness": hardness, "sg": sg, "ri": ri, "cleavage": cleavage}
        entry["treatments"] = treatments
        yield material(code, name, "mineral", species, entry, OWN)


def species_of(entry, folder):
    """Return the code of the species a material is a variety of, or None."""
    if folder == "synthetics":
        natural = entry["natural_counterpart_id"]
        return SPECIES_OF.get(natural, natural)
    return SPECIES_OF.get(entry["id"])


def material(code, name, category, species, entry, source):
    """Return the values of one record."""
    hardness = figures(entry["hardness"])
    density = figures(entry["sg"])
    treatments = [text for text in entry.get("treatments") or () if is_treatment(text)]
    codes = treatment_codes(treatments)
    cleavage = entry.get("cleavage") or ""
    return {
        "code": code,
        "name": name,
        "category": category,
        "species": species,
        "hardness_min": hardness[0],
        "hardness_max": hardness[-1],
        "density_min": density[0],
        "density_max": density[-1],
        "refractive_index": str(entry["ri"]),
        "cleavage": "" if cleavage == "None" else cleavage,
        "usual_treatments": "; ".join(treatments),
        "treatments": codes,
        "care": care_of(code, species, category, hardness[0], cleavage, codes),
        "care_source": CARE_SOURCE,
        "source": source,
    }


def figures(text):
    """Return the one or two numbers of a range such as '6.5-7' or '4-7 (variable)'."""
    return [float(number) for number in re.findall(r"\d+(?:\.\d+)?", str(text))[:2]]


def is_treatment(text):
    """Tell whether a line of the source's treatments names one."""
    return isinstance(text, str) and not NO_TREATMENT.match(text)


def treatment_codes(treatments):
    """Return the codes that the words of the treatments stand for."""
    text = " ".join(treatments).lower()
    return sorted({code for word, code in TREATMENT_WORDS.items() if word in text})


def care_of(code, species, category, hardness, cleavage, codes):
    """Return advice for customer and bench, gentlest case first."""
    advice = [scratching(hardness)]
    splits = re.search(r"\b(perfect|good|distinct)\b", cleavage, re.I)
    filled = {"F", "I", "O", "W"} & set(codes)
    tender = {code, species} & TENDER
    if splits:
        advice.append(
            "A hard knock can split it."
            if hardness >= 9
            else "A knock or sudden heat can split it."
        )
    if category == "composite":
        advice.append("Its layers are glued: no soaking, heat or solvents.")
    if filled:
        advice.append("It may be filled or impregnated: no heat or solvents until tested.")
    if {"C", "D"} & set(codes):
        advice.append("It may be coated or dyed: no solvents or polish.")
    if code in FADES:
        advice.append("It may fade in strong light: store it dark.")
    if tender:
        advice.append("Acid, perfume and heat harm it: put it on last, wipe it after wear.")
    brittle = hardness < 9 and (splits or filled)
    advice.append(cleaning(hardness, gentle=brittle or tender or category == "composite"))
    return " ".join(advice)


def scratching(hardness):
    """Return how to store a stone of this hardness."""
    if hardness >= 9:
        return "It scratches other stones: store it apart."
    if hardness >= 7:
        return "Harder stones scratch it: store it apart."
    return "Dust and sand scratch it: store it apart and blow dust off before wiping."


def cleaning(hardness, gentle):
    """Return how to clean a stone, gently or as hard stones without flaws bear it."""
    if gentle or hardness < 7:
        return "Clean it with a soft damp cloth; no ultrasonic or steam cleaner."
    return (
        "Clean it in warm water with mild soap and a soft brush; ultrasonic or steam only after "
        "a look for cracks and fillings under the loupe."
    )


def write(model, rows, name):
    """Write the records of a model into the data folder."""
    lines = ['<?xml version="1.0" encoding="UTF-8" ?>']
    lines.append("<!-- Written by scripts/gem_species.py: change that, not this. -->")
    lines.append('<odoo noupdate="1">')
    for row in sorted(rows, key=lambda row: row["code"]):
        lines += record(model, row)
    lines.append("</odoo>\n")
    (DATA / name).write_text("\n".join(lines), encoding="utf-8")


def record(model, row):
    """Return the lines of one record, fields without a value left out."""
    kind = model.rsplit(".", 1)[-1]
    yield f'    <record id="{kind}_{row["code"].replace("-", "_")}" model="{model}">'
    for field, value in row.items():
        if field == "species":
            if value:
                yield f'        <field name="species_id" ref="species_{value.replace("-", "_")}" />'
        elif field == "treatments":
            if value:
                refs = ", ".join(f"Command.link(ref('treatment_{code.lower()}'))" for code in value)
                yield f'        <field name="treatment_ids" eval="[{refs}]" />'
        elif isinstance(value, float):
            yield f'        <field name="{field}" eval="{value:g}" />'
        elif value:
            yield f'        <field name="{field}">{escape(str(value))}</field>'
    yield "    </record>"


def main(folder):
    """Write both files and tell how many records they hold."""
    materials = list(load(folder))
    species = [row for row in materials if not row["species"]]
    varieties = [row for row in materials if row["species"]]
    codes = {row["code"] for row in species}
    if unknown := {row["species"] for row in varieties} - codes:
        sys.exit(f"Varieties of unknown species: {', '.join(sorted(unknown))}")
    write("jewelry.gem.species", species, "jewelry_gem_species_data.xml")
    write("jewelry.gem.variety", varieties, "jewelry_gem_variety_data.xml")
    sys.stdout.write(f"{len(species)} species, {len(varieties)} varieties\n")


if __name__ == "__main__":
    main(sys.argv[1])
