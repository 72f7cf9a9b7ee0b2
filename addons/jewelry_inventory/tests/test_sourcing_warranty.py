from datetime import date

from lxml import etree

from odoo import Command
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from .sourcing_common import SourcingCommon

OLD, NEW = "based on personal knowledge", "confirms adherence to the WDC SoW Guidelines"


@tagged("post_install", "-at_install")
class TestWarranty(SourcingCommon):
    """Invoices between businesses state the System of Warranties, or say why they do not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buyer = cls.env["res.partner"].create({"name": "Goldsmiths", "is_company": True})
        cls.client = cls.env["res.partner"].create({"name": "Ada"})
        cls.paper = cls._create_paper("warranty")
        cls.covered = cls._stock_stone(carat=1.25)
        cls._state(cls.covered, sourcing_ids=cls.paper)
        cls.bare = cls._stock_stone(carat=0.5)

    @classmethod
    def _create_invoice(cls, *stones, partner=None, day="2026-03-01", kind="out_invoice"):
        lots = [stone.home_lot_id for stone in stones]
        lines = [
            {"product_id": lot.product_id.id, "price_unit": 1000, "piece_ids": lot.ids}
            for lot in lots
        ]
        return cls.env["account.move"].create(
            {
                "move_type": kind,
                "partner_id": (partner or cls.buyer).id,
                "invoice_date": day,
                "company_id": cls.company.id,
                "invoice_line_ids": [Command.create(line) for line in lines],
            }
        )

    def _post(self, *stones, **values):
        invoice = self._create_invoice(*stones, **values)
        invoice.action_post()
        return invoice

    def _print(self, invoice):
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "account.report_invoice", invoice.ids
        )
        return html.decode()

    # === OUT === #

    def test_an_invoice_to_a_business_states_the_warranty(self):
        invoice = self._post(self.covered)
        self.assertIn(NEW, invoice.warranty_statement)
        self.assertEqual(invoice.warranty_carat, 1.25)
        self.assertFalse(invoice.warranty_warning)
        self.assertIn(NEW, self._print(invoice))

    def test_the_wording_is_the_one_of_the_day(self):
        invoice = self._post(self.covered, day="2019-03-01")
        self.assertIn(OLD, invoice.warranty_statement)
        self.assertNotIn(NEW, invoice.warranty_statement)

    def test_a_consumer_gets_no_statement(self):
        invoice = self._post(self.covered, partner=self.client)
        self.assertFalse(invoice.warranty_statement)
        self.assertNotIn(NEW, self._print(invoice))

    def test_an_employee_of_a_business_buys_for_the_business(self):
        buyer = self.env["res.partner"].create({"name": "Bo", "parent_id": self.buyer.id})
        self.assertTrue(self._post(self.covered, partner=buyer).warranty_statement)

    def test_one_diamond_without_a_warranty_stops_the_statement_and_is_named(self):
        invoice = self._create_invoice(self.covered, self.bare)
        warning = invoice.warranty_warning
        self.assertIn(self.bare.home_lot_id.name, warning)
        self.assertNotIn(self.covered.home_lot_id.name, warning)
        invoice.action_post()
        self.assertFalse(invoice.warranty_statement or invoice.warranty_carat)
        self.assertNotIn(NEW, self._print(invoice))

    def test_the_warning_goes_when_the_warranty_comes(self):
        invoice = self._create_invoice(self.covered, self.bare)
        self._state(self.bare, sourcing_ids=self.paper)
        invoice.invalidate_recordset(["warranty_warning"])
        self.assertFalse(invoice.warranty_warning)

    def test_lab_grown_stones_need_no_warranty(self):
        grown = self._stock_stone(carat=2, origin="lab_grown")
        invoice = self._post(self.covered, grown)
        self.assertEqual(invoice.warranty_carat, 1.25)
        alone = self._stock_stone(carat=2, origin="lab_grown")
        invoice = self._post(alone)
        self.assertFalse(invoice.warranty_statement or invoice.warranty_warning)

    def test_set_diamonds_count_as_loose_ones_do(self):
        mount = self._stock_mount()
        self._set_stones(mount, self.bare)
        line = {"product_id": mount.product_id.id, "price_unit": 1, "piece_ids": mount.ids}
        invoice = self._create_invoice(self.covered)
        invoice.invoice_line_ids = [Command.create(line)]
        self.assertIn(mount.name, invoice.warranty_warning)

    def test_no_wording_in_force_is_said(self):
        for name in ("rule_warranty_2002", "rule_warranty_2021"):
            self._ref(name).state = "withdrawn"
        invoice = self._create_invoice(self.covered)
        self.assertIn("No wording", invoice.warranty_warning)
        invoice.action_post()
        self.assertFalse(invoice.warranty_statement)

    def test_what_was_printed_stays_when_the_wording_changes(self):
        invoice = self._post(self.covered)
        self._ref("rule_warranty_2021").values = {"statement": "Something new."}
        self.assertIn(NEW, invoice.warranty_statement)
        self.assertFalse(invoice.copy().warranty_statement)

    def test_a_draft_warrants_nothing(self):
        invoice = self._post(self.covered)
        invoice.button_draft()
        self.assertFalse(invoice.warranty_statement or invoice.warranty_carat)
        invoice.action_post()
        self.assertTrue(invoice.warranty_statement)

    # === RECONCILIATION === #

    def _get_rows(self):
        self.env.flush_all()
        return self.env["jewelry.warranty.report"].search([("company_id", "=", self.company.id)])

    def test_carats_in_and_out_are_reconciled(self):
        invoice = self._post(self.covered)
        rows = self._get_rows()
        self.assertEqual(rows.mapped("direction"), ["out", "in"])
        out, into = rows
        self.assertEqual((into.number, into.carat_in), (self.paper.number, 100))
        self.assertEqual((into.partner_id, into.date), (self.supplier, date(2026, 2, 1)))
        self.assertEqual((out.number, out.carat_out), (invoice.name, 1.25))
        self.assertEqual((out.partner_id, sum(rows.mapped("difference"))), (self.buyer, 98.75))

    def test_a_credit_note_takes_the_carats_back(self):
        invoice = self._post(self.covered)
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        action = wizard.create({"journal_id": invoice.journal_id.id}).refund_moves()
        credit = self.env["account.move"].browse(action["res_id"])
        credit.action_post()
        self.assertEqual(credit.warranty_carat, -1.25)
        self.assertFalse(credit.warranty_statement)
        self.assertEqual(sum(self._get_rows().mapped("carat_out")), 0)

    def test_another_kind_of_paper_is_no_warranty(self):
        self._create_paper("kimberley")
        self.assertEqual(self._get_rows().mapped("number"), [self.paper.number])

    def test_years_are_compared(self):
        self._post(self.covered)
        self._create_paper("warranty", received_date="2025-06-01", issue_date="2025-05-01")
        self.env.flush_all()
        groups = self.env["jewelry.warranty.report"]._read_group(
            [("company_id", "=", self.company.id)],
            ["date:year"],
            ["carat_in:sum", "carat_out:sum"],
        )
        self.assertEqual([group[1:] for group in groups], [(100, 0), (100, 1.25)])

    # === LIST === #

    def test_natural_diamonds_without_a_warranty_are_listed(self):
        grown = self._stock_stone(origin="lab_grown")
        sold = self._stock_stone()
        self._move(sold.home_lot_id, self.stock_location, self.customer_location)
        action = self._ref("jewelry_stone_action_no_warranty")
        (node,) = etree.fromstring(self._ref("jewelry_stone_view_search_sourcing").arch).xpath(
            "//filter[@name='no_warranty']"
        )
        domain = Domain(safe_eval(action.domain)) & Domain(safe_eval(node.get("domain")))
        stones = self.env["jewelry.stone"].search(domain)
        self.assertIn(self.bare, stones)
        self.assertNotIn(self.covered, stones)
        self.assertNotIn(grown, stones)
        self.assertNotIn(sold, stones)


@tagged("post_install", "-at_install")
class TestAttach(SourcingCommon):
    """One paper is put on all that came, at once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.diamond = cls._stock_stone()
        cls.grown = cls._stock_stone(origin="lab_grown")
        cls.parcel = cls._stock_parcel(5, 100)
        cls.metal = cls._stock_metal(10)
        cls.ring = cls._stock_mount()
        homes = (cls.diamond | cls.grown).home_lot_id
        cls.lots = homes | cls.parcel | cls.metal | cls.ring

    def _attach(self, paper, **values):
        defaults = {"document_id": paper.id, "lot_ids": self.lots.ids}
        wizard = self.env["jewelry.sourcing.attach"].with_user(self.keeper)
        wizard = wizard.create(defaults | values)
        wizard.action_attach()
        return wizard

    def test_a_certificate_goes_on_natural_diamonds_and_on_nothing_else(self):
        paper = self._create_paper(country_ids=self.botswana.ids)
        wizard = self._attach(paper)
        self.assertEqual(paper.stone_ids, self.diamond | self.parcel.stone_ids)
        self.assertFalse(paper.lot_ids)
        self.assertEqual(wizard.natural_carat, 5.52)
        self.assertEqual(self.diamond.material_source, "mined")
        self.assertEqual(self.parcel.stone_ids.origin_text, "Botswana")

    def test_a_declaration_of_recycled_metal_goes_on_metal(self):
        paper = self._create_paper("recycled", carat=0)
        self._attach(paper)
        self.assertEqual(paper.lot_ids, self.metal | self.ring)
        self.assertEqual((self.metal.recycled_percent, self.ring.recycled_percent), (100, 100))
        self.assertFalse(paper.stone_ids)

    def test_a_declaration_of_recycled_stones_goes_on_stones(self):
        paper = self._create_paper("recycled", carat=0)
        self._attach(paper, subject="stones")
        self.assertEqual(paper.stone_ids, self.diamond | self.grown | self.parcel.stone_ids)
        self.assertEqual(self.diamond.material_source, "recycled")
        # It was said of this one that it was grown.
        self.assertEqual(self.grown.material_source, "lab_grown")

    def test_a_declaration_of_origin_is_proposed_for_what_is_there(self):
        paper = self._create_paper("origin")
        for lots, subject in ((self.lots, "stones"), (self.metal | self.ring, "metal")):
            wizard = self.env["jewelry.sourcing.attach"].create(
                {"document_id": paper.id, "lot_ids": lots.ids}
            )
            self.assertEqual(wizard.subject, subject)

    def test_what_is_stated_already_stays(self):
        self._state(self.diamond, material_source="fair_mined", country_ids=self.canada)
        self._attach(self._create_paper(country_ids=self.botswana.ids))
        self.assertEqual(self.diamond.material_source, "fair_mined")
        self.assertEqual(self.diamond.origin_text, "Canada")

    def test_the_paper_alone_is_attached_on_request(self):
        self._attach(self._create_paper(country_ids=self.botswana.ids), state_source=False)
        self.assertTrue(self.diamond.sourcing_ids)
        self.assertEqual(
            (self.diamond.material_source, self.diamond.origin_text), ("unknown", False)
        )

    def test_a_certificate_that_had_expired_when_the_goods_came_is_refused(self):
        paper = self._create_paper(expiry_date="2026-02-10")
        with self._refused("had expired on 2026-02-10, before the goods came on 2026-02-20"):
            self._attach(paper, received_on="2026-02-20")
        self.assertFalse(paper.stone_ids)

    def test_a_certificate_for_less_is_refused_and_nothing_is_attached(self):
        paper = self._create_paper(carat=5)
        with self._refused("covers 5.000 ct, and would be on 5.520 ct"):
            self._attach(paper)
        self.env.invalidate_all()
        self.assertFalse(paper.stone_ids)

    def test_a_paper_that_fits_nothing_is_refused(self):
        with self._refused("can be on nothing of this", UserError):
            self._attach(self._create_paper(), lot_ids=self.metal.ids)
        with self._refused("Choose the paper", UserError):
            self._attach(self._create_paper().browse())

    def test_it_opens_on_what_a_delivery_brought(self):
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": self.picking_type_in.id,
                "location_id": self.supplier_location.id,
                "location_dest_id": self.stock_location.id,
            }
        )
        ring = self._create_piece()
        move = self._move(ring, self.supplier_location, self.stock_location, picking_id=picking.id)
        self.assertEqual(move.picking_id, picking)
        context = picking.action_attach_sourcing()["context"]
        self.assertEqual(context["default_lot_ids"], ring.ids)
        self.assertFalse(context["default_received_on"])
        picking.date_done = "2026-02-20 12:00:00"
        context = picking.action_attach_sourcing()["context"]
        self.assertEqual(context["default_received_on"], date(2026, 2, 20))

    def test_it_opens_on_what_a_bill_is_for(self):
        line = {"product_id": self.ring.product_id.id, "piece_ids": self.ring.ids}
        bill = self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": self.supplier.id,
                "invoice_date": "2026-02-03",
                "invoice_line_ids": [Command.create(line)],
            }
        )
        context = bill.action_attach_sourcing()["context"]
        self.assertEqual(context["default_lot_ids"], self.ring.ids)
        self.assertEqual(context["default_received_on"], date(2026, 2, 3))

    def test_it_opens_on_what_is_chosen_in_a_list(self):
        wizards = self.env["jewelry.sourcing.attach"]
        stones = wizards.with_context(active_model="jewelry.stone", active_ids=self.diamond.ids)
        self.assertEqual(stones.new({}).stone_ids._origin, self.diamond)
        lots = wizards.with_context(active_model="stock.lot", active_ids=self.parcel.ids)
        self.assertEqual(lots.new({}).lot_ids._origin, self.parcel)
        context = self.parcel.action_attach_sourcing()["context"]
        self.assertEqual(context["default_lot_ids"], self.parcel.ids)
        paper = self._create_paper()
        self.assertEqual(paper.action_attach()["context"]["default_document_id"], paper.id)


@tagged("post_install", "-at_install")
class TestToldSourcing(SourcingCommon):
    """What a client reads: origins, the recycled share, kinds and numbers of papers."""

    def _get_facts(self, piece):
        return {fact["label"]: fact["value"] for fact in piece.get_client_card()["facts"]}

    def test_a_piece_without_a_source_says_nothing_of_it(self):
        labels = self._get_facts(self._stock_mount())
        for label in ("Origin of stones", "Origin of metal", "Recycled metal", "Sourcing"):
            self.assertNotIn(label, labels)

    def test_a_client_reads_origin_share_and_papers(self):
        mount, stone = self._stock_mount(), self._stock_stone()
        paper = self._create_paper(number="BW7", value=98765.4, exporter_id=self.supplier.id)
        self._state(stone, sourcing_ids=paper, country_ids=self.botswana)
        self._state(mount, country_ids=self.canada, material_source="recycled")
        self._set_stones(mount, stone)
        facts = self._get_facts(mount.with_user(self._create_user("associate")))
        self.assertEqual(facts["Origin of stones"], "Botswana")
        self.assertEqual(facts["Origin of metal"], "Canada")
        # Nobody has proven it.
        self.assertEqual(facts["Recycled metal (stated, no evidence)"], "100 %")
        self.assertNotIn("Recycled metal", facts)
        self.assertEqual(facts["Sourcing"], "Kimberley certificate BW7")
        told = str(mount.get_client_card())
        for secret in ("98765", self.authority.name, self.supplier.name):
            self.assertNotIn(secret, told)

    def test_the_passport_tells_the_source_and_no_partner(self):
        mount = self._stock_mount()
        paper = self._create_paper("recycled", number="R7", carat=0)
        self._state(mount, sourcing_ids=paper, material_source="recycled")
        document = mount._get_passport_document()
        events = document["epcisBody"]["eventList"]
        (event,) = [one for one in events if one["jewelry:kind"] == "source"]
        self.assertIn("recycled R7", event["jewelry:payload"])
        self.assertTrue(event["bizStep"].endswith("Bizstep-sourcing"))
        self.assertNotIn(self.supplier.name, str(document))
        values = mount._get_passport_values()
        self.assertIn("Recycled declaration R7", str(values["card"]["facts"]))
        self.assertFalse(values["faults"])

    def test_the_story_tells_each_source(self):
        mount, stone = self._stock_mount(), self._stock_stone()
        self._state(mount, material_source="recycled", country_ids=self.canada)
        paper = self._create_paper(number="BW8")
        self._state(stone, sourcing_ids=paper, country_ids=self.botswana)
        self._set_stones(mount, stone)
        story = [row["text"] for row in mount._get_passport_values()["story"]]
        self.assertIn("Source of the metal: Canada, 100 % recycled (stated, no evidence).", story)
        self.assertIn("Source of a stone: Botswana, Kimberley certificate BW8.", story)

    def test_the_story_leaves_out_a_source_of_which_nothing_is_known(self):
        piece = self._stock_mount()
        self.assertEqual(piece._get_story_sentence("source", {"source": "unknown"}, True), "")
