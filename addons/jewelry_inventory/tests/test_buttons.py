from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_screens import Screen, ScreenCommon

# What costs a person may read by pressing a button is tested in test_cost_secrecy.
OUTSIDERS = ("employee", "portal")
# What associates do themselves: a passport goes to the client with the piece.
ASSOCIATES = [("stock.lot", "action_print_passport")]


@tagged("post_install", "-at_install")
class TestButtons(ScreenCommon):
    """Every button on a form of ours, pressed by everybody: by RPC nobody hides a button."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.draft = cls._create_transformation("disassemble", cls._prepare_line("in", cls.mount))
        cls.buttons = cls._find_buttons()

    @classmethod
    def _find_buttons(cls):
        """Return {(model, method): record} of the buttons that a manager has on our forms."""
        buttons = {}
        for action in cls._get_our_actions():
            if "form" not in action.view_mode or cls.env[action.res_model]._transient:
                continue
            screen = Screen(action, cls.users["owner"])
            record = screen.model.sudo().search(screen.domain, limit=1)
            for name in cls._get_methods(screen, "form") if record else ():
                buttons.setdefault((action.res_model, name), record)
        return buttons

    @classmethod
    def _get_methods(cls, screen, kind):
        """Return the methods that the buttons of a view call."""
        return {
            node.get("name")
            for node in screen.arch[kind].iter("button")
            if node.get("type") == "object" and not screen._is_nested(node, screen.arch[kind])
        }

    def _count_changes(self):
        """Return how many rows this transaction has written, with what waits for its end."""
        self.env.cr.flush()
        self.env.cr.execute(
            "SELECT SUM(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_xact_user_tables"
        )
        return self.env.cr.fetchone()[0]

    def _press(self, record, method, role):
        """Press a button and return its refusal, or how many rows it wrote."""
        before = self._count_changes()
        allowed = {"allowed_company_ids": self.company.ids}
        pressed = record.with_user(self.users[role]).with_context(**allowed)
        try:
            with self.env.cr.savepoint():
                getattr(pressed.sudo(False), method)()
                return self._count_changes() - before
        except UserError as refusal:
            return refusal

    def test_the_forms_have_buttons(self):
        models = {model for model, _method in self.buttons}
        self.assertGreater(len(self.buttons), 25)
        self.assertLessEqual(
            {"stock.lot", "jewelry.transformation", "jewelry.price.run", "jewelry.import"}, models
        )

    def test_a_button_that_writes_is_told_from_one_that_shows(self):
        self.assertGreater(self._press(self.mount, "action_reprice", "manager"), 0)
        self.assertEqual(self._press(self.mount, "action_view_provenance", "manager"), 0)

    def test_no_button_gives_an_associate_what_is_a_keepers(self):
        """An associate is refused, or sees something: nothing is written."""
        for (model, method), record in self._get_keepers_buttons():
            self.env.invalidate_all()
            with self.subTest(model=model, button=method):
                outcome = self._press(record, method, "associate")
                self.assertTrue(isinstance(outcome, UserError) or not outcome, outcome)

    def _get_keepers_buttons(self):
        return [item for item in self.buttons.items() if item[0] not in ASSOCIATES]

    def test_no_button_works_for_who_has_no_role(self):
        for (model, method), record in self.buttons.items():
            for role in OUTSIDERS:
                self.env.invalidate_all()
                with self.subTest(model=model, button=method, role=role):
                    outcome = self._press(record, method, role)
                    self.assertTrue(isinstance(outcome, UserError) or not outcome, outcome)

    def test_each_button_that_a_role_is_shown_is_the_roles_to_press(self):
        """It may be refused for what the record is, never for who presses it."""
        for role in ("associate", "keeper", "manager"):
            for action in self._get_our_actions():
                if (action.res_model, role) in self._get_unseen():
                    continue
                self._press_shown(action, role)

    def _get_unseen(self):
        """Return the pairs of models and roles that may not even read them."""
        return {
            (action.res_model, role)
            for action in self._get_our_actions()
            for role in ("associate", "keeper", "manager")
            if not self.env[action.res_model].with_user(self.users[role]).has_access("read")
        }

    def _press_shown(self, action, role):
        if "form" not in action.view_mode or self.env[action.res_model]._transient:
            return
        screen = Screen(action, self.users[role])
        record = screen.model.search(screen.domain, limit=1)
        for method in self._get_methods(screen, "form") if record else ():
            self.env.invalidate_all()
            with self.subTest(model=action.res_model, button=method, role=role):
                self.assertNotIsInstance(self._press(record, method, role), AccessError)
