import re
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import tagged
from odoo.tools.misc import file_open

from ..tools import gia, report
from .common import VectorCase, read_vector
from .fake_gia import read_made_up, read_sample

FRAGMENT = re.compile(r"fragment (\w+) on (\w+)")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda child: st.lists(child) | st.dictionaries(st.text(min_size=1), child),
    max_leaves=20,
)


class QueryWalker:
    """The leaves of a GraphQL query, as `(path, kind of result)`; enough of it for these two."""

    def __init__(self, text, root):
        text = re.sub(r"#.*", "", text)
        text = re.sub(r"\([^)]*\)", "", text)
        self.tokens = re.findall(r"\.\.\.|\w+|[{}]", text)
        self.fragments = self._find_fragments()
        self.leaves = set()
        self._walk(self.tokens.index("{", self.tokens.index(root)) + 1, (), "")

    def _find_fragments(self):
        starts = [n for n, token in enumerate(self.tokens) if token == "fragment"]
        return {self.tokens[n + 1]: (self.tokens[n + 3], n + 5) for n in starts}

    def _walk(self, place, path, member):
        """Walk a selection from behind its brace to its end; return the place behind it."""
        while (token := self.tokens[place]) != "}":
            follows = self.tokens[place + 1]
            if token == "..." and follows == "on":
                kind = self._get_member(path, self.tokens[place + 2])
                place = self._walk(place + 4, path, kind or member)
            elif token == "...":
                kind, start = self.fragments[follows]
                self._walk(start, path, self._get_member(path, kind) or member)
                place += 2
            elif follows == "{":
                place = self._walk(place + 2, (*path, token), member)
            else:
                self.leaves.add(((*path, token), member))
                place += 1
        return place + 1

    def _get_member(self, path, kind):
        unions = (("results",), ("results", *gia.PART_RESULTS.split(".")))
        return kind if path in unions else ""


@tagged("post_install", "-at_install")
class TestGiaQuery(VectorCase):
    """Every field that GIA can be asked for has a place."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.master = QueryWalker(read_vector("gia/master_query.graphql"), "getReport").leaves
        with file_open("jewelry_inventory/data/gia/report_fields.graphql") as file:
            cls.ours = QueryWalker(file.read(), "ReportFields").leaves

    def test_every_leaf_of_the_master_query_has_a_target(self):
        lost = {leaf for leaf in self.master if not self._find(*leaf)}
        self.assertFalse(lost)
        self.assertGreater(len(self.master), 300)

    def test_we_ask_for_all_that_the_master_query_asks_for(self):
        # The kind of a stone in a piece is asked for as well, which names no new field.
        self.assertFalse(self.master - self.ours)

    def test_all_that_we_ask_for_has_a_target(self):
        self.assertFalse({leaf for leaf in self.ours if not self._find(*leaf)})

    def test_every_kind_of_result_is_asked_for(self):
        asked = {member for _path, member in self.ours if member}
        self.assertEqual(asked, set(gia.MEMBERS))

    def test_a_field_that_nobody_asked_for_has_none(self):
        self.assertIsNone(gia.find_target(("results", "aura"), "PearlIdentReportResults"))
        self.assertIsNone(gia.find_target(("results", "luster"), "AuraResults"))
        self.assertIsNone(gia.find_target(("aura",), ""))

    def _find(self, path, member):
        if path == ("results", "__typename"):
            return all(gia.find_target(path, name) for name in gia.MEMBERS)
        if path == ("results", *gia.PART_RESULTS.split("."), "__typename"):
            return True
        return gia.find_target(path, member)


@tagged("post_install", "-at_install")
class TestGiaReading(VectorCase):
    """What is read of answers; all but the first are made up."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.answers = read_made_up()

    def _read(self, number, **results):
        answer = self.answers[number]
        return gia.read_report(answer | {"results": answer["results"] | results})

    def _get(self, reading):
        return {name: value.value for name, value in reading.values.items()}

    def test_the_sample_of_the_documentation_is_read(self):
        reading = gia.read_report(read_sample())
        self.assertEqual((reading.number, reading.kind), ("2141438171", "dossier"))
        self.assertEqual(str(reading.date), "2019-09-01")
        values = self._get(reading)
        expected = {
            "carat": Decimal("0.51"),
            "shape_id": "emerald",
            "length": Decimal("5.29"),
            "width": Decimal("3.88"),
            "depth": Decimal("2.61"),
            "color_grade_id": "E",
            "clarity_grade_id": "VS2",
            "polish_grade_id": "VG",
            "symmetry_grade_id": "G",
            "fluorescence_grade_id": "NON",
            "depth_percent": Decimal("67.2"),
            "table_percent": Decimal("63"),
            "girdle": "Slightly Thick to Thick",
            "culet": "Very Small",
            "inscription": "GIA 2141438171, YOUR LOGO OR PERSONAL MESSAGE HERE",
            "comment": "SAMPLESAMPLESAMPLESAMPLE",
            "species_id": "diamond",
            "origin": "natural",
        }
        self.assertEqual(values, expected)

    def test_the_text_stays_as_printed_beside_what_was_read(self):
        reading = gia.read_report(read_sample())
        self.assertEqual(reading.values["carat"].text, "0.51 carat")
        (line,) = [line for line in reading.printed if line.path == "results.measurements"]
        self.assertEqual(line.text, "5.29 x 3.88 x 2.61 mm")
        self.assertEqual(line.read["depth"], Decimal("2.61"))

    def test_a_line_is_named_by_what_it_is_part_of(self):
        labels = {line.path: line.label for line in self._read("9000000001").printed}
        expected = {
            "results.carat_weight": "Carat weight",
            "results.key_to_symbols[1].characteristic": "Key to symbols 2: characteristic",
            "industry_disclosures.disclosed_source.name": "Disclosed source: name",
            "results.proportions.crown_angle": "Crown angle",
        }
        self.assertEqual({path: labels[path] for path in expected}, expected)

    def test_a_round_stone_has_its_largest_diameter_first(self):
        values = self._get(self._read("9000000001"))
        self.assertEqual((values["length"], values["width"]), (Decimal("6.43"), Decimal("6.41")))
        self.assertEqual(values["fluorescence_color_id"], "BLUE")

    def test_a_treatment_told_in_the_comments_of_a_diamond_is_read(self):
        self.assertEqual(self._get(self._read("9000000001"))["treatment_ids"], ["L"])
        for comment in ("Pinpoints are not shown.", "Inscribed: HPHT", None):
            values = self._get(self._read("9000000001", report_comments=comment))
            self.assertNotIn("treatment_ids", values)

    def test_a_fancy_colour_is_an_intensity_and_a_hue(self):
        values = self._get(self._read("9000000002"))
        self.assertEqual(values["fancy_intensity_id"], "FANCY-INTENSE")
        self.assertEqual(values["fancy_color"], "Orangy Yellow")
        self.assertEqual(values["color_origin"], "natural")
        self.assertEqual(values["clarity_grade_id"], "IF")
        self.assertNotIn("color_grade_id", values)

    def test_a_grown_diamond_says_so_and_how_it_grew(self):
        reading = self._read("9000000003")
        values = self._get(reading)
        self.assertEqual((reading.kind, values["origin"]), ("lab_grown", "lab_grown"))
        self.assertEqual(values["variety_id"], "synthetic-diamond-cvd")
        # How it grew is no treatment, and what may have been done is not what was done.
        self.assertNotIn("treatment_ids", values)

    def test_an_assessment_has_a_class_and_no_grades(self):
        reading = self._read("9000000004")
        values = self._get(reading)
        self.assertEqual((reading.kind, values["lab_grown_class_id"]), ("assessment", "PREMIUM"))
        self.assertEqual(values["origin"], "lab_grown")
        self.assertFalse({"color_grade_id", "clarity_grade_id"} & values.keys())

    def test_a_ruby_is_a_heated_natural_corundum(self):
        reading = self._read("9000000005")
        values = self._get(reading)
        self.assertEqual(reading.kind, "origin")
        self.assertEqual((values["species_id"], values["variety_id"]), ("Corundum", "Ruby"))
        self.assertEqual((values["origin"], values["treatment_ids"]), ("natural", ["H"]))

    def test_a_cultured_pearl_is_not_called_natural(self):
        values = self._get(self._read("9000000006"))
        self.assertEqual(values["species_id"], "pearl")
        self.assertEqual(values["shape_id"], "pearl-round")
        self.assertNotIn("origin", values)

    def test_a_report_on_a_piece_tells_of_it_and_of_its_stones(self):
        reading = self._read("JG900008")
        values = self._get(reading)
        self.assertEqual(reading.subject, "piece")
        self.assertEqual(values["gross_weight"], Decimal("4.35"))
        self.assertEqual((values["hallmark"], values["inscription"]), ("750", "Forever"))
        self.assertNotIn("carat", values)
        (stone,) = reading.parts.values()
        self.assertEqual(stone["carat"].value, Decimal("1.01"))
        self.assertEqual(stone["origin"].value, "natural")

    def test_a_service_on_melee_tells_of_the_parcel_with_its_number(self):
        reading = self._read("9000000009")
        values = self._get(reading)
        self.assertEqual((reading.subject, reading.kind), ("parcel", "melee"))
        self.assertEqual((values["carat"], values["count"]), (Decimal("5.00"), 600))
        self.assertEqual(values["origin"], "natural")

    def test_of_several_packages_none_is_chosen_without_its_number(self):
        packages = self.answers["9000000009"]["results"]["packages"]
        renamed = [package | {"service_results_number": "1"} for package in packages]
        values = self._get(self._read("9000000009", packages=renamed))
        self.assertFalse({"carat", "count", "origin"} & values.keys())
        values = self._get(self._read("9000000009", packages=renamed[:1]))
        self.assertEqual(values["count"], 600)

    def test_an_unknown_kind_of_result_is_kept_and_shown_as_it_came(self):
        reading = self._read("9000000011")
        self.assertEqual(reading.kind, "other")
        unknown = {line.path: line.text for line in reading.printed if not line.known}
        self.assertEqual(unknown["results.mass"], "12.5 grams")
        self.assertEqual(unknown["results.fall.place"], "Allende")

    def test_an_unknown_field_is_kept_beside_the_known_ones(self):
        reading = self._read("9000000001", aura={"hue": "Blue"})
        (line,) = [line for line in reading.printed if not line.known]
        self.assertEqual((line.path, line.text), ("results.aura.hue", "Blue"))
        self.assertEqual(reading.values["carat"].value, Decimal("1.01"))

    def test_every_text_of_an_answer_is_on_the_sheet(self):
        for number, answer in self.answers.items():
            told = set(self._get_texts(answer))
            shown = {line.text for line in gia.read_report(answer).printed}
            with self.subTest(number):
                self.assertFalse(told - shown)

    def _get_texts(self, node):
        if isinstance(node, dict | list):
            for child in node.values() if isinstance(node, dict) else node:
                yield from self._get_texts(child)
        elif node is not None:
            yield str(node)

    def test_nothing_but_nulls_is_an_empty_report(self):
        for number, answer in self.answers.items():
            nulls = self._null(answer)
            with self.subTest(number):
                reading = gia.read_report(nulls)
                self.assertFalse(reading.printed)
                self.assertFalse(reading.values)

    def _null(self, node):
        if isinstance(node, dict):
            return {name: self._null(child) for name, child in node.items()}
        return [self._null(child) for child in node] if isinstance(node, list) else None

    def test_each_leaf_alone_may_be_null(self):
        for number, answer in self.answers.items():
            results = answer["results"]
            for name in results:
                with self.subTest(number=number, name=name):
                    reading = self._read(number, **{name: None})
                    self.assertEqual(reading.number, number)

    def test_a_code_is_read_where_the_print_is_not(self):
        reading = self._read("9000000001", clarity_grade="Sehr klein")
        self.assertEqual(reading.values["clarity_grade_id"].value, "VS1")
        self.assertEqual(reading.values["clarity_grade_id"].text, "Sehr klein")

    def test_what_is_readable_nowhere_is_told_with_its_text(self):
        reading = self._read("9000000001", clarity_grade="Sehr klein", data=None)
        self.assertIsNone(reading.values["clarity_grade_id"].value)
        self.assertEqual(reading.values["clarity_grade_id"].text, "Sehr klein")

    @given(st.dictionaries(st.sampled_from(["results", "links", "assets", "quota", "x"]), JSON))
    def test_no_answer_breaks_the_reading(self, answer):
        gia.read_report(answer)
        gia.find_error(answer)

    @given(JSON, st.sampled_from(sorted(gia.MEMBERS)))
    def test_no_kind_of_result_breaks_the_reading(self, node, member):
        names = {path.split(".")[0] for path in gia.MEMBERS[member]}
        results = dict.fromkeys(names, node) | {"__typename": member}
        gia.read_report({"report_number": node, "results": results})


@tagged("post_install", "-at_install")
class TestReportWords(VectorCase):
    """Words and figures of laboratories."""

    def test_colours_are_read_from_d_to_z_and_beyond(self):
        cases = {
            "D": "D",
            "k": "K",
            "W to X": "W-X",
            "Y-Z range": "Y-Z",
            "K, Faint Brown": "K",
            "Near Colorless": "G-J",
        }
        for text, code in cases.items():
            self.assertEqual(gia.read_color(text), {"color_grade_id": code}, text)
        self.assertEqual(
            gia.read_color("Fancy Light Brownish Yellow"),
            {"fancy_intensity_id": "FANCY-LIGHT", "fancy_color": "Brownish Yellow"},
        )
        for text in ("", "A", "DE", "Very", "Black"):
            self.assertEqual(gia.read_color(text), {}, text)

    def test_shapes_are_told_by_their_words(self):
        cases = {
            "Round Brilliant": "round",
            "Emerald Cut": "emerald",
            "Square Emerald Cut": "asscher",
            "Cut-Cornered Square Modified Brilliant": "radiant",
            "Square Modified Brilliant": "princess",
            "Cushion Modified Brilliant": "cushion",
            "Old European Brilliant": "old-european",
            "Tapered Baguette": "tapered-baguette",
            "Triangular Brilliant": "trillion",
            "Pear Rose Cut": "rose-cut",
        }
        for text, code in cases.items():
            self.assertEqual(gia.SHAPE.read(text), {"shape_id": code}, text)
        self.assertEqual(gia.SHAPE.read("Octagon"), {})

    def test_treatments_are_read_clause_by_clause(self):
        cases = {
            "None": ["N"],
            "No indications of heating": ["N"],
            "Indications of heating": ["H"],
            "Heated. No indications of clarity enhancement.": ["H"],
            "Minor clarity enhancement (oil)": ["O"],
            "Clarity enhanced": ["E"],
            "Dyed and impregnated with polymer": ["D", "I"],
            "Indications of heating; residues of flux": ["H", "FH"],
            "High pressure, high temperature processed": ["HP"],
        }
        for text, codes in cases.items():
            self.assertEqual(gia.read_treatments(text), {"treatment_ids": codes}, text)
        self.assertEqual(gia.read_treatments("See comments"), {})

    def test_weights_are_read_with_their_unit(self):
        for text, carats in {
            "0.51 carat": "0.51",
            "2 cts.": "2",
            "1.5ct": "1.5",
            "1 g": "5",
        }.items():
            self.assertEqual(report.read_carats(text), {"carat": Decimal(carats)}, text)
        for text in ("", "carat", "0 carat", "0.5 - 0.6 carat", "1e5 carat", "99999 carat"):
            self.assertEqual(report.read_carats(text), {}, text)

    def test_sizes_beyond_any_stone_are_not_read(self):
        for text in ("", "5.29 x 3.88 mm", "0 x 1 x 1 mm", "501 x 1 x 1 mm", "10.02 - 10.11 mm"):
            self.assertEqual(report.read_millimetres(text), {}, text)

    def test_a_day_that_does_not_exist_is_not_read(self):
        self.assertEqual(report.read_date("2026-02-30"), {})
        self.assertEqual(str(report.read_date("2026-02-28T00:00:00Z")["report_date"]), "2026-02-28")

    def test_a_weight_is_the_same_as_far_as_it_is_printed(self):
        for typed, same in (("0.512", True), ("0.519", True), ("0.52", False), ("0.50", False)):
            with self.subTest(typed):
                told = report.is_same("carat", Decimal(typed), Decimal("0.51"))
                self.assertEqual(told, same)
        self.assertTrue(report.is_same("depth", Decimal("2.61"), Decimal("2.6")))
        self.assertFalse(report.is_same("depth", Decimal("2.61"), Decimal("2.60")))

    def test_another_stone_is_told_by_weight_size_shape_and_origin(self):
        typed = {"carat": Decimal("1.00"), "length": Decimal("6.4"), "shape_id": 1}
        typed |= {"origin": "natural"}
        self.assertEqual(report.find_mismatches(typed, dict(typed)), [])
        cases = {
            "carat": Decimal("1.03"),
            "length": Decimal("6.6"),
            "shape_id": 2,
            "origin": "lab_grown",
        }
        for name, value in cases.items():
            self.assertEqual(report.find_mismatches(typed, typed | {name: value}), [name])

    def test_what_is_not_known_tells_nothing_of_another_stone(self):
        read = {"carat": Decimal("1.00"), "shape_id": 1, "origin": "natural"}
        for typed in ({}, {"carat": Decimal(0), "shape_id": False, "origin": "unknown"}):
            self.assertEqual(report.find_mismatches(typed, read), [])
        self.assertEqual(report.find_mismatches(read, {"carat": None}), [])

    def test_a_change_is_a_line_that_reads_otherwise(self):
        answer = read_made_up()["9000000001"]
        old = gia.read_report(answer)
        later = answer | {"quota": {"remaining": 1}, "links": {"pdf": "https://other"}}
        self.assertEqual(report.find_changes(old, gia.read_report(later)), [])
        regraded = answer | {"results": answer["results"] | {"color_grade": "F", "polish": None}}
        self.assertEqual(
            report.find_changes(old, gia.read_report(regraded)),
            [("Color grade", "G", "F"), ("Polish", "Excellent", "")],
        )

    def test_errors_are_told_apart_by_what_the_documentation_names(self):
        cases = [
            ({"errorType": "REPORT UNAVAILABLE", "errorInfo": "REPORT NOT FOUND"}, "not_found"),
            ({"errorType": "REPORT NOT FOUND", "errorInfo": "FORBIDDEN"}, "forbidden"),
            ({"errorType": "REPORT UNAVAILABLE", "errorInfo": "REPORT IN HOUSE"}, "in_service"),
            ({"errorType": "QUOTA REACHED", "errorInfo": "PLAN QUOTA MET"}, "quota"),
            ({"errorType": "MalformedHttpRequestException"}, "failed"),
        ]
        for error, code in cases:
            self.assertEqual(gia.find_error({"errors": [error]})[0], code)
        self.assertIsNone(gia.find_error({"data": {}}))
