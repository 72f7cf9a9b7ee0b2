from io import BytesIO

import openpyxl
import pypdfium2

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..tools.sheet import write_sheet
from .custody_common import CustodyCommon


class ShipmentCommon(CustodyCommon):
    """A piece on the road with a carrier, and one that is about to leave."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.custody_basis = "cost"
        cls.carrier = cls.env["res.partner"].create({"name": "Armoured Cars Ltd"})
        cls.client = cls.env["res.partner"].create({"name": "Client"})
        cls.sent = cls._stock(cls.safe, 1000, 400, name="P-SENT")
        cls.ready = cls._stock(cls.safe, 3000, 1100, name="P-READY")
        cls.kept = cls._stock(cls.safe, 500, 100, name="P-KEPT")
        cls.trip = cls._ship(cls.sent, cls.transit)
        cls.delivery = cls._deliver(cls.ready)

    @classmethod
    def _ship(cls, piece, place):
        """Return the done transfer of a piece to a place, in a package, with the carrier."""
        trip = cls._create_transfer(cls, piece, cls.safe, place, cls.env.user)
        trip.write({"shipper_id": cls.carrier.id, "shipment_ref": "AC-1"})
        package = cls.env["stock.package"].create({"name": f"BOX-{piece.name}"})
        trip.move_ids.move_line_ids.result_package_id = package
        trip.button_validate()
        return trip

    @classmethod
    def _deliver(cls, piece):
        """Return a delivery of a piece to the client, ready to be sent."""
        delivery = cls._create_transfer(
            cls, piece, cls.safe, cls.customer_location, cls.env.user, code="outgoing"
        )
        delivery.partner_id = cls.client
        delivery.action_assign()
        return delivery

    def _get_report(self, user=None):
        self.env.invalidate_all()
        shipments = self.env["jewelry.shipment"].with_user(user or self.manager)
        return shipments._get_report(self.company)

    def _get_shipment(self, report, picking):
        return next((row for row in report["shipments"] if row["name"] == picking.name), None)


@tagged("post_install", "-at_install")
class TestShipment(ShipmentCommon):
    """What the carrier and the insurer are told."""

    def test_what_is_on_the_road_is_told_with_carrier_package_and_value(self):
        row = self._get_shipment(self._get_report(), self.trip)
        self.assertEqual(
            (row["stage"], row["carrier"], row["reference"]),
            ("under_way", "Armoured Cars Ltd", "AC-1"),
        )
        self.assertEqual((row["packages"], row["package_names"]), (1, "BOX-P-SENT"))
        self.assertEqual((row["count"], row["price"], row["cost"]), (1, 1000, 400))
        self.assertEqual([goods["number"] for goods in row["goods"]], ["P-SENT"])

    def test_costs_are_told_only_where_the_policy_counts_them(self):
        self.company.custody_basis = "price"
        report = self._get_report()
        self.assertFalse(report["with_cost"])
        self.assertIsNone(report["total"]["cost"])

    def test_what_is_reserved_for_a_delivery_is_to_be_sent(self):
        row = self._get_shipment(self._get_report(), self.delivery)
        self.assertEqual((row["stage"], row["recipient"]), ("ready", "Client"))
        self.assertEqual((row["count"], row["price"]), (1, 3000))

    def test_what_stays_in_the_safe_is_not_in_it(self):
        numbers = [
            goods["number"] for row in self._get_report()["shipments"] for goods in row["goods"]
        ]
        self.assertEqual(sorted(numbers), ["P-READY", "P-SENT"])

    def test_what_has_arrived_is_on_the_way_no_more(self):
        self._create_transfer(self.sent, self.transit, self.safe).button_validate()
        self.assertIsNone(self._get_shipment(self._get_report(), self.trip))

    def test_what_was_put_on_the_road_without_a_transfer_is_told_as_well(self):
        self._move(self.kept, self.safe, self.transit)
        names = [row["name"] for row in self._get_report()["shipments"]]
        self.assertIn("Without a transfer", names)

    def test_sums_by_carrier_are_the_sum_of_all(self):
        report = self._get_report()
        for name in ("count", "price", "cost"):
            self.assertEqual(sum(row[name] for row in report["carriers"]), report["total"][name])
        self.assertEqual(report["total"]["price"], 4000)
        self.assertEqual([row["carrier"] for row in report["carriers"]], ["", "Armoured Cars Ltd"])

    def test_whoever_costs_are_hidden_from_reads_none(self):
        self.keeper.group_ids += self.env.ref("jewelry_inventory.group_cost_hidden")
        report = self._get_report(self.keeper)
        self.assertFalse(report["with_cost"])
        everything = [report["total"], *report["carriers"], *report["shipments"]]
        everything += [goods for row in report["shipments"] for goods in row["goods"]]
        self.assertEqual({row["cost"] for row in everything}, {None})

    def test_an_associate_gets_no_report(self):
        with self.assertRaises(AccessError):
            self._get_report(self.associate)
        paper = self.env["report.jewelry_inventory.report_shipment"].with_user(self.associate)
        with self.assertRaises(AccessError):
            paper._get_report_values(self.company.ids)

    def test_the_paper_names_carrier_pieces_and_values(self):
        report = self.env["ir.actions.report"].with_user(self.auditor)
        html, _kind = report._render_qweb_html(
            "jewelry_inventory.report_shipment", self.company.ids
        )
        for text in ("Armoured Cars Ltd", "P-SENT", "P-READY", "BOX-P-SENT", "4,000.00"):
            self.assertIn(text, html.decode())
        self.assertNotIn("P-KEPT", html.decode())

    def test_the_paper_of_a_store_that_sends_nothing_says_so(self):
        self._create_transfer(self.sent, self.transit, self.safe).button_validate()
        self.delivery.action_cancel()
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "jewelry_inventory.report_shipment", self.company.ids
        )
        self.assertIn("Nothing is on the way", html.decode())

    def test_the_paper_of_a_company_of_others_is_empty(self):
        other = self.env["res.company"].create({"name": "Branch"})
        paper = self.env["report.jewelry_inventory.report_shipment"].with_user(self.manager)
        self.assertFalse(paper._get_report_values(other.ids)["docs"])

    # === FILE === #

    def _read_sheet(self, content):
        sheet = openpyxl.load_workbook(BytesIO(content)).active
        return [list(row) for row in sheet.iter_rows(values_only=True)]

    def test_the_sheet_has_a_row_for_each_piece_and_their_sum(self):
        shipments = self.env["jewelry.shipment"].with_user(self.auditor)
        rows = self._read_sheet(shipments._make_sheet(self.company))
        self.assertEqual(rows[2][6], "Number")
        self.assertEqual({row[6]: row[10] for row in rows[3:5]}, {"P-SENT": 1000, "P-READY": 3000})
        self.assertEqual(rows[5][0], "Total")
        self.assertEqual(rows[5][10:], [4000, 1500])

    def test_the_sheet_of_whom_costs_are_hidden_from_has_no_such_column(self):
        self.keeper.group_ids += self.env.ref("jewelry_inventory.group_cost_hidden")
        shipments = self.env["jewelry.shipment"].with_user(self.keeper)
        rows = self._read_sheet(shipments._make_sheet(self.company))
        self.assertEqual({len(row) for row in rows}, {11})
        self.assertNotIn("Cost", str(rows))

    def test_a_name_that_looks_like_a_formula_stays_text(self):
        content = write_sheet("Goods: a very long name of a store", ["Name"], [["=1+1"]], ["Total"])
        cell = openpyxl.load_workbook(BytesIO(content)).active.cell(4, 1)
        self.assertEqual((cell.value, cell.data_type), ("=1+1", "s"))


@tagged("post_install", "-at_install")
class TestShipmentFile(HttpCase, ShipmentCommon):
    """The files, over HTTP: paper is rendered as it comes out of the printer."""

    def _fetch(self, login, company=None):
        self.authenticate(login, login)
        query = f"?company_id={company.id}" if company else ""
        return self.url_open(f"/jewelry/custody/shipments.xlsx{query}")

    def test_an_auditor_fetches_it(self):
        answer = self._fetch("auditor", self.company)
        self.assertEqual(answer.status_code, 200)
        self.assertIn("shipments.xlsx", answer.headers["Content-Disposition"])
        self.assertIn("P-SENT", str(TestShipment._read_sheet(self, answer.content)))

    def test_an_associate_and_people_of_other_companies_do_not(self):
        other = self.env["res.company"].create({"name": "Branch"})
        with mute_logger("odoo.http"):
            self.assertEqual(self._fetch("jewelry_associate").status_code, 403)
            self.assertEqual(self._fetch("auditor", other).status_code, 403)

    def test_the_paper_reads_as_it_was_meant(self):
        self.env["ir.config_parameter"].set_param("report.url", self.base_url())
        reports = self.env["ir.actions.report"].with_user(self.auditor)
        with self.allow_requests(all_requests=True):
            content, kind = reports.with_context(force_report_rendering=True)._render_qweb_pdf(
                "jewelry_inventory.report_shipment", self.company.ids
            )
        self.assertEqual(kind, "pdf")
        document = pypdfium2.PdfDocument(BytesIO(content))
        text = document[0].get_textpage().get_text_bounded()
        for words in ("Armoured Cars Ltd", "AC-1", "P-SENT", "P-READY", "1,000.00", "4,000.00"):
            self.assertIn(words, text)

    def test_nobody_gets_it_without_a_login(self):
        answer = self.url_open("/jewelry/custody/shipments.xlsx", allow_redirects=False)
        self.assertIn(answer.status_code, (302, 303))
