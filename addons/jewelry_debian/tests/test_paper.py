"""wkhtmltopdf's arguments, read back as a sheet of paper."""

from odoo.tests import TransactionCase, tagged

from ..models.ir_actions_report import SIZES
from ..tools.paper import Paper, parse_length


@tagged("post_install", "-at_install")
class TestPaper(TransactionCase):
    def read_sheet(self, *arguments):
        return Paper.from_arguments(arguments, SIZES)

    def test_core_arguments_of_the_euro_format_give_its_sheet(self):
        arguments = self.env["ir.actions.report"]._build_wkhtmltopdf_args(
            self.env.ref("base.paperformat_euro"), landscape=False
        )
        paper = Paper.from_arguments(arguments, SIZES)
        self.assertEqual((paper.width, paper.height), (210, 297))
        self.assertEqual((paper.margin_top, paper.margin_bottom), (52, 32))
        self.assertEqual((paper.margin_left, paper.margin_right), (0, 0))
        self.assertEqual(paper.header_spacing, 52)
        self.assertFalse(paper.header_line)
        self.assertAlmostEqual(paper.scale, 0.8 * 96 / 90)

    def test_report_attributes_win_over_the_format_as_in_core(self):
        arguments = self.env["ir.actions.report"]._build_wkhtmltopdf_args(
            self.env.ref("base.paperformat_us"),
            landscape=None,
            specific_paperformat_args={
                "data-report-landscape": True,
                "data-report-margin-top": 5,
                "data-report-margin-bottom": "6",
                "data-report-header-spacing": 4,
                "data-report-dpi": 96,
            },
        )
        paper = Paper.from_arguments(arguments, SIZES)
        self.assertEqual((paper.width, paper.height), (279.4, 215.9))
        self.assertEqual((paper.margin_top, paper.margin_bottom, paper.header_spacing), (5, 6, 4))
        self.assertAlmostEqual(paper.scale, 0.8)

    def test_every_named_size_of_core_has_a_width_and_a_height(self):
        names = dict(self.env["report.paperformat"]._fields["format"].selection)
        self.assertEqual(set(SIZES), set(names) - {"custom"})

    def test_custom_size_wins_and_turns_with_the_orientation(self):
        arguments = ["--page-width", "22mm", "--page-height", "5.5cm"]
        self.assertEqual(
            (self.read_sheet(*arguments).width, self.read_sheet(*arguments).height), (22, 55)
        )
        turned = self.read_sheet(*arguments, "--orientation", "Landscape")
        self.assertEqual((turned.width, turned.height), (55, 22))

    def test_no_arguments_give_what_wkhtmltopdf_defaults_to(self):
        self.assertEqual(self.read_sheet(), Paper())

    def test_last_orientation_wins(self):
        arguments = ["--orientation", "Portrait", "--orientation", "landscape"]
        self.assertEqual(self.read_sheet(*arguments).width, 297)

    def test_switches_are_read_without_a_value(self):
        paper = self.read_sheet("--header-line", "--disable-smart-shrinking", "--dpi", "96")
        self.assertTrue(paper.header_line)
        self.assertEqual(paper.scale, 1)

    def test_negative_lengths_are_values_and_not_options(self):
        self.assertEqual(self.read_sheet("--margin-top", "-3").margin_top, -3)

    def test_scale_stays_within_what_chromium_accepts(self):
        self.assertEqual(self.read_sheet("--dpi", "1200").scale, 0.1)
        self.assertEqual(self.read_sheet("--dpi", "10").scale, 2.0)

    def test_lengths_have_units_and_are_millimetres_without(self):
        for text, millimetres in (
            ("7", 7),
            ("7mm", 7),
            ("1 in", 25.4),
            ("72pt", 25.4),
            ("96px", 25.4),
        ):
            self.assertAlmostEqual(parse_length(text), millimetres)

    def test_letterhead_prints_over_the_whole_height_and_the_body_between_its_margins(self):
        paper = Paper(margin_top=25.4, margin_bottom=50.8, margin_left=12.7)
        self.assertEqual(paper.letterhead_options["marginTop"], 0)
        self.assertEqual(paper.body_options["marginTop"], 1)
        self.assertEqual(paper.body_options["marginBottom"], 2)
        self.assertEqual(paper.body_options["marginLeft"], 0.5)
        self.assertEqual(paper.letterhead_options["marginLeft"], 0.5)
