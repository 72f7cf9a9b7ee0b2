from odoo.tests import TransactionCase, new_test_user, tagged

OPERATIONS = ("read", "write", "create", "unlink")
# Each role may do what the one before it may.
LADDER = ("group_associate", "group_keeper", "group_manager")
# What a count by readers expects: whoever could read it would not count blind any more.
NOBODYS = {"jewelry.rfid.expected"}


@tagged("post_install", "-at_install")
class TestAccessMatrix(TransactionCase):
    """Who may do what, over every model that a module of ours brings."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ours = [
            name
            for name, model in cls.env.registry.items()
            if not model._abstract and model._original_module.startswith("jewelry_")
        ]
        cls.lasting = [name for name in cls.ours if not cls.env[name]._transient]
        cls.outsider = new_test_user(cls.env, "outsider", groups="base.group_user")
        cls.roles = [
            new_test_user(cls.env, role, groups=f"jewelry_inventory.{role}") for role in LADDER
        ]

    def rights(self, user, model):
        """The operations `user` may do on `model` as far as access rows tell."""
        Model = self.env[model].with_user(user)
        return {operation for operation in OPERATIONS if Model.has_access(operation)}

    def test_every_model_of_ours_has_access_rows(self):
        granted = self.env["ir.model.access"].search([]).model_id.mapped("model")
        self.assertFalse(set(self.ours) - set(granted))

    def test_a_user_without_a_role_has_no_right_on_our_models(self):
        reached = [name for name in self.lasting if self.rights(self.outsider, name)]
        self.assertFalse(reached)

    def test_a_role_may_do_what_the_role_below_it_may(self):
        for lower, higher in zip(self.roles, self.roles[1:], strict=False):
            for model in self.lasting:
                with self.subTest(model=model, role=higher.login):
                    self.assertLessEqual(self.rights(lower, model), self.rights(higher, model))

    def test_a_manager_reads_every_model_of_ours(self):
        manager = self.roles[-1]
        unread = [name for name in self.lasting if "read" not in self.rights(manager, name)]
        self.assertEqual(set(unread), NOBODYS & set(self.lasting))
