from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common import VocabularyCommon
from .test_vocabulary import VOCABULARY

ACTIONS = [
    "jewelry_alloy_action",
    "jewelry_gem_species_action",
    "jewelry_gem_variety_action",
    "jewelry_grade_action",
    "jewelry_grading_report_action",
    "jewelry_laboratory_action",
    "jewelry_metal_action",
    "jewelry_metal_rate_action",
    "jewelry_shape_action",
    "jewelry_stone_action",
    "jewelry_treatment_action",
]
STAFF = ("associate", "keeper", "manager")


@tagged("post_install", "-at_install")
class TestVocabularyViews(VocabularyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {role: cls._create_user(role) for role in STAFF}

    def _get_views(self, action, role):
        """Return the views that an action opens for a role, by kind."""
        model = self.env[action.res_model].with_user(self.users[role])
        kinds = [(False, kind) for kind in action.view_mode.split(",")]
        return model.get_views([*kinds, (False, "search")])["views"]

    def test_every_screen_opens_for_all_staff(self):
        for name in ACTIONS:
            action = self._ref(name)
            for role in STAFF:
                with self.subTest(action=name, role=role):
                    views = self._get_views(action, role)
                    self.assertLessEqual({"list", "form", "search"}, set(views))

    def test_every_list_reads_what_it_shows(self):
        for name in ACTIONS:
            action = self._ref(name)
            arch = etree.fromstring(self._get_views(action, "associate")["list"]["arch"])
            names = [node.get("name") for node in arch.iterfind("./field")]
            records = self.env[action.res_model].with_user(self.users["associate"]).search([])
            with self.subTest(action=name):
                rows = records[:5].web_read({field: {} for field in names})
                self.assertEqual(len(rows), len(records[:5]))

    def test_every_empty_screen_says_what_to_do(self):
        for name in ACTIONS:
            with self.subTest(action=name):
                self.assertIn("o_view_nocontent_smiling_face", self._ref(name).help)

    def test_every_screen_is_in_the_menu_of_the_staff(self):
        visible = self.env["ir.ui.menu"].with_user(self.users["manager"])._visible_menu_ids()
        for name in ACTIONS:
            menu = self._ref(name.replace("_action", "_menu"))
            with self.subTest(action=name):
                self.assertIn(menu.id, visible)
                self.assertEqual(menu.action, self._ref(name))

    def test_an_outsider_does_not_see_the_app(self):
        outsider = self._create_user("employee")
        visible = self.env["ir.ui.menu"].with_user(outsider)._visible_menu_ids()
        self.assertNotIn(self._ref("jewelry_menu_root").id, visible)

    def test_only_a_manager_is_offered_the_import_of_rates(self):
        action = self._ref("jewelry_metal_rate_action")
        for role, offered in (("associate", False), ("keeper", False), ("manager", True)):
            arch = self._get_views(action, role)["list"]["arch"]
            self.assertEqual("Import a File" in arch, offered, role)

    def test_a_manager_names_a_new_word_in_each_vocabulary(self):
        needed = {
            "jewelry.alloy": {"metal_id": self.gold, "fineness": 585},
            "jewelry.gem.variety": {"species_id": self._ref("species_beryl")},
            "jewelry.grade": {"scale": "clarity"},
        }
        for model in VOCABULARY:
            with self.subTest(model=model):
                with Form(self.env[model].with_user(self.users["manager"])) as form:
                    form.name = "New Word"
                    form.code = "new-word"
                    for field, value in needed.get(model, {}).items():
                        form[field] = value
                self.assertEqual(form.record.display_name, "New Word")

    def test_an_associate_cannot_change_a_word(self):
        for model in VOCABULARY:
            word = self.env[model].with_user(self.users["associate"]).search([], limit=1)
            with self.subTest(model=model), self._refused("", AccessError):
                word.name = "Mine"


@tagged("post_install", "-at_install")
class TestStoneForms(VocabularyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.keeper = cls._create_user("keeper")
        cls.associate = cls._create_user("associate")
        cls.home = cls._create_lot("stone")

    def _open(self, user):
        form = Form(self.env["jewelry.stone"].with_user(user))
        form.species_id = self._ref("species_diamond")
        form.origin = "natural"
        form.shape_id = self._ref("shape_round")
        form.carat = 1.05
        form.holder_id = self.home
        return form

    def test_a_keeper_enters_a_loose_stone(self):
        stone = self._open(self.keeper).save()
        self.assertEqual((stone.home_lot_id, stone.state), (self.home, "loose"))
        self.assertEqual(stone.product_id, self.home.product_id)
        self.assertEqual(stone.display_name, "1.05 ct Round Diamond")

    def test_a_keeper_enters_a_report_on_the_form_of_the_stone(self):
        form = self._open(self.keeper)
        with form.report_ids.new() as report:
            report.laboratory_id = self._ref("laboratory_gia")
            report.number = "2141 438 171"
        stone = form.save()
        self.assertEqual(stone.report_ids.display_name, "GIA 2141438171")
        self.assertTrue(stone.report_ids.is_current)

    def test_a_stone_does_not_change_place_on_its_form(self):
        stone = self._open(self.keeper).save()
        with self.assertRaisesRegex(AssertionError, "readonly"), Form(stone) as form:
            form.holder_id = self._create_lot()

    def test_an_associate_cannot_enter_a_stone(self):
        with self._refused("", AccessError):
            self._open(self.associate).save()

    def test_a_form_shows_the_estimate_while_measurements_are_typed(self):
        form = self._open(self.keeper)
        form.length, form.width, form.depth = 6.11, 6.05, 3.63
        self.assertAlmostEqual(form.estimate_carat, 0.8185, places=3)
        self.assertEqual(form.estimate_basis, "measured")
        form.depth = 0
        self.assertFalse(form.estimate_carat)
