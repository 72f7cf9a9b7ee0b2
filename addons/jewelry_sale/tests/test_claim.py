from odoo import Command
from odoo.exceptions import RedirectWarning, ValidationError
from odoo.tests import Form, tagged

from .common import SaleCommon


@tagged("post_install", "-at_install")
class TestQuotedClaim(SaleCommon):
    """What a quotation says of its piece is compared with the piece."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.jewelry_jurisdiction_id = cls.env.ref("jewelry_inventory.jurisdiction_us")
        sales = "sales_team.group_sale_salesman_all_leads"
        cls.associate = cls._create_user("associate", sales)
        cls.keeper = cls._create_user("keeper", sales)
        cls.manager = cls._create_user("manager")
        cls.alloy = cls.env.ref("jewelry_inventory.alloy_gold_585_yellow")
        cls.env["jewelry.piece.metal"].create(
            {"lot_id": cls.high.id, "alloy_id": cls.alloy.id, "weight": 4}
        )
        cls.env["jewelry.stone"].create(
            {
                "holder_id": cls.high.id,
                "company_id": cls.company.id,
                "species_id": cls.env.ref("jewelry_inventory.species_diamond").id,
                "shape_id": cls.env.ref("jewelry_inventory.shape_round").id,
                "treatment_ids": cls.env.ref("jewelry_inventory.treatment_hp").ids,
                "origin": "lab_grown",
                "carat": 0.49,
            }
        )

    def _type(self, text, user=None, line=None):
        """Type the text of a line, as the seller does."""
        line = line or self._quote(self.high).order_line
        line.with_user(user or self.associate).name = text
        return line

    def test_what_the_program_writes_on_a_line_is_fine(self):
        line = self._quote(self.high).order_line
        self.assertIn("Lab-grown Diamond", line.name)
        self.assertIn("14K Yellow Gold (585 ‰)", line.name)
        self.assertEqual(self._type(line.name, line=line), line)

    def test_a_line_that_says_what_is_not_so_is_refused(self):
        for text, reason in (
            ("Diamond ring", "“Diamond”.*was grown.*16 CFR 23.12"),
            ("Lab-grown diamond ring", "treatment must be told: Heat and pressure"),
            (".5 ct", "the weight is 0.490 ct"),
            ("18K gold", "it is 14K"),
        ):
            with self.assertRaisesRegex(ValidationError, reason), self.env.cr.savepoint():
                self._type(text)
        self._type("0.49 ct lab-grown diamond (HP), 14K gold")

    def test_a_new_line_is_compared_too(self):
        values = {"piece_id": self.high.id, "product_id": self.style.id, "name": "Diamond ring"}
        orders = self.env["sale.order"].with_user(self.associate)
        with self.assertRaisesRegex(ValidationError, "was grown"), self.env.cr.savepoint():
            orders.create({"partner_id": self.client.id, "order_line": [Command.create(values)]})

    def test_words_that_the_context_proposes_are_compared_too(self):
        orders = self.env["sale.order"].with_user(self.associate)
        order = orders.create({"partner_id": self.client.id})
        lines = order.order_line.with_context(default_name="Diamond ring")
        with self.assertRaisesRegex(ValidationError, "was grown"), self.env.cr.savepoint():
            lines.create({"order_id": order.id, "piece_id": self.high.id})

    def test_the_name_of_a_style_that_does_not_fit_the_piece_is_left_out(self):
        self.style.name = "Diamond Ring"
        form = Form(self.env["sale.order"].with_user(self.associate))
        form.partner_id = self.client
        with form.order_line.new() as line:
            line.piece_id = self.high
        line = form.save().order_line
        self.assertEqual(line.piece_id, self.high)
        self.assertEqual(line.name, self.high._get_specification())
        with self.assertRaisesRegex(ValidationError, "let a keeper change them there"):
            line.name = f"Diamond Ring\n{line.name}"

    def test_the_name_of_a_style_that_fits_the_piece_is_said(self):
        self.style.name = "Lab-grown Diamond Ring"
        name = self._quote(self.high).order_line.name
        self.assertEqual(name, f"Lab-grown Diamond Ring\n{self.high._get_specification()}")

    def test_lines_without_a_piece_say_what_they_like(self):
        line = self._quote_quantity(1).order_line
        self._type("Diamond ring, .5 ct", line=line)

    def test_a_keeper_can_ask_a_second_person(self):
        line, text = self._quote(self.high).order_line, "Diamond (HP), as the client calls it"
        with self.assertRaises(RedirectWarning) as raised, self.env.cr.savepoint():
            self._type(text, user=self.keeper, line=line)
        action = raised.exception.args[1]
        wizard = self.env[action["res_model"]].with_user(self.keeper)
        form = Form(wizard.with_context(**action["context"]))
        form.reason = "It quotes the client's letter"
        url = form.save().action_ask()["url"]
        approval = self.env["jewelry.approval"].browse(int(url.rpartition("/")[2]))
        approval.with_user(self.manager).action_approve()
        self._type(text, user=self.keeper, line=line)
        self.assertEqual((line.name, approval.state), (text, "used"))

    def test_words_that_were_approved_for_the_style_may_be_quoted(self):
        template = self.style.product_tmpl_id
        user = self._create_user("keeper", "product.group_product_manager", login="styles")
        row = {"name": "Old Gold Ring", "description_sale": "", "lang": "en_US"}
        approval = (
            self.env["jewelry.approval"]
            .with_user(user)
            ._ask("claim_override", template.with_user(user), "Our collection", {template.id: row})
        )
        with self.assertRaisesRegex(ValidationError, "stands alone"), self.env.cr.savepoint():
            self._type("Old Gold Ring")
        approval.with_user(self.manager).action_approve()
        template.with_user(user).name = "Old Gold Ring"
        self._type("Old Gold Ring")
        with self.assertRaisesRegex(ValidationError, "was grown"), self.env.cr.savepoint():
            self._type("Old Gold Diamond Ring")
