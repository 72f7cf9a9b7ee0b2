from odoo.tests import tagged

from .common import ALL, CREATE, READ, ROLES, WRITE, AccessMatrixTests, VocabularyCommon

CONFIG = {"associate": {READ}, "keeper": {READ}, "manager": ALL}
# What has a number is never deleted.
NUMBERED = {READ, WRITE, CREATE}
STOCK = {"associate": {READ}, "keeper": NUMBERED, "manager": NUMBERED}

# What each role may do; a role that is not named may do nothing.
ACCESS = {
    "jewelry.alloy": CONFIG,
    "jewelry.approval": {"keeper": {READ}, "manager": {READ}},
    "jewelry.approval.ask": {"keeper": NUMBERED, "manager": NUMBERED},
    "jewelry.approval.refuse": {"manager": NUMBERED},
    "jewelry.approval.subject": {"keeper": {READ}, "manager": {READ}},
    "jewelry.audit": {"manager": {READ}},
    "jewelry.correction": {"manager": NUMBERED},
    "jewelry.case.item": {"associate": {READ}, "keeper": {READ}, "manager": {READ}},
    "jewelry.case.open": {"associate": NUMBERED, "keeper": NUMBERED, "manager": NUMBERED},
    "jewelry.case.opening": {"associate": {READ}, "keeper": {READ}, "manager": {READ}},
    "jewelry.custody.confirm": {"keeper": NUMBERED, "manager": NUMBERED},
    "jewelry.custody.excess": {"keeper": {READ}, "manager": {READ}},
    "jewelry.custody.limit": {"keeper": {READ}, "manager": ALL},
    "jewelry.count": {"associate": {READ, CREATE}, "keeper": NUMBERED, "manager": NUMBERED},
    "jewelry.count.line": {
        "associate": {READ},
        "keeper": {READ, WRITE},
        "manager": {READ, WRITE},
    },
    "jewelry.count.part": {"associate": {READ}, "keeper": {READ}, "manager": {READ}},
    "jewelry.count.scan": {"associate": {READ}, "keeper": {READ}, "manager": {READ}},
    "jewelry.count.tie.out": {"keeper": {READ}, "manager": {READ}},
    "jewelry.gem.species": CONFIG,
    "jewelry.gem.variety": CONFIG,
    "jewelry.grade": CONFIG,
    "jewelry.grading.report": STOCK,
    "jewelry.grading.report.lookup": {"keeper": NUMBERED, "manager": NUMBERED},
    "jewelry.grading.report.lookup.line": {"keeper": ALL, "manager": ALL},
    "jewelry.jurisdiction": CONFIG,
    "jewelry.rule": CONFIG,
    "jewelry.label": {"keeper": {READ}, "manager": {READ}},
    "jewelry.label.print": {"keeper": NUMBERED, "manager": NUMBERED},
    "jewelry.laboratory": CONFIG | {"keeper": {READ, CREATE}},
    "jewelry.link": {"associate": {READ}, "keeper": {READ}, "manager": {READ}},
    "jewelry.metal": CONFIG,
    "jewelry.metal.source": {"associate": {READ}, "keeper": {READ}, "manager": {READ}},
    "jewelry.metal.rate": CONFIG,
    "jewelry.metal.rate.import": {"manager": ALL},
    "jewelry.passport.share": {"associate": NUMBERED, "keeper": NUMBERED, "manager": NUMBERED},
    "jewelry.piece.metal": {"associate": {READ}, "keeper": ALL, "manager": ALL},
    "jewelry.parcel.intake": {"keeper": {READ, WRITE, CREATE}, "manager": {READ, WRITE, CREATE}},
    "jewelry.parcel.issue": {"keeper": {READ, WRITE, CREATE}, "manager": {READ, WRITE, CREATE}},
    "jewelry.parcel.return": {"keeper": {READ, WRITE, CREATE}, "manager": {READ, WRITE, CREATE}},
    "jewelry.piece.intake": {"keeper": {READ, WRITE, CREATE}, "manager": {READ, WRITE, CREATE}},
    "jewelry.piece.revalue": {"manager": {READ, WRITE, CREATE}},
    "jewelry.piece.revalue.line": {"manager": ALL},
    "jewelry.piece.void": {"keeper": {READ, WRITE, CREATE}, "manager": {READ, WRITE, CREATE}},
    "jewelry.piece.price": {"keeper": ALL, "manager": ALL},
    "jewelry.price.policy": {"keeper": {READ}, "manager": ALL},
    "jewelry.price.run": {"keeper": {READ}, "manager": ALL},
    "jewelry.price.run.line": {"keeper": {READ}, "manager": {READ}},
    "jewelry.price.tier": {"keeper": {READ}, "manager": ALL},
    "jewelry.report.lookup": {"keeper": {READ}, "manager": {READ}},
    "jewelry.shape": CONFIG,
    "jewelry.sourcing.attach": {"keeper": NUMBERED, "manager": NUMBERED},
    "jewelry.sourcing.document": {"associate": {READ}, "keeper": NUMBERED, "manager": ALL},
    "jewelry.stone": STOCK,
    "jewelry.transformation": {"associate": {READ}, "keeper": ALL, "manager": ALL},
    "jewelry.transformation.cost": {"keeper": ALL, "manager": ALL},
    "jewelry.transformation.line": {"associate": {READ}, "keeper": ALL, "manager": ALL},
    "jewelry.transformation.set.parcel": {"keeper": ALL, "manager": ALL},
    "jewelry.treatment": CONFIG,
    "jewelry.warranty.report": {"keeper": {READ}, "manager": {READ}},
}


@tagged("post_install", "-at_install")
class TestAccess(VocabularyCommon, AccessMatrixTests):
    access = ACCESS

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {role: cls._create_user(role) for role in ROLES}

    def test_a_keeper_can_name_a_laboratory_met_on_a_report(self):
        laboratory = self.env["jewelry.laboratory"].with_user(self.users["keeper"])
        self.assertTrue(laboratory.create({"name": "Village Lab", "code": "VILLAGE"}))

    def test_an_associate_sees_only_rates_of_the_own_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        self._create_rate(company_id=other.id)
        own = self._create_rate()
        rates = self.env["jewelry.metal.rate"].with_user(self.users["associate"]).search([])
        self.assertIn(own, rates)
        self.assertEqual(rates.company_id, self.company)

    def test_stones_metals_and_reports_of_another_company_are_hidden(self):
        other = self.env["res.company"].create({"name": "Other"})
        stone = self._create_stone(company_id=other.id)
        report = self._create_report(stone_id=stone.id)
        piece = self._create_lot(company_id=other.id)
        metal = self.env["jewelry.piece.metal"].create(
            {"lot_id": piece.id, "alloy_id": self.gold_18k.id, "weight": 1}
        )
        paper = self.env["jewelry.sourcing.document"].create(
            {
                "kind": "origin",
                "number": "O-1",
                "issuer_id": other.partner_id.id,
                "issue_date": "2026-01-01",
                "company_id": other.id,
            }
        )
        row = self.env["jewelry.metal.source"].create(
            {
                "lot_id": piece.id,
                "metal_id": self.gold.id,
                "source": "recycled",
                "fine_weight": 1,
            }
        )
        for record in (stone, report, metal, paper, row):
            for role in ("associate", "keeper", "manager"):
                with self.subTest(model=record._name, role=role):
                    records = record.with_user(self.users[role])
                    self.assertFalse(records.search([("id", "=", record.id)]))
                    self.assertFalse(records.has_access("read"))

    def test_an_associate_sees_where_a_stone_is(self):
        piece = self._create_lot()
        stone = self._create_stone(holder_id=piece.id).with_user(self.users["associate"])
        (values,) = stone.web_read({"holder_id": {"fields": {"display_name": {}}}, "state": {}})
        self.assertEqual(values["state"], "set")
        self.assertEqual(values["holder_id"]["display_name"], piece.name)
