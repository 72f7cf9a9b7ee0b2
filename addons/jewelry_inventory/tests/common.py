"""What the tests of this module share: vectors, property settings and factories."""

import csv
import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from threading import Barrier
from unittest.mock import patch

from hypothesis import settings
from psycopg2 import IntegrityError

from odoo import SUPERUSER_ID, Command, api
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.modules.registry import DummyRLock, Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, TransactionCase, get_db_name, new_test_user
from odoo.tools import config, mute_logger
from odoo.tools.misc import file_open

from odoo.addons.stock_account.tests.common import TestStockValuationCommon

from ..tools.provenance import Event

# No deadline, because the machine's speed is no property; the same examples on every run.
settings.register_profile("jewelry", deadline=None, database=None, derandomize=True)
settings.load_profile("jewelry")


ROLES = {
    "associate": "jewelry_inventory.group_associate",
    "keeper": "jewelry_inventory.group_keeper",
    "manager": "jewelry_inventory.group_manager",
    "portal": "base.group_portal",
    "employee": "base.group_user",
}


def read_vector(name):
    """Return the text of a file in ``tests/vectors``."""
    with file_open(f"jewelry_inventory/tests/vectors/{name}") as file:
        return file.read()


class VectorCase(BaseCase):
    """A test of pure rules against the files in ``tests/vectors``."""

    @classmethod
    def _load_vector(cls, name):
        return json.loads(read_vector(name))

    @classmethod
    def _load_rows(cls, name):
        """Return a CSV vector as dicts of floats."""
        rows = csv.DictReader(read_vector(name).splitlines())
        return [{key: float(value) for key, value in row.items()} for row in rows]


class VocabularyCommon(TransactionCase):
    """Metals, grades and users, for tests that need no accounts and no stock."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.gold = cls._ref("metal_gold")
        cls.silver = cls._ref("metal_silver")
        cls.gold_18k = cls._ref("alloy_gold_750_yellow")

    @classmethod
    def _ref(cls, name):
        return cls.env.ref(f"jewelry_inventory.{name}")

    @contextmanager
    def _refused(self, message, exception=ValidationError):
        """Assert that the block is refused with a message, and undo what it did before."""
        with self.assertRaisesRegex(exception, message), self.env.cr.savepoint():
            yield

    @contextmanager
    def _refused_by_database(self, model, message):
        """Assert that an index or check of the model refuses the block, with its own message."""
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError) as raised,
            self.env.cr.savepoint(),
        ):
            yield
            self.env.flush_all()
        shown = self.env[model]._sql_error_to_message(raised.exception)
        self.assertIn(message, shown)

    # === FACTORIES === #

    @classmethod
    def _create_user(cls, role, **values):
        """Return a user of one of ``ROLES``; `employee` has no group of ours."""
        login = values.pop("login", f"jewelry_{role}")
        return new_test_user(cls.env, login=login, groups=ROLES[role], **values)

    @classmethod
    def _create_rate(cls, metal=None, **values):
        """Return a rate of gold, bought at 99 and sold at 101, unless told otherwise."""
        values = {"metal_id": (metal or cls.gold).id, "bid": 99, "ask": 101} | values
        return cls.env["jewelry.metal.rate"].create(values)

    @classmethod
    def _create_lot(cls, kind="piece", **values):
        """Return a piece, a loose stone's serial or a parcel, with a style of its own."""
        style = cls.env["product.template"].create({"name": f"Any {kind}", "jewelry_kind": kind})
        defaults = {"product_id": style.product_variant_id.id, "company_id": cls.company.id}
        return cls.env["stock.lot"].create(defaults | values)

    @classmethod
    def _prepare_stone(cls, **values):
        """Return the values of a natural round diamond of 0.52 ct, E VS1."""
        defaults = {
            "origin": "natural",
            "species_id": cls._ref("species_diamond").id,
            "shape_id": cls._ref("shape_round").id,
            "carat": 0.52,
            "color_grade_id": cls._ref("grade_color_e").id,
            "clarity_grade_id": cls._ref("grade_clarity_vs1").id,
        }
        return defaults | values

    @classmethod
    def _create_stone(cls, **values):
        return cls.env["jewelry.stone"].create(cls._prepare_stone(**values))

    @classmethod
    def _create_report(cls, **values):
        """Return a report of GIA on a new stone, unless told otherwise."""
        defaults = {"laboratory_id": cls._ref("laboratory_gia").id, "number": "2141438171"}
        if not {"stone_id", "piece_id", "parcel_id"} & values.keys():
            defaults["stone_id"] = cls._create_stone().id
        return cls.env["jewelry.grading.report"].create(defaults | values)


class PriceCommon(VocabularyCommon):
    """Gold at 100 a gram, a policy that doubles, and rings of a category that it prices."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True))
        cls.manager = cls._create_user("manager")
        cls.keeper = cls._create_user("keeper")
        cls.rate = cls._create_rate(bid=90, ask=100)
        cls.policy = cls._create_policy()
        cls.category = cls._create_category(jewelry_price_policy_id=cls.policy.id)
        cls.style = cls._create_style()

    # === FACTORIES === #

    @classmethod
    def _create_policy(cls, **values):
        defaults = {
            "name": "Rings",
            "floor_factor": 0,
            "tier_ids": [Command.create({"start": 0, "multiplier": 2})],
        }
        return cls.env["jewelry.price.policy"].create(defaults | values)

    @classmethod
    def _create_category(cls, **values):
        return cls.env["product.category"].create({"name": "Rings"} | values)

    @classmethod
    def _create_style(cls, **values):
        defaults = {"name": "Band", "jewelry_kind": "piece", "categ_id": cls.category.id}
        style = cls.env["product.template"].create(defaults | values)
        return style.product_variant_id

    @classmethod
    def _create_ring(cls, grams=4.0, alloy=None, **values):
        """Return a ring of 18K gold: 4 g hold 3 g of gold, so that it costs twice 300."""
        defaults = {"product_id": cls.style.id, "company_id": cls.company.id}
        ring = cls.env["stock.lot"].create(defaults | values)
        if grams:
            alloy = alloy or cls.gold_18k
            ring.metal_line_ids = [Command.create({"alloy_id": alloy.id, "weight": grams})]
        return ring

    @classmethod
    def _create_rings(cls, count):
        rings = [cls._create_ring(2 + number / 100) for number in range(count)]
        return cls.env["stock.lot"].union(*rings)

    @classmethod
    def _create_loose_stone(cls, **values):
        """Return a diamond and the serial number that it is stocked under when loose."""
        home = cls._create_lot("stone", **values)
        stone = cls._create_stone(holder_id=home.id, home_lot_id=home.id)
        return stone, home

    # === ACTIONS === #

    @classmethod
    def _change_rate(cls, ask):
        """Correct the newest rate of gold: two rates cannot be entered in one second."""
        newest = cls.env["jewelry.metal.rate"].search([("metal_id", "=", cls.gold.id)], limit=1)
        newest.write({"bid": ask - 10, "ask": ask})
        return newest

    @classmethod
    def _sell(cls, piece):
        """Move a piece out to a customer."""
        warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        suppliers = cls.env.ref("stock.stock_location_suppliers")
        piece._take_in(suppliers, warehouse.lot_stock_id)
        customers = cls.env.ref("stock.stock_location_customers")
        vals = piece._prepare_intake_vals(
            piece.product_id, warehouse.lot_stock_id, customers, owner=None
        )
        move = cls.env["stock.move"].create(vals | {"company_id": cls.company.id})
        move._action_done()


class JewelryCommon(TestStockValuationCommon):
    """A store with a chart of accounts, places, and factories for styles and pieces."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True))
        cls.category = cls.env["product.category"].create(
            {"name": "Jewelry", "property_valuation": "periodic"}
        )
        cls.category_auto = cls.env["product.category"].create(
            {"name": "Jewelry perpetual", "property_valuation": "real_time"}
        )
        cls.bench = cls._create_place("Bench", jewelry_role="bench", location_id=False)
        cls.safe = cls._create_place("Safe", jewelry_role="safe")
        cls.style = cls._create_style()

    # === FACTORIES === #

    @classmethod
    def _create_style(cls, **values):
        defaults = {
            "name": "Solitaire",
            "jewelry_kind": "piece",
            "categ_id": cls.category.id,
            "list_price": 1000.0,
        }
        return cls.env["product.template"].create(defaults | values).product_variant_id

    @classmethod
    def _create_piece(cls, style=None, cost=0.0, **values):
        defaults = {
            "product_id": (style or cls.style).id,
            "standard_price": cost,
            "company_id": cls.company.id,
        }
        return cls.env["stock.lot"].create(defaults | values)

    @classmethod
    def _create_place(cls, name, **values):
        defaults = {
            "name": name,
            "usage": "internal",
            "location_id": cls.stock_location.id,
            "company_id": cls.company.id,
        }
        return cls.env["stock.location"].create(defaults | values)

    @classmethod
    def _stock_piece(cls, style=None, cost=0.0, place=None, **values):
        """Return a piece that has been received from a vendor."""
        piece = cls._create_piece(style, cost, **values)
        cls._move(piece, cls.supplier_location, place or cls.stock_location)
        return piece

    @classmethod
    def _create_user(cls, role, more="", **values):
        """Return a user of the test company: one of ``ROLES``, with `more` groups."""
        groups = ",".join(filter(None, [ROLES[role], more]))
        company = {"company_id": cls.company.id, "company_ids": [Command.set(cls.company.ids)]}
        login = values.pop("login", f"jewelry_{role}{more}")
        return new_test_user(cls.env, login=login, groups=groups, **company | values)

    @classmethod
    def _move(cls, pieces, source, dest, owner=None, costs=None, **values):
        """Move pieces of one style in one stock move and return it, done."""
        lines = [
            {
                "lot_id": piece.id,
                "quantity": 1,
                "product_id": piece.product_id.id,
                "location_id": source.id,
                "location_dest_id": dest.id,
                "owner_id": owner.id if owner else False,
                "cost_unit": (costs or {}).get(piece, 0.0),
            }
            for piece in pieces
        ]
        move = cls.env["stock.move"].create(
            {
                "product_id": pieces.product_id.id,
                "product_uom_qty": len(pieces),
                "location_id": source.id,
                "location_dest_id": dest.id,
                "move_line_ids": [Command.create(line) for line in lines],
                "picked": True,
            }
            | values
        )
        move._action_done()
        return move

    # === READERS === #

    def _value(self, record, **context):
        record.invalidate_recordset(["total_value"])
        return record.with_context(**context).total_value

    def _ledger(self, account, company=None):
        """Return the balance of `account` in the general ledger."""
        lines = self.env["account.move.line"].search(
            [("account_id", "=", account.id), ("parent_state", "=", "posted")]
        )
        return sum(lines.mapped("balance"))


READ, WRITE, CREATE, UNLINK = "read", "write", "create", "unlink"
ALL = {READ, WRITE, CREATE, UNLINK}


class AccessMatrixTests:
    """A test of who may do what; for classes that have `users`, a user by role.

    `access` says by model what each role may do; a role that is not named may do nothing.
    """

    access = {}

    def test_each_role_may_do_what_the_matrix_says_and_nothing_else(self):
        for model, roles in self.access.items():
            for role, user in self.users.items():
                records = self.env[model].with_user(user)
                allowed = {operation for operation in ALL if records.has_access(operation)}
                with self.subTest(model=model, role=role):
                    self.assertEqual(allowed, roles.get(role, set()))


class HiddenFieldTests:
    """Tests that a user learns fields by no way; for classes that have a `reader`.

    `hidden` are names of fields by model, `stored` those of them that the database has.
    """

    hidden = {}
    stored = {}

    def _search(self, model):
        self.env.invalidate_all()
        return self.env[model].with_user(self.reader).search([])

    def test_none_of_them_is_read(self):
        for model, names in self.hidden.items():
            for name in names:
                records = self._search(model)
                with self.subTest(model=model, field=name), self.assertRaises(AccessError):
                    records.read([name])

    def test_none_of_them_is_searched_sorted_summed_or_exported(self):
        for model, names in self.stored.items():
            records = self._search(model)
            for name in names:
                acts = {
                    "search": lambda records=records, name=name: records.search([(name, ">", 0)]),
                    "sort": lambda records=records, name=name: records.search([], order=name),
                    "sum": lambda records=records, name=name: records._read_group(
                        [], [], [f"{name}:sum"]
                    ),
                    "export": lambda records=records, name=name: records.export_data([name]),
                }
                for act, run in acts.items():
                    with self.subTest(model=model, field=name, act=act):
                        self.assertRaises(AccessError, run)

    def test_no_screen_asks_for_one(self):
        for model, names in self.hidden.items():
            for kind in ("form", "list", "pivot", "graph"):
                view = self.env[model].with_user(self.reader).get_view(view_type=kind)
                for name in names:
                    with self.subTest(model=model, kind=kind, field=name):
                        self.assertNotIn(f'name="{name}"', view["arch"])


class ProvenanceCommon(VocabularyCommon):
    """Chains to append to, and an anchor file of the test's own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Event = cls.env["jewelry.provenance.event"]
        cls.Head = cls.env["jewelry.provenance.head"]
        cls.Check = cls.env["jewelry.provenance.check"]
        # The database may remember an anchor, which the test's own file cannot hold.
        cls.Check.search([]).unlink()
        cls.box = cls.env["product.product"].create({"name": "Box", "tracking": "serial"})

    def _migrate(self, change, reason):
        """Migrate events, which the log must tell."""
        with self.assertLogs("odoo.addons.jewelry_inventory", "WARNING"):
            return self.Event.migrate_events(change, reason)

    def setUp(self):
        super().setUp()
        folder = mkdtemp()
        self.addCleanup(rmtree, folder)
        self.anchor_path = Path(folder, "anchors.jsonl")
        self.key_path = Path(folder, "signing_key.pem")
        option = {
            "jewelry_anchor_file": str(self.anchor_path),
            "jewelry_signing_key_file": str(self.key_path),
        }
        self.startPatcher(patch.dict(config.options, option))

    # === FACTORIES === #

    @classmethod
    def _create_serials(cls, count=1, **values):
        """Return lots that are no pieces: nothing but the test writes into their chains."""
        start = cls.env["stock.lot"].search_count([])
        defaults = {"product_id": cls.box.id}
        return cls.env["stock.lot"].create(
            [{"name": f"S-{start + n:06}", **defaults, **values} for n in range(count)]
        )

    def _append(self, record, *kinds):
        """Append an event of each kind to the record's chain, each in a call of its own."""
        for kind in kinds:
            self.Event._append([(record, kind, {"by": "test"})])

    def _tamper(self, query, *params):
        """Do what the database's owner can: take the trigger off, change events, put it back."""
        self.env.cr.execute("ALTER TABLE jewelry_provenance_event DISABLE TRIGGER USER")
        self.env.cr.execute(query, params)
        self.env.cr.execute("ALTER TABLE jewelry_provenance_event ENABLE TRIGGER USER")
        self.env.invalidate_all()

    # === READERS === #

    def _get_chain(self, record):
        return self.Event.search([("chain_uuid", "=", record.chain_uuid)], order="seq")

    def _get_rows(self, record):
        """Return the chain as the verifier reads it."""
        batches = self.Event._fetch_events([record.chain_uuid])
        return [Event._make(row) for rows in batches for row in rows]

    def _assert_fault(self, record, seq, reason, **options):
        """Verify everything and expect exactly this to be wrong."""
        faults = self.Event.verify_chains(**options).faults
        self.assertEqual(faults, ((record.chain_uuid, seq, reason),))


class TransformationCommon(JewelryCommon, VocabularyCommon):
    """A bench: mounts, loose stones, and the accounts that work passes through."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stone_style = cls._create_style(name="Diamond", jewelry_kind="stone")
        cls.parcel_style = cls._create_style(name="Melee", jewelry_kind="parcel")
        cls.wip = cls._create_account("Jewelry in progress", "110900", "asset_current")
        cls.labour = cls._create_account("Bench wages", "600910", "expense")
        cls.losses = cls._create_account("Material losses", "600911", "expense")
        cls.company.write(
            {
                "transformation_wip_account_id": cls.wip.id,
                "transformation_cost_account_id": cls.labour.id,
                "transformation_loss_account_id": cls.losses.id,
            }
        )
        cls.work = cls.company._get_transformation_place()

    # === ASSERTIONS === #

    def _assert_balanced(self, transformation):
        """Assert that a done transformation left nothing in the account of the work place, and
        that the value that went in, and was added, came out or was lost.
        """
        self.assertAlmostEqual(self._ledger(self.wip), 0)
        lines = transformation.line_ids
        gained, lost = (sum(lines._get(way).mapped("value")) for way in ("gain", "loss"))
        added = sum(transformation.cost_ids.mapped("amount")) + gained - lost
        self.assertAlmostEqual(
            sum(lines._get("in").mapped("value")) + added,
            sum(lines._get("out").mapped("value")),
        )

    # === FACTORIES === #

    @classmethod
    def _create_account(cls, name, code, account_type):
        return cls.env["account.account"].create(
            {
                "name": name,
                "code": code,
                "account_type": account_type,
                "company_ids": cls.company.ids,
            }
        )

    @classmethod
    def _stock_mount(cls, cost=500.0, gross=5.0, alloy=None, owner=None, **values):
        """Return a piece of one alloy without stones, in stock."""
        mount = cls._create_piece(values.pop("style", None), cost, gross_weight=gross, **values)
        if gross:
            mount._set_metals({alloy or cls.gold_18k: gross})
        cls._move(mount, cls.supplier_location, cls.stock_location, owner=owner)
        return mount

    @classmethod
    def _stock_stone(cls, cost=1000.0, place=None, owner=None, **values):
        """Return a loose stone, in stock under its own serial number."""
        lot = cls._create_piece(values.pop("style", cls.stone_style), cost)
        stone = cls._create_stone(
            holder_id=lot.id, home_lot_id=lot.id, product_id=lot.product_id.id, **values
        )
        cls._move(lot, cls.supplier_location, place or cls.stock_location, owner=owner)
        return stone

    @classmethod
    def _stock_parcel(cls, carat=5.0, count=100, cost=1000.0, name=None, **values):
        """Return a parcel in stock that cost this much as a whole, of a natural diamond melee."""
        parcel = cls.env["stock.lot"].create(
            {
                "product_id": (values.pop("style", None) or cls.parcel_style).id,
                "company_id": cls.company.id,
                "name": name or f"PC-{cls.env['stock.lot'].search_count([])}",
            }
        )
        cls._create_stone(holder_id=parcel.id, carat=carat, count=count, **values)
        cls._move_parcel(parcel, carat, cls.supplier_location, cls.stock_location, value=cost)
        return parcel

    @classmethod
    def _move_parcel(cls, parcel, carat, source, dest, count=0, value=0.0):
        """Move carats of a parcel; a receipt has the value of all of them."""
        line = {
            "lot_id": parcel.id,
            "quantity": carat,
            "stone_count": count,
            "product_id": parcel.product_id.id,
            "location_id": source.id,
            "location_dest_id": dest.id,
        }
        move = cls.env["stock.move"].create(
            {
                "product_id": parcel.product_id.id,
                "product_uom_qty": carat,
                "location_id": source.id,
                "location_dest_id": dest.id,
                "move_line_ids": [Command.create(line)],
                "picked": True,
            }
        )
        move._action_done()
        if value:
            move.value_manual = value
        return move

    @classmethod
    def _create_metal_style(cls, alloy=None, **values):
        alloy = alloy or cls.gold_18k
        defaults = {"name": alloy.name, "jewelry_kind": "metal", "alloy_id": alloy.id}
        return cls._create_style(**defaults | values)

    @classmethod
    def _stock_metal(cls, grams=10.0, cost=600.0, alloy=None, owner=None, **values):
        """Return a lot of metal in stock that cost this much as a whole; 18K gold by default."""
        alloy = alloy or cls.gold_18k
        style = values.pop("style", None) or cls._create_metal_style(alloy)
        lot = cls.env["stock.lot"].create(
            {"product_id": style.id, "company_id": cls.company.id} | values
        )
        lot._move_bulk(cls.supplier_location, cls.stock_location, grams, owner=owner, cost=cost)
        return lot

    @classmethod
    def _prepare_line(cls, direction, lot=None, **values):
        values = {"direction": direction, "lot_id": lot.id if lot else False} | values
        if "stones" in values:
            values["stone_ids"] = [Command.set(values.pop("stones").ids)]
        return Command.create(values)

    @classmethod
    def _create_transformation(cls, kind, *lines, costs=(), **values):
        """Return a draft; lines as of `_prepare_line`, costs as amounts."""
        return cls.env["jewelry.transformation"].create(
            {
                "kind": kind,
                "company_id": cls.company.id,
                "line_ids": list(lines),
                "cost_ids": [Command.create({"name": "Work", "amount": cost}) for cost in costs],
            }
            | values
        )

    @classmethod
    def _prepare_setting(cls, mount, stones, *lines, **values):
        """Return the draft that sets loose stones in a mount."""
        loose = [cls._prepare_line("in", stone.home_lot_id) for stone in stones]
        out = {"gross_weight": values.pop("weighed", 0.0)}
        return cls._create_transformation(
            "set",
            cls._prepare_line("in", mount),
            *loose,
            cls._prepare_line("out", mount, **out),
            *lines,
            **values,
        )

    @classmethod
    def _prepare_unsetting(cls, mount, stones, *lines, **values):
        """Return the draft that takes stones out of a mount, each to its own number."""
        loose = [
            cls._prepare_line("out", stone.home_lot_id, stones=stone, product_id=cls.stone_style.id)
            for stone in stones
        ]
        out = {"gross_weight": values.pop("weighed", 0.0)}
        return cls._create_transformation(
            "unset",
            cls._prepare_line("in", mount),
            cls._prepare_line("out", mount, **out),
            *loose,
            *lines,
            **values,
        )

    @classmethod
    def _set_stones(cls, mount, stones, *lines, **values):
        """Set loose stones in a mount and return the done transformation."""
        setting = cls._prepare_setting(mount, stones, *lines, **values)
        setting.action_done()
        return setting

    @classmethod
    def _unset_stones(cls, mount, stones, *lines, **values):
        unsetting = cls._prepare_unsetting(mount, stones, *lines, **values)
        unsetting.action_done()
        return unsetting


class RaceCase(BaseCase):
    """Transactions that run at once and commit. What they leave must be cleaned up, unless they
    run on a copy of the database.
    """

    database = None

    def setUp(self):
        super().setUp()
        self.registry = Registry(self.database or get_db_name())
        # The main thread locks registries as long as tests run; racers need one too.
        self.startPatcher(patch.object(Registry, "_lock", DummyRLock()))
        folder = mkdtemp()
        self.addCleanup(rmtree, folder)
        option = {
            "jewelry_anchor_file": str(Path(folder, "anchors.jsonl")),
            "jewelry_signing_key_file": str(Path(folder, "signing_key.pem")),
        }
        self.startPatcher(patch.dict(config.options, option))
        self.chains = []
        with self._commit() as env:
            self.last_check = env["jewelry.provenance.check"].search([], limit=1).id or 0
        self.addCleanup(self._clean)

    @contextmanager
    def _commit(self):
        """Give the block a transaction of its own as superuser and commit it."""
        with self.registry.cursor() as cursor:
            yield api.Environment(cursor, SUPERUSER_ID, {"tracking_disable": True})

    def _clean(self):
        """Forget the events that the test wrote about its ``chains``."""
        with mute_logger("odoo.addons.jewelry_inventory"), self._commit() as env:
            env["jewelry.provenance.event"].migrate_events(self._drop_chains, "test")
            env["jewelry.provenance.check"].search([("id", ">", self.last_check)]).unlink()

    def _drop_chains(self, cr):
        for table in ("jewelry_provenance_event", "jewelry_provenance_head"):
            cr.execute(f"DELETE FROM {table} WHERE chain_uuid = ANY(%s)", [self.chains])

    def _race(self, *works):
        """Run `works`, each in a thread and a transaction that began before any of them wrote.

        :param works: callables that take an environment
        :return: for each, why it was refused, or None where it committed
        :raises Exception: what one of them died of, but for refusals
        """
        start = Barrier(len(works))
        with (
            mute_logger("odoo.sql_db", "odoo.service.model"),
            ThreadPoolExecutor(len(works)) as pool,
        ):
            runs = [pool.submit(self._run, work, start) for work in works]
        return [run.result() for run in runs]

    def _run(self, work, start):
        tries = []

        def attempt():
            env.cr.execute("SELECT 1")
            if not tries:
                tries.append(start.wait())
            work(env)

        try:
            with self._commit() as env:
                retrying(attempt, env)
        except UserError as refusal:
            return str(refusal)
        return None
