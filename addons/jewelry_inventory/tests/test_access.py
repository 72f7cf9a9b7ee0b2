from odoo.tests import tagged

from .common import ROLES, VocabularyCommon

READ, WRITE, CREATE, UNLINK = "read", "write", "create", "unlink"
ALL = {READ, WRITE, CREATE, UNLINK}
CONFIG = {"associate": {READ}, "keeper": {READ}, "manager": ALL}

# What each role may do; a role that is not named may do nothing.
ACCESS = {
    "jewelry.alloy": CONFIG,
    "jewelry.gem.species": CONFIG,
    "jewelry.gem.variety": CONFIG,
    "jewelry.grade": CONFIG,
    "jewelry.laboratory": CONFIG | {"keeper": {READ, CREATE}},
    "jewelry.metal": CONFIG,
    "jewelry.metal.rate": CONFIG,
    "jewelry.metal.rate.import": {"manager": ALL},
    "jewelry.shape": CONFIG,
    "jewelry.treatment": CONFIG,
}


@tagged("post_install", "-at_install")
class TestAccess(VocabularyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {role: cls._create_user(role) for role in ROLES}

    def test_each_role_may_do_what_the_matrix_says_and_nothing_else(self):
        for model, roles in ACCESS.items():
            for role, user in self.users.items():
                records = self.env[model].with_user(user)
                allowed = {operation for operation in ALL if records.has_access(operation)}
                with self.subTest(model=model, role=role):
                    self.assertEqual(allowed, roles.get(role, set()))

    def test_every_model_of_the_vocabulary_is_in_the_matrix(self):
        models = self.env["ir.model"].search([("model", "=like", "jewelry.%")])
        rooms = models.filtered(
            lambda model: (
                model.modules == "jewelry_inventory" and not self.env[model.model]._abstract
            )
        )
        self.assertLessEqual(set(ACCESS), set(rooms.mapped("model")))

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
