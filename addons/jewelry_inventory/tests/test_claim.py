from odoo import Command
from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.tests import Form, tagged

from .claim_common import LAWS
from .common import TransformationCommon


class ClaimCommon(TransformationCommon):
    """A store in the United States, with a ring of a grown diamond in 14K gold."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.jewelry_jurisdiction_id = cls._ref("jurisdiction_us")
        cls.keeper = cls._create_user("keeper", "product.group_product_manager")
        cls.manager = cls._create_user("manager")
        cls.alloy = cls._ref("alloy_gold_585_yellow")
        cls.template = cls.style.product_tmpl_id
        cls.ring = cls._stock_ring()
        cls.stone = cls._set_stone(cls.ring, origin="lab_grown")

    @classmethod
    def _stock_ring(cls):
        ring = cls._stock_piece(cost=100, list_price=1000.0)
        ring._set_metals({cls.alloy: 4.0})
        return ring

    @classmethod
    def _set_stone(cls, ring, **values):
        return cls._create_stone(**{"holder_id": ring.id, "carat": 0.49} | values)

    def _write(self, user=None, **values):
        """Type texts of the style, as a keeper does."""
        self.template.with_user(user or self.keeper).write(values)


@tagged("post_install", "-at_install")
class TestClaim(ClaimCommon):
    """Words that customers read are compared with the goods when they are typed."""

    def test_the_rules_of_the_tests_are_those_of_the_module(self):
        for subject, values in LAWS.items():
            name = f"jewelry_inventory.rule_us_{subject.removeprefix('claim_')}"
            self.assertEqual(self.env.ref(name).values, values)

    def test_words_that_do_not_fit_are_refused_and_the_rule_is_named(self):
        for text, reason in (
            ("Diamond Ring", r"“Diamond” \(.*\): the diamond was grown.*16 CFR 23\.12"),
            ("Gold Ring", r"“Gold”.*stands alone only for 24K.*16 CFR 23\.3"),
            ("18K Ring", r"“18K”.*is 14K"),
            ("Platinum Ring", r"“Platinum”.*no such metal.*16 CFR 23\.6"),
            ("Sterling", r"“Sterling”.*925 ‰.*16 CFR 23\.5"),
            (".5 ct Solitaire", r"“\.5 ct”.*the weight is 0\.490 ct.*16 CFR 23\.18"),
            ("49 points", r"“49 points”.*decimals"),
            ("½ carat", r"“1/2 carat”.*range"),
            ("Flawless", r"“Flawless”.*FL.*10..*16 CFR 23\.13"),
        ):
            with self.subTest(text=text), self._refused(reason, RedirectWarning):
                self._write(name=text)
        self.assertEqual(self.template.name, "Solitaire")

    def test_a_rule_whose_source_was_not_read_says_so(self):
        with self._refused("Unconfirmed: the official text was not read", RedirectWarning):
            self._write(name="Gold Ring")

    def test_words_that_fit_are_saved(self):
        text = "0.49 ct Lab-grown Diamond Ring, 14K yellow gold"
        self._write(name=text, description_sale="Made for every day.")
        self.assertEqual(self.template.name, text)

    def test_name_and_description_are_read_together(self):
        self.stone.origin = "natural"
        self.stone.treatment_ids = self._ref("treatment_f")
        with self._refused("treatment must be told: Filling.*23.24", RedirectWarning):
            self._write(name="Diamond Ring")
        self._write(name="Diamond Ring", description_sale="The diamond is fracture-filled.")
        with self._refused("treatment must be told", RedirectWarning):
            self._write(description_sale=False)

    def test_each_piece_of_a_style_counts_unless_it_is_gone(self):
        self.stone.origin = "natural"
        self._write(name="Diamond Ring")
        other = self._stock_ring()
        self._set_stone(other, origin="lab_grown")
        with self._refused(f"Diamond” \\({other.name}\\)", RedirectWarning):
            self._write(name="Fine Diamond Ring")
        other.piece_status = "sold"
        self._write(name="Fine Diamond Ring")

    def test_the_style_of_a_stone_is_what_it_is_called(self):
        style = self.env["product.template"]._get_stone_style(
            self.stone.species_id.id, "lab_grown", self.stone.shape_id.id
        )
        self.assertEqual(style.name, "Round Lab-grown Diamond")
        style = style.with_user(self.keeper)
        style.name = "Round Laboratory-Grown Diamonds"
        with self._refused("was grown", RedirectWarning):
            style.name = "Round Diamonds"

    def test_a_new_style_of_grown_stones_cannot_hide_it(self):
        vals = {
            "name": "Round Diamond",
            "jewelry_kind": "stone",
            "stone_species_id": self.stone.species_id.id,
            "stone_origin": "lab_grown",
            "stone_shape_id": self.stone.shape_id.id,
        }
        styles = self.env["product.template"].with_user(self.keeper)
        with self._refused("was grown"):
            styles.create(vals)
        self.assertTrue(styles.create(vals | {"name": "Lab-grown Diamond"}))

    def test_metal_is_called_what_it_is(self):
        style = self.env["product.template"].create(
            {"name": "Grain", "jewelry_kind": "metal", "alloy_id": self.alloy.id}
        )
        style = style.with_user(self.keeper)
        with self._refused("is 14K", RedirectWarning):
            style.name = "18K Grain"
        style.name = "14K Gold Grain"

    def test_what_is_no_jewelry_and_what_nobody_knows_is_not_compared(self):
        styles = self.env["product.template"].with_user(self.keeper)
        names = ("Diamond polishing, ½ carat and up", "Gold Ring")
        for name, kind in zip(names, (False, "piece"), strict=True):
            self.assertEqual(styles.create({"name": name, "jewelry_kind": kind}).name, name)

    def test_where_no_rule_holds_nothing_is_refused(self):
        self.company.jewelry_jurisdiction_id = self._ref("jurisdiction_gb")
        self._write(name="Gold Diamond Ring")
        self.assertEqual(self.template.name, "Gold Diamond Ring")

    def test_another_number_in_the_rule_is_another_limit(self):
        rule = self._ref("rule_us_gold")
        rule.values = {"unqualified_karat": 14}
        self._write(name="Gold Ring")
        self.assertEqual(self.template.name, "Gold Ring")

    def test_the_names_of_stones_are_known_in_the_languages_of_the_store(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.stone.species_id.with_context(lang="fr_FR").name = "Diamant"
        with self._refused("Diamant”.*was grown", RedirectWarning):
            self._write(name="Bague Diamant")

    def test_other_fields_can_be_written_beside_words_that_do_not_fit(self):
        self.template.name = "Diamond Ring"  # by the program, which is asked nothing
        self._write(weight=3.0)
        self.assertEqual(self.template.weight, 3.0)

    def test_translations_are_compared_too(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        style = self.template.with_user(self.keeper)
        with self._refused("Diamond”.*was grown", RedirectWarning):
            style.update_field_translations("name", {"fr_FR": "Bague Diamond"})

    def test_many_styles_take_no_more_queries_than_two(self):
        def count(number):
            styles = self.env["product.template"].with_user(self.keeper)
            names = ["Lab-grown Diamond", "Diamond"]
            vals = {"jewelry_kind": "stone", "stone_species_id": self.stone.species_id.id}
            vals |= {"stone_origin": "natural", "stone_shape_id": self.stone.shape_id.id}
            styles = styles.create([vals | {"name": names[at % 2]} for at in range(number)])
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertFalse(styles._find_claims())
            return self.env.cr.sql_log_count - before

        count(2)
        self.assertLessEqual(count(12), count(2))

    def test_a_form_says_it_before_anything_is_saved(self):
        with (
            self._refused("was grown", RedirectWarning),
            Form(self.template.with_user(self.keeper)) as form,
        ):
            form.name = "Diamond Ring"
        self.assertEqual(self.template.name, "Solitaire")


@tagged("post_install", "-at_install")
class TestClaimApproval(ClaimCommon):
    """A second person may let words pass, with a reason, and that stays on record."""

    TEXT = "Old Gold Ring"

    def _ask(self, reason="The name of our collection"):
        """Type the text, be refused, and ask."""
        with self.assertRaises(RedirectWarning) as raised, self.env.cr.savepoint():
            self._write(name=self.TEXT)
        message, action, _button = raised.exception.args[:3]
        self.assertIn("stands alone only for 24K", message)
        self.assertIn("A second person must approve", message)
        wizard = self.env[action["res_model"]].with_user(self.keeper)
        form = Form(wizard.with_context(**action["context"]))
        self.assertIn(self.TEXT, form.changes)
        form.reason = reason
        asked = form.save().action_ask()
        # A form with what cannot be saved is left by an address, not by an action.
        self.assertEqual(asked["type"], "ir.actions.act_url")
        return self.env["jewelry.approval"].browse(int(asked["url"].rpartition("/")[2]))

    def test_approved_words_are_written_once(self):
        approval = self._ask()
        self.assertEqual((approval.kind, approval.state), ("claim_override", "asked"))
        self.assertRegex(approval.subject_ids.change, f"^{self.TEXT} · .*16 CFR 23.3")
        approval.with_user(self.manager).action_approve()
        self._write(name=self.TEXT)
        self.assertEqual(self.template.name, self.TEXT)
        self.assertEqual(approval.state, "used")

    def test_approved_words_may_stay_and_nothing_else_with_them(self):
        approval = self._ask()
        approval.with_user(self.manager).action_approve()
        self._write(name=self.TEXT)
        self.assertFalse(self.ring.claim_warning)
        self._write(description_sale="Made by hand.")
        with self._refused("“Flawless”", RedirectWarning):
            self._write(description_sale="Flawless.")
        with self._refused("stands alone", RedirectWarning):
            self._write(name="New Gold Ring")

    def test_words_approved_for_some_goods_are_not_for_others(self):
        self.stone.origin = "natural"
        self._ask().with_user(self.manager).action_approve()
        self.stone.treatment_ids = self._ref("treatment_f")
        self._write(name=self.TEXT)
        self._set_platinum()
        self.assertIn("no such metal", self.ring.claim_warning)

    def _set_platinum(self):
        """Let the ring be of another metal."""
        self.ring.metal_line_ids.alloy_id = self._ref("alloy_platinum_950")

    def test_approved_words_are_written_by_the_button(self):
        approval = self._ask()
        approval.with_user(self.manager).action_approve()
        approval.with_user(self.keeper).action_carry_out()
        self.assertEqual((self.template.name, approval.state), (self.TEXT, "used"))

    def test_other_words_than_those_approved_are_refused(self):
        self._ask().with_user(self.manager).action_approve()
        with self._refused("stands alone", RedirectWarning):
            self._write(name="Gold Ring")
        with self._refused("stands alone", RedirectWarning):
            self._write(name=self.TEXT, description_sale="Pure gold")

    def test_words_that_were_approved_for_other_goods_are_not_carried_out(self):
        approval = self._ask()
        approval.with_user(self.manager).action_approve()
        self.ring.metal_line_ids.alloy_id = self._ref("alloy_platinum_950")
        with self._refused("no such metal", RedirectWarning):
            approval.with_user(self.keeper).action_carry_out()
        self.assertEqual((self.template.name, approval.state), ("Solitaire", "approved"))

    def test_words_are_written_in_the_language_in_which_they_were_typed(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        style = self.template.with_user(self.keeper).with_context(lang="fr_FR")
        with self._refused("stands alone", RedirectWarning):
            style.name = "Gold"
        row = {"name": "Gold", "description_sale": "", "lang": "fr_FR"}
        approval = style.env["jewelry.approval"]._ask(
            "claim_override", style, "Its name", {style.id: row}
        )
        approval.with_user(self.manager).action_approve()
        approval.with_user(self.manager).with_context(lang="en_US").action_carry_out()
        self.assertEqual(style.name, "Gold")
        self.assertEqual(style.with_context(lang="en_US").name, "Solitaire")

    def test_words_of_many_styles_are_asked_about_together(self):
        other = self.template.copy({"name": "Band"})
        piece = self._stock_piece(other.product_variant_id, cost=50)
        piece._set_metals({self.alloy: 2.0})
        both = (self.template + other).with_user(self.keeper)
        with self.assertRaises(RedirectWarning) as raised, self.env.cr.savepoint():
            both.description_sale = "Pure gold."
        self.assertIn(f"({self.ring.name})", raised.exception.args[0])
        self.assertIn(f"({piece.name})", raised.exception.args[0])
        values = raised.exception.args[1]["context"]["default_values"]
        self.assertEqual({int(key) for key in values}, set(both.ids))
        self.assertEqual({row["description_sale"] for row in values.values()}, {"Pure gold."})

    def test_nobody_lets_their_own_words_pass_nor_without_a_reason(self):
        approval = self._ask()
        with self._refused("Somebody else must decide", UserError):
            approval.with_user(self.keeper).action_approve()
        with self._refused("Enter the reason", UserError):
            self.env["jewelry.approval"].with_user(self.keeper)._ask(
                "claim_override",
                self.template,
                " ",
                {self.template.id: self.template._get_claim_row()},
            )

    def test_who_may_not_ask_is_refused_all_the_same(self):
        associate = self._create_user("associate", "product.group_product_manager")
        with self._refused("stands alone only for 24K"):
            self._write(user=associate, name=self.TEXT)
        employee = self._create_user("employee")
        with self._refused("", AccessError):
            self._write(user=employee, name="Ring")


@tagged("post_install", "-at_install")
class TestClaimWarning(ClaimCommon):
    """A piece says where the words of its style do not fit it."""

    def _read(self, user=None):
        self.env.invalidate_all()
        return self.ring.with_user(user or self.keeper).claim_warning

    def test_a_piece_that_fits_its_style_warns_of_nothing(self):
        self.template.name = "Lab-grown Diamond Ring"
        self.assertFalse(self._read())

    def test_a_piece_warns_of_words_that_do_not_fit_it_whoever_looks(self):
        self.template.name = "Diamond Ring"
        for user in (self._create_user("associate"), self.keeper, self.manager):
            self.assertRegex(self._read(user), "“Diamond”.*was grown.*16 CFR 23.12")
        self.stone.origin = "natural"
        self.assertFalse(self.ring.claim_warning)

    def test_treatments_and_metals_are_compared_too(self):
        self.stone.origin = "natural"
        self.template.name = "Diamond Ring"
        self.stone.treatment_ids = [Command.set(self._ref("treatment_hp").ids)]
        self.assertIn("Heat and pressure", self.ring.claim_warning)
        self.template.name = "18K Ring"
        self.assertIn("it is 14K", self.ring.claim_warning)

    def test_what_the_program_says_of_a_piece_fits(self):
        self.stone.treatment_ids = self._ref("treatment_hp")
        self._set_stone(self.ring, carat=0.2, count=8)
        label = self.ring._prepare_labels()[self.ring]
        texts = [self.ring._get_specification(), self.template.name]
        texts += ["\n".join([label.metal, form, *label.notes[:1]]) for form in label.stones]
        for text in texts:
            book = self.template._get_claim_book(self.company)
            found = self.template._check_claim(text, [("", self.ring._get_claim_subject())], book)
            self.assertEqual(found, [], text)

    def test_a_name_that_does_not_fit_is_not_said_of_the_piece(self):
        self.style.name = "Diamond Ring"
        for user in (self._create_user("associate"), self.keeper):
            ring = self.ring.with_user(user)
            self.assertEqual(ring.get_client_card()["title"], self.stone.display_name)
        self.assertEqual(self.ring._prepare_labels()[self.ring].style, "")
        self.style.name = "18K Ring"
        self.stone.holder_id = False
        self.assertEqual(self.ring.get_client_card()["title"], f"{self.alloy.name} (585 ‰)")

    def test_a_name_that_fits_is_said_of_the_piece(self):
        self.style.name = "Lab-grown Diamond Ring"
        self.assertEqual(self.ring.get_client_card()["title"], self.style.name)
        self.assertEqual(self.ring._prepare_labels()[self.ring].style, self.style.name)

    def test_rules_hold_where_the_piece_is_sold(self):
        self.style.name = "Diamond Ring"
        self.assertTrue(self.ring.claim_warning)
        self.company.jewelry_jurisdiction_id = self._ref("jurisdiction_eu")
        self.env.invalidate_all()
        self.assertFalse(self.ring.claim_warning)

    def test_a_parcel_has_no_warning(self):
        parcel = self._stock_parcel()
        parcel.product_id.name = "Gold flawless diamonds"
        self.assertFalse(parcel.claim_warning)

    def test_a_treatment_may_be_told_below_the_name(self):
        self.stone.origin = "natural"
        self.stone.treatment_ids = self._ref("treatment_hp")
        self.style.name = "Diamond Ring"
        self.assertIn("Heat and pressure", self.ring.claim_warning)
        self.assertEqual(self.ring.get_client_card()["title"], "Diamond Ring")
        (stone,) = self.ring.get_client_card()["stones"]
        self.assertIn("Heat and pressure", stone["treatments"])
