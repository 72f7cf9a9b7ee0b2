from odoo.tests import Form, tagged

from .common import JewelryCommon

VIEWS = ["form", "list", "kanban", "pivot", "graph", "activity"]


@tagged("post_install", "-at_install")
class TestPieceViews(JewelryCommon):
    """The screens of pieces open for everybody on the staff, each with what is theirs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.associate = cls._create_user("associate")
        cls.keeper = cls._create_user("keeper")
        cls.piece = cls._stock_piece(cost=420.0, list_price=1000.0)

    def _get_views(self, user):
        """Return the arch of each view of the action Pieces, as `user` gets it."""
        action = self.env.ref("jewelry_inventory.stock_lot_action_pieces")
        views = [(view.view_id.id, view.view_mode) for view in action.view_ids]
        views.append((action.search_view_id.id, "search"))
        pieces = self.env["stock.lot"].with_user(user)
        return pieces.get_views(views)

    def _read_form(self, user):
        """Return what the form of a piece shows to `user`."""
        arch = self._get_views(user)["models"]["stock.lot"]["fields"]
        spec = {name: {} for name in arch}
        return self.piece.with_user(user).web_read(spec)[0]

    def test_every_view_opens_for_associates_and_keepers(self):
        for user in (self.associate, self.keeper):
            views = self._get_views(user)["views"]
            self.assertEqual(set(views), {*VIEWS, "search"})

    def test_the_form_shows_its_cost_to_keepers_only(self):
        self.assertEqual(self._read_form(self.keeper)["standard_price"], 420.0)
        shown = self._read_form(self.associate)
        self.assertNotIn("standard_price", shown)
        self.assertNotIn("value_ids", shown)
        self.assertNotIn(420.0, shown.values())

    def test_an_associate_cannot_change_a_piece(self):
        self.assertFalse(self.piece.with_user(self.associate).has_access("write"))

    def test_a_keeper_enters_a_piece_of_a_new_style(self):
        self.env = self.env(user=self.keeper)
        style = Form(self.env["product.template"].with_context(default_jewelry_kind="piece"))
        style.name = "Trilogy"
        product = style.save().product_variant_id
        with Form(self.env["stock.lot"], "jewelry_inventory.stock_lot_view_form_piece") as form:
            form.product_id = product
            form.list_price = 900.0
            form.gross_weight = 3.25
        piece = form.record
        self.assertRegex(piece.name, r"^P-\d{6}$")
        self.assertEqual(piece.piece_status, "expected")

    def test_a_style_is_created_by_its_name_alone(self):
        styles = self.env["product.product"].with_context(default_jewelry_kind="piece")
        product = styles.browse(styles.name_create("Trilogy")[0])
        self.assertEqual((product.tracking, product.is_storable), ("serial", True))

    def test_pieces_are_added_up_by_price(self):
        groups = self.env["stock.lot"].formatted_read_group(
            [("id", "=", self.piece.id)], ["piece_status"], ["list_price:sum"]
        )
        self.assertEqual(groups[0]["list_price:sum"], 1000.0)

    def test_the_style_opens_its_pieces(self):
        action = self.style.product_tmpl_id.action_view_pieces()
        self.assertIn(self.piece, self.env["stock.lot"].search(action["domain"]))

    def test_an_employee_without_any_stock_rights_opens_products_contacts_and_companies(self):
        employee = self._create_user("employee")
        self.assertFalse(self.env["stock.lot"].with_user(employee).has_access("read"))
        for record in (
            self.piece.product_id.product_tmpl_id,
            self.piece.product_id,
            employee.partner_id,
            employee.company_id,
        ):
            with self.subTest(model=record._name):
                self.assertTrue(Form(record.with_user(employee)).id)
        self.assertEqual(self.piece.product_id.product_tmpl_id.with_user(employee).piece_count, 0)
