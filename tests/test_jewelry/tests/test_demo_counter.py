from odoo.tests import TransactionCase, tagged

from odoo.addons.jewelry_demo.models import jewelry_demo


class Furnisher:
    """The steps of the demo store that need rooms it does not depend on, without the rest of it:
    it is not installed where these rooms are tested.
    """

    _get_bank_journal = jewelry_demo.JewelryDemo._get_bank_journal
    _get_drawer = jewelry_demo.JewelryDemo._get_drawer
    _set_up_registers = jewelry_demo.JewelryDemo._set_up_registers
    _write_terms = jewelry_demo.JewelryDemo._write_terms

    def __init__(self, env):
        self.env = env


@tagged("post_install", "-at_install")
class TestDemoCounter(TransactionCase):
    """Registers and terms of layaways in the demo store."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].create(
            {"name": "Demo", "country_id": cls.env.ref("base.us").id}
        )
        cls.env["account.chart.template"].try_loading("generic_coa", cls.company, False)
        cls.env.user.company_ids += cls.company
        cls.env = cls.env(context=dict(cls.env.context, allowed_company_ids=cls.company.ids))
        cls.demo = Furnisher(cls.env)

    def _find_all(self, model):
        found = self.env[model].with_context(active_test=False)
        return found.search([("company_id", "=", self.company.id)])

    def test_registers_have_drawers_of_their_own_and_share_the_terminal(self):
        self.demo._set_up_registers()
        configs = self._find_all("pos.config").sorted("name")
        self.assertEqual(tuple(configs.mapped("name")), jewelry_demo.REGISTERS)
        drawers = [
            config.payment_method_ids.filtered(lambda method: method.journal_id.type == "cash")
            for config in configs
        ]
        self.assertEqual([len(drawer) for drawer in drawers], [1, 1])
        self.assertNotEqual(drawers[0].journal_id, drawers[1].journal_id)
        cards = [
            config.payment_method_ids - drawer
            for config, drawer in zip(configs, drawers, strict=True)
        ]
        self.assertEqual((cards[0].name, cards[0]), ("Card", cards[1]))

    def test_terms_of_both_kinds_are_what_a_customer_can_be_offered(self):
        self.demo._write_terms()
        terms = self._find_all("jewelry.layaway.term")
        self.assertEqual(set(terms.mapped("kind")), set(jewelry_demo.TERMS))
        for term in terms:
            proposed = term._propose(1000, self.company.currency_id, self.env.cr.now().date())
            with self.subTest(term=term.name):
                self.assertEqual(sum(amount for _day, amount in proposed), 1000)
                self.assertEqual(proposed[0][1], 10 * term.first_percent)
                self.assertEqual(term.kept_percent, jewelry_demo.KEPT_PERCENT)

    def test_what_is_there_is_left_alone(self):
        for _again in range(2):
            self.demo._set_up_registers()
            self.demo._write_terms()
            counted = {
                model: len(self._find_all(model))
                for model in ("pos.config", "pos.payment.method", "jewelry.layaway.term")
            }
            self.assertEqual(
                counted, {"pos.config": 2, "pos.payment.method": 3, "jewelry.layaway.term": 2}
            )
        term = self._find_all("jewelry.layaway.term")[0]
        term.active = False
        self.demo._write_terms()
        self.assertEqual(len(self._find_all("jewelry.layaway.term")), 2)
