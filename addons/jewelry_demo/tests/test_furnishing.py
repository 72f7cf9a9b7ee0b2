import base64
import csv
import io

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, TransactionCase, tagged
from odoo.tools import SQL
from odoo.tools.misc import file_open

from ..models.jewelry_demo import PEOPLE, PLACES, RATES, ROOM_GROUPS

# What the script writes, and everything that writing it writes along.
WRITTEN = (
    "account.account",
    "account.move",
    "account.move.line",
    "ir.attachment",
    "jewelry.import",
    "jewelry.import.column",
    "jewelry.metal.rate",
    "jewelry.piece.metal",
    "jewelry.provenance.event",
    "jewelry.stone",
    "mail.message",
    "product.template",
    "product.value",
    "res.company",
    "res.partner",
    "res.users",
    "stock.location",
    "stock.lot",
    "stock.move",
    "stock.move.line",
    "stock.quant",
)


class DemoCommon(TransactionCase):
    """The store as the module's installation left it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.demo = cls.env["jewelry.demo"]
        cls.people = {login: cls._find_user(login) for login in PEOPLE}

    @classmethod
    def _find_user(cls, login):
        return cls.env["res.users"].search([("login", "=", login)])

    @classmethod
    def _read_rows(cls, name):
        with file_open(f"jewelry_demo/data/{name}.csv") as file:
            return list(csv.DictReader(io.StringIO(file.read())))

    def _read_untouched(self):
        """Return the rows of the pieces that the bench has not changed since they came."""
        rows = self._read_rows("pieces")
        untouched = [row for row in rows if not self._find(row["number"]).transformation_id]
        self.assertGreater(len(untouched), len(rows) - 3)
        return untouched

    def _find(self, number, login=None):
        """Return the piece of a number, as one of the people."""
        pieces = self.env["stock.lot"].search([("name", "=", number)])
        return pieces.with_user(self.people[login]) if login else pieces

    def _take_stock(self):
        """Return how often the rows of each table were written: PostgreSQL gives each row of a
        table a new place whenever it writes it.
        """
        self.env.flush_all()
        rows = {}
        for model in WRITTEN:
            table = SQL.identifier(self.env[model]._table)
            query = SQL("SELECT ctid::text FROM %s ORDER BY 1", table)
            rows[model] = self.env.execute_query(query)
        return rows


@tagged("post_install", "-at_install")
class TestAgain(DemoCommon):
    """The script may be stopped anywhere and run again: it adds what is missing, no more."""

    def test_a_second_run_writes_nothing(self):
        before = self._take_stock()
        self.demo._furnish()
        after = self._take_stock()
        self.assertFalse([model for model in WRITTEN if after[model] != before[model]])

    def test_a_place_that_is_missing_is_built_again(self):
        window = self.env["stock.location"].search([("name", "=", "Window")], limit=1)
        window.name = "Former window"
        places = self.demo._build_places()
        self.assertEqual(set(places), set(PLACES))
        self.assertNotEqual(places["Window"], window)
        self.assertEqual(places["Window"].jewelry_role, "sale")

    def test_a_person_who_is_missing_is_hired_again(self):
        self.people["keeper"].login = "former_keeper"
        self.demo._hire_people()
        hired = self._find_user("keeper")
        self.assertTrue(hired.has_group("jewelry_inventory.group_keeper"))
        self.assertNotEqual(hired, self.people["keeper"])

    def test_a_piece_that_is_missing_is_taken_in_again(self):
        ring = self._find("R-1001")
        ring.name = "R-1001 A"
        self.demo._take_in_pieces(self.demo._build_places())
        again = self._find("R-1001")
        self.assertEqual((len(again), again.piece_status), (1, "available"))
        self.assertEqual(again.location_id.name, "Case A")

    def test_a_rate_is_quoted_once(self):
        rates = self.env["jewelry.metal.rate"]
        before = rates.search_count([])
        self.demo._quote_metals()
        self.assertEqual(rates.search_count([]), before)

    def test_what_the_person_set_up_stays(self):
        account = self.env.company.piece_opening_account_id
        other = account.copy({"code": "301599"})
        self.env.company.piece_opening_account_id = other
        self.demo._open_books()
        self.assertEqual(self.env.company.piece_opening_account_id, other)


@tagged("post_install", "-at_install")
class TestStock(DemoCommon):
    """Every row of the files is in stock, whole."""

    def test_each_piece_is_as_its_row_says(self):
        for row in self._read_untouched():
            piece = self._find(row["number"])
            with self.subTest(piece=row["number"]):
                self.assertEqual(piece.product_tmpl_id.name, row["style"])
                self.assertEqual(piece.location_id.name, row["place"])
                self.assertEqual(piece.standard_price, float(row["cost"]))
                self.assertEqual(piece.list_price, float(row["price"]))
                self.assertEqual(piece.alloy_id.code, row["alloy"])
                self.assertEqual(piece.hallmark or "", row["hallmark"])
                self.assertAlmostEqual(piece.ring_circumference, float(row["ring"] or 0), 2)
                self.assertTrue(piece.image_128)

    def test_each_piece_holds_the_stones_of_its_row(self):
        for row in self._read_untouched():
            stones = self._find(row["number"]).stone_ids
            with self.subTest(piece=row["number"]):
                self.assertEqual(len(stones), bool(row["carat"]))
                for stone in stones:
                    self.assertAlmostEqual(stone.carat, float(row["carat"]), 3)
                    self.assertEqual(
                        (stone.count, stone.origin), (int(row["count"]), row["origin"])
                    )
                    self.assertEqual(stone.species_id.code, row["species"])
                    self.assertEqual(stone.variety_id.code or "", row["variety"])
                    self.assertEqual(stone.shape_id.code.lower(), row["shape"])
                    self.assertEqual(stone.color_grade_id.code or "", row["color"])
                    self.assertEqual(stone.clarity_grade_id.code or "", row["clarity"])

    def test_no_piece_weighs_other_than_its_parts(self):
        pieces = self.env["stock.lot"].search([("jewelry_kind", "=", "piece")])
        self.assertFalse(pieces.filtered("weight_warning").mapped("name"))

    def test_each_loose_stone_costs_half_of_its_price(self):
        stones = self.env["stock.lot"].search([("jewelry_kind", "=", "stone")])
        rows = self._read_rows("stones")
        self.assertEqual(len(stones), len(rows))
        self.assertEqual(sum(stones.mapped("list_price")), sum(float(r["price"]) for r in rows))
        self.assertFalse(stones.filtered(lambda s: abs(2 * s.standard_price - s.list_price) > 0.01))

    def test_each_place_has_its_role(self):
        for name, role in PLACES.items():
            places = self.env["stock.location"].search([("name", "=", name)])
            with self.subTest(place=name):
                self.assertEqual(places.mapped("jewelry_role"), [role])

    def test_each_precious_metal_has_a_rate_of_both_sides(self):
        for code in RATES:
            rate = self.env["jewelry.metal.rate"].search(
                [("metal_id.code", "=ilike", code)], limit=1
            )
            with self.subTest(metal=code):
                self.assertTrue(0 < rate.bid < rate.ask)

    def test_the_stock_has_pieces_of_every_age(self):
        rows = self.env["jewelry.stock.aging"]._read_group([], ["age_band"], ["__count"])
        self.assertEqual([band for band, _count in rows], ["0", "1", "2", "3"])

    def test_the_chains_of_what_came_in_are_sound(self):
        pieces = self.env["stock.lot"].search([("jewelry_kind", "=", "piece")])
        events = self.env["jewelry.provenance.event"]
        kinds = events.search([("chain_uuid", "in", pieces.mapped("chain_uuid"))]).mapped("kind")
        self.assertLessEqual({"commission", "price"}, set(kinds))
        self.assertFalse(events.verify_chains().faults)

    def test_every_entry_of_the_books_is_posted_and_balances(self):
        account = self.env.company.piece_opening_account_id
        moves = self.env["account.move.line"].search([("account_id", "=", account.id)]).move_id
        self.assertTrue(moves)
        self.assertEqual(set(moves.mapped("state")), {"posted"})
        for move in moves:
            self.assertAlmostEqual(sum(move.line_ids.mapped("balance")), 0)


@tagged("post_install", "-at_install")
class TestPeople(DemoCommon):
    """Each login can do what the README offers it to try, and not what is another's."""

    def test_each_has_the_groups_of_the_role_and_of_the_rooms_that_are_installed(self):
        for login, (name, groups) in PEOPLE.items():
            user = self.people[login]
            with self.subTest(login=login):
                self.assertEqual(user.name, name)
                for group in groups + ROOM_GROUPS.get(login, []):
                    if self.env.ref(group, raise_if_not_found=False):
                        self.assertTrue(user.has_group(group), group)

    def test_a_room_that_is_not_installed_gives_no_group(self):
        groups = self.demo._get_groups("associate", ["no_such_room.group_user", "base.group_user"])
        self.assertIn(self.env.ref("base.group_user"), groups)

    def test_everybody_opens_the_pieces_and_turns_one_to_the_client(self):
        for login in PEOPLE:
            ring = self._find("R-1003", login)
            with self.subTest(login=login):
                card = ring.get_client_card()
                self.assertEqual(card["number"], "R-1003")
                self.assertNotIn("5200", str(card).replace(",", ""))

    def test_an_associate_finds_stones_by_grade_and_sees_no_cost(self):
        stones = self.env["jewelry.stone"].with_user(self.people["associate"])
        domain = [
            ("state", "=", "loose"),
            ("color_grade_id.code", "=", "E"),
            ("clarity_grade_id.code", "=", "VS1"),
        ]
        found = stones.search(domain)
        self.assertTrue(found)
        self.assertTrue(found.home_lot_id.mapped("list_price"))
        with self.assertRaises(AccessError):
            found.home_lot_id.mapped("standard_price")

    def test_a_keeper_reads_and_checks_a_file(self):
        jobs = self.env["jewelry.import"].with_user(self.people["keeper"])
        with file_open("jewelry_demo/data/stones.csv", "rb") as file:
            content = base64.b64encode(file.read())
        with Form(jobs) as form:
            form.file = content
        job = form.record
        # The browser fills it in with the file.
        job.filename = "stones.csv"
        job.action_read()
        self.assertEqual(job.state, "mapped")
        self.assertIn("carat", job.column_ids.mapped("target"))

    def test_a_keeper_sets_a_loose_stone_in_a_mount(self):
        keeper = self.people["keeper"]
        mount = self._find("R-1002", "keeper")
        stone = (
            self.env["jewelry.stone"].with_user(keeper).search([("state", "=", "loose")], limit=1)
        )
        before = mount.carat_weight
        wizard = self.env["jewelry.transformation.set"].with_user(keeper)
        with Form(wizard.with_context(active_id=mount.id)) as form:
            form.stone_ids.add(stone)
        form.record.action_set()
        self.assertEqual(stone.holder_id, mount)
        self.assertAlmostEqual(mount.carat_weight, before + stone.carat, 3)

    def test_a_manager_revalues_a_piece_and_sees_why(self):
        manager = self.people["manager"]
        ring = self._find("R-1003", "manager")
        ring._set_cost({ring: 5100.0}, "correction", "invoice found")
        history = self.env["product.value"].with_user(manager).search([("lot_id", "=", ring.id)])
        self.assertIn("invoice found", history.mapped("description"))
        self.assertEqual(ring.standard_price, 5100.0)

    def test_an_accountant_reads_the_cost_of_pieces_and_changes_none(self):
        ring = self._find("R-1003", "accountant")
        self.assertEqual(ring.standard_price, 5200.0)
        with self.assertRaises(AccessError):
            ring.list_price = 1.0
        lines = self.env["account.move.line"].with_user(self.people["accountant"])
        account = self.env.company.piece_opening_account_id
        self.assertTrue(lines.search_count([("account_id", "=", account.id)]))

    def test_an_associate_neither_moves_nor_prices_a_piece(self):
        ring = self._find("R-1003", "associate")
        with self.assertRaises(AccessError):
            ring.list_price = 1.0
        with self.assertRaises(UserError):
            ring.action_void("mine")
        self.assertEqual(ring.piece_status, "available")
