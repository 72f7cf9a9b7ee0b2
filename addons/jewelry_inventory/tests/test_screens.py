from lxml import etree

from odoo import Command
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools.safe_eval import datetime, safe_eval, time

from .common import ROLES, TransformationCommon

STAFF = ("associate", "keeper", "manager", "owner")
X2MANY = ("one2many", "many2many")
GROUPED = ("kanban", "list")


# Who shows pieces opens cases.
ASSOCIATE_DIALOGS = {("associate", "jewelry.case.open")}
# Dialogs over documents that their rooms make, whose own tests open them.
DIALOGS_OF_ROOMS = ("jewelry.deposit.", "jewelry.layaway.", "jewelry.rfid.")


class ScreenCommon(TransformationCommon):
    """A store with a record behind every screen, and its people."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mount = cls._stock_mount(list_price=1500.0, former_number="OLD-1")
        cls.stone = cls._stock_stone(owner=None)
        cls._set_stones(cls.mount, cls.stone, costs=[20.0])
        cls.parcel = cls._stock_parcel()
        cls.metal = cls._stock_metal()
        cls._create_report(stone_id=cls.stone.id)
        cls._create_rate(company_id=cls.company.id)
        cls._price_pieces()
        cls.env["jewelry.import"].create({"filename": "pieces.csv", "file": b"bnVtYmVyClItMQo="})
        labels = cls.env["jewelry.label"]
        labels._print(cls.mount, labels._get_last_options(), 1, False)
        cls.users = {role: cls._create_user(role) for role in ROLES}
        cls.users["owner"] = cls._create_user("manager", "base.group_system")

    @classmethod
    def _price_pieces(cls):
        policy = cls.env["jewelry.price.policy"].create(
            {"name": "Rings", "tier_ids": [Command.create({"start": 0, "multiplier": 2})]}
        )
        cls.category.jewelry_price_policy_id = policy
        run = cls.env["jewelry.price.run"].create({"company_id": cls.company.id})
        run.action_preview()

    # === READERS === #

    @classmethod
    def _get_our_actions(cls):
        """Return every window of the modules of ours that are installed."""
        data = cls.env["ir.model.data"].search(
            [("model", "=", "ir.actions.act_window"), ("module", "=like", "jewelry%")]
        )
        return cls.env["ir.actions.act_window"].browse(data.mapped("res_id"))

    def _get_menus(self, role):
        """Return the menus of ours that a role sees."""
        visible = self.env["ir.ui.menu"].with_user(self.users[role])._visible_menu_ids()
        data = self.env["ir.model.data"].search(
            [("model", "=", "ir.ui.menu"), ("module", "=like", "jewelry%")]
        )
        return (
            self.env["ir.ui.menu"]
            .browse(data.mapped("res_id"))
            .filtered(lambda menu: menu.id in visible and menu.action)
        )


def today():
    """Stand in for the client's `context_today`."""
    return datetime.date.today()


class Screen:
    """One window as one user gets it: its views, and what the client asks the server for."""

    def __init__(self, action, user, active=None):
        """Open the window `action` as `user`, over the records `active`."""
        self.user = user
        self.active = active
        self.context = self.evaluate(action.context or "{}")
        company = {"allowed_company_ids": user.company_id.ids}
        model = action.env[action.res_model].with_user(user)
        self.model = model.with_context(**self.context | company | self._get_active())
        self.domain = Domain(self.evaluate(action.domain or "[]"))
        views = [list(view) for view in action.views]
        views.append([action.search_view_id.id, "search"])
        self.answer = self.model.get_views(views)
        self.arch = {
            kind: etree.fromstring(view["arch"]) for kind, view in self.answer["views"].items()
        }

    def evaluate(self, text, values=None):
        """Return the value of a domain or context, as the web client finds it."""
        names = {"uid": self.user.id, "time": time, "datetime": datetime, "context_today": today}
        names |= {"allowed_company_ids": self.user.company_id.ids, "context": {}}
        names |= self._get_active() | (values or {})
        return safe_eval(text, names) if isinstance(text, str) else text

    def _get_active(self):
        if not self.active:
            return {}
        return {
            "active_id": self.active[0].id,
            "active_ids": self.active.ids,
            "active_model": self.active._name,
        }

    # === WHAT VIEWS ASK FOR === #

    def get_spec(self, arch, model=None):
        """Return the specification of `web_read` that the client makes of a view."""
        fields = self.answer["models"][model or self.model._name]["fields"]
        spec = {}
        for node in arch.iter("field"):
            if self._is_nested(node, arch):
                continue
            field = fields[node.get("name")]
            spec[node.get("name")] = self._get_field_spec(node, field)
        return spec

    def _is_nested(self, node, arch):
        """Tell whether a field belongs to the view of another one."""
        return any(parent.tag == "field" for parent in self._get_parents(node, arch))

    def _get_parents(self, node, arch):
        for parent in node.iterancestors():
            if parent is arch:
                return
            yield parent

    def _get_field_spec(self, node, field):
        if field["type"] == "many2one":
            return {"fields": {"display_name": {}}}
        if field["type"] not in X2MANY:
            return {}
        fields = {"display_name": {}} if field["type"] == "many2many" else {}
        for view in node:
            if view.tag in ("list", "kanban", "form"):
                fields |= self.get_spec(view, field["relation"])
        return {"fields": fields}

    def read_view(self, kind):
        """Read what a view of records shows, first page."""
        spec = self.get_spec(self.arch[kind])
        if kind == "form":
            return self.model.search(self.domain, limit=3).web_read(spec)
        order = self.arch[kind].get("default_order")
        return self.model.web_search_read(self.domain, spec, limit=40, order=order)["records"]

    def analyse(self, kind):
        """Add up what a pivot or graph shows."""
        groups, measures = [], ["__count"]
        for node in self.arch[kind].iter("field"):
            name = node.get("name")
            if node.get("type") == "measure":
                measures.append(f"{name}:sum")
            elif node.get("invisible") != "1":
                interval = node.get("interval")
                groups.append(f"{name}:{interval}" if interval else self._get_grouping(name))
        return self.model.formatted_read_group(self.domain, groups, measures)

    def open_new(self):
        """Ask for the defaults of a new record, as the client does."""
        return self.model.onchange({}, [], self.get_spec(self.arch["form"]))

    # === SEARCH === #

    def get_filters(self):
        """Return {name: node} of the filters of the search view."""
        return {node.get("name"): node for node in self.arch["search"].iter("filter")}

    def apply(self, node):
        """Use a filter of the search view: search by it, or group by it."""
        if domain := node.get("domain"):
            found = self.domain & Domain(self.evaluate(domain))
            return self.model.search(found, limit=3)
        if group := self.evaluate(node.get("context") or "{}").get("group_by"):
            names = group if isinstance(group, list) else [group]
            groups = [self._get_grouping(name) for name in names]
            kind = next((kind for kind in GROUPED if kind in self.arch), None)
            spec = self.get_spec(self.arch[kind]) if kind else {}
            return self.model.web_read_group(
                self.domain,
                groups,
                self._get_sums(kind),
                auto_unfold=True,
                unfold_read_specification=spec,
            )
        return self.model.search(self._get_date_domain(node), limit=3)

    def _get_grouping(self, name):
        """Return what the client groups by: dates go by the month unless told otherwise."""
        dated = ":" not in name and self.model._fields[name].type in ("date", "datetime")
        return f"{name}:month" if dated else name

    def _get_sums(self, kind):
        """Return the totals that a list shows below a group."""
        nodes = self.arch[kind].iterfind("./field") if kind == "list" else ()
        return [f"{node.get('name')}:sum" for node in nodes if node.get("sum")]

    def _get_date_domain(self, node):
        return self.domain & Domain(node.get("date"), ">=", "2026-01-01")

    def search_field(self, node, term="1"):
        """Type a word into the search bar and choose one of its fields."""
        name = node.get("name")
        field = self.model._fields[name]
        if domain := node.get("filter_domain"):
            return self.model.search(
                self.domain & Domain(self.evaluate(domain, {"self": term})), limit=3
            )
        if field.relational:
            return self.model.env[field.comodel_name].name_search(term, limit=3)
        if field.type in ("char", "text", "html"):
            return self.model.search(self.domain & Domain(name, "ilike", term), limit=3)
        return self.model.search(self.domain & Domain(name, "=", False), limit=3)

    def read_panel(self, node):
        """Ask for a section of the search panel and search by its first value."""
        multi = node.get("select") == "multi"
        read = "search_panel_select_multi_range" if multi else "search_panel_select_range"
        options = {"search_domain": list(self.domain), "limit": 200}
        options |= {"enable_counters": node.get("enable_counters") == "1"}
        values = getattr(self.model, read)(node.get("name"), **options)["values"]
        operator = "in" if multi else "child_of"
        for value in values[:1]:
            chosen = [value["id"]] if multi else value["id"]
            if not multi and self.model._fields[node.get("name")].type != "many2one":
                operator = "="
            self.model.search(self.domain & Domain(node.get("name"), operator, chosen), limit=1)
        return values


@tagged("post_install", "-at_install")
class TestScreens(ScreenCommon):
    """Every menu of ours, as everybody who sees it: nothing on it breaks or is refused."""

    def _walk(self, visit):
        """Call `visit` with each screen of each role, each as a case of its own."""
        count = 0
        for role in STAFF:
            for menu in self._get_menus(role):
                if menu.action._name != "ir.actions.act_window":
                    continue
                with self.subTest(role=role, menu=menu.complete_name):
                    self.env.invalidate_all()
                    visit(Screen(menu.action, self.users[role]))
                    count += 1
        self.assertGreater(count, 75)

    def test_each_view_reads_what_it_shows(self):
        def visit(screen):
            for kind in set(screen.arch) & {"list", "kanban", "form"}:
                screen.read_view(kind)
            for kind in set(screen.arch) & {"pivot", "graph"}:
                screen.analyse(kind)

        self._walk(visit)

    def test_each_screen_of_goods_shows_some(self):
        for name in ("pieces", "stones", "parcels", "metals"):
            action = self.env.ref(f"jewelry_inventory.stock_lot_action_{name}")
            shown = {"pieces": self.mount, "parcels": self.parcel, "metals": self.metal}.get(name)
            for role in STAFF:
                screen = Screen(action, self.users[role])
                with self.subTest(role=role, screen=name):
                    if shown:
                        rows = screen.read_view("list")
                        self.assertIn(shown.id, [row["id"] for row in rows])

    def test_each_filter_and_group_of_each_search_runs(self):
        def visit(screen):
            for node in screen.get_filters().values():
                screen.apply(node)

        self._walk(visit)

    def test_a_word_may_be_looked_for_in_each_field_of_each_search(self):
        def visit(screen):
            for node in screen.arch["search"].iterfind("./field"):
                for term in ("1", "é'%_"):
                    screen.search_field(node, term)

        self._walk(visit)

    def test_each_section_of_a_search_panel_has_values(self):
        seen = set()

        def visit(screen):
            for node in screen.arch["search"].iterfind("./searchpanel/field"):
                screen.read_panel(node)
                seen.add((screen.model._name, node.get("name")))

        self._walk(visit)
        self.assertLessEqual({("stock.lot", "location_id"), ("jewelry.stone", "origin")}, seen)

    def test_what_a_screen_begins_with_is_in_its_search(self):
        def visit(screen):
            names = {*screen.get_filters(), *screen.model._fields}
            begins = [key.partition("search_default_")[2] for key in screen.context]
            self.assertLessEqual(set(filter(None, begins)), names)

        self._walk(visit)

    def test_who_may_create_gets_a_new_form_with_its_defaults(self):
        def visit(screen):
            if "form" in screen.arch and screen.model.has_access("create"):
                self.assertIn("value", screen.open_new())

        self._walk(visit)

    def test_who_may_write_may_choose_in_every_field(self):
        """A field's domain is evaluated with what the form holds, and searched."""

        def visit(screen):
            if "form" not in screen.arch or not screen.model.has_access("write"):
                return
            record = screen.model.search(screen.domain, limit=1)
            for node in screen.arch["form"].iter("field"):
                if not screen._is_nested(node, screen.arch["form"]) and record:
                    self._choose(record, node, screen)

        self._walk(visit)

    def _choose(self, record, node, screen):
        field = screen.answer["models"][record._name]["fields"][node.get("name")]
        domain = node.get("domain") or field.get("domain")
        if not domain or field["type"] not in ("many2one", "many2many"):
            return
        spec = screen.get_spec(screen.arch["form"])
        values = record.web_read(spec)[0]
        ids = {
            name: value["id"] if isinstance(value, dict) and "id" in value else value
            for name, value in values.items()
        }
        found = screen.evaluate(domain, ids | {"id": record.id})
        record.env[field["relation"]].name_search("", list(found), limit=3)

    def test_staff_see_the_app_and_nobody_else_does(self):
        root = self.env.ref("jewelry_inventory.jewelry_menu_root")
        for role, user in self.users.items():
            if role == "portal":
                continue
            visible = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
            with self.subTest(role=role):
                self.assertEqual(root.id in visible, role in STAFF)
        with self._refused("", AccessError):
            root.with_user(self.users["portal"]).read(["name"])

    def _get_model_name(self, action):
        """Return what an action of a menu is about, be it opened by the client or the server."""
        is_of_server = action._name == "ir.actions.server"
        return action.model_name if is_of_server else action.res_model

    def test_nobody_sees_a_menu_whose_records_are_refused(self):
        for role in ("associate", "keeper", "manager"):
            for menu in self._get_menus(role):
                model = self.env[self._get_model_name(menu.action)].with_user(self.users[role])
                with self.subTest(role=role, menu=menu.complete_name):
                    self.assertTrue(model.has_access("read"))


@tagged("post_install", "-at_install")
class TestWizardScreens(ScreenCommon):
    """Every window of ours that opens over a record."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.wizards = cls._get_our_actions().filtered(
            lambda action: (
                cls.env[action.res_model]._transient
                and action.res_model != "res.config.settings"
                and not action.res_model.startswith(DIALOGS_OF_ROOMS)
            )
        )
        values = {"reason": "correction", "new_cost": 1}
        cls.approval = cls.env["jewelry.approval"]._ask(
            "cost_change", cls.mount, "Test", {cls.mount.id: values}
        )

    def _open(self, action, role):
        record = self.parcel if "parcel" in action.res_model else self.mount
        if action.res_model == "jewelry.stone.unpair":
            record = self.stone
        if action.res_model == "jewelry.approval.refuse":
            record = self.approval
        return Screen(action, self.users[role], record).open_new()

    def test_a_manager_opens_each(self):
        self.assertGreater(len(self.wizards), 8)
        for action in self.wizards:
            with self.subTest(action=action.name):
                self.assertIn("value", self._open(action, "manager"))

    def test_a_keeper_opens_each_that_keepers_may_use(self):
        opened = 0
        for action in self.wizards:
            if self.env[action.res_model].with_user(self.users["keeper"]).has_access("create"):
                with self.subTest(action=action.name):
                    self.assertIn("value", self._open(action, "keeper"))
                    opened += 1
        self.assertGreater(opened, 6)

    def test_nobody_else_opens_or_makes_any(self):
        for action in self.wizards:
            if not action.res_model.startswith("jewelry."):
                continue
            for role in ("associate", "employee", "portal"):
                if (role, action.res_model) in ASSOCIATE_DIALOGS:
                    continue
                model = self.env[action.res_model].with_user(self.users[role])
                with self.subTest(action=action.name, role=role):
                    self.assertFalse(model.has_access("create"))
                    with self._refused("", AccessError):
                        model.create({})

    def test_each_is_offered_to_those_who_may_use_it_only(self):
        """Actions in the gear menu of a list, by the groups of the action."""
        for action in self.wizards.filtered("binding_model_id"):
            model = action.binding_model_id.model
            for role in ("associate", "keeper", "manager"):
                user = self.users[role]
                bindings = self.env["ir.actions.actions"].with_user(user).get_bindings(model)
                offered = action.id in [found["id"] for found in bindings.get("action", ())]
                may = self.env[action.res_model].with_user(user).has_access("create")
                with self.subTest(action=action.name, role=role):
                    self.assertEqual(offered, may)
