import base64
import io
import json
from unittest.mock import patch

import pypdfium2
import zxingcpp
from PIL import Image

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..tools.label import LabelData
from ..wizards import jewelry_label_print
from .common import ROLES, TransformationCommon

COST = 4321.25
OPTIONS = {"label_format": "pdf", "dpi": "300", "with_price": True}


def read_texts(content):
    """Return the text of each page of a PDF."""
    return [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(content)]


def read_codes(content, dpi=300, *, human=True):
    """Return what a barcode reader finds on the pages of a PDF: GS1 codes as people write them,
    or as a scanner sends them.
    """
    pages = [page.render(scale=4 * dpi / 72) for page in pypdfium2.PdfDocument(content)]
    mode = zxingcpp.TextMode.HRI if human else zxingcpp.TextMode.Plain
    found = [zxingcpp.read_barcodes(page.to_pil(), text_mode=mode) for page in pages]
    return [code.text for codes in found for code in codes]


class LabelCommon(TransformationCommon):
    """Pieces to label and somebody to do it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.keeper = cls._create_user("keeper")
        cls.manager = cls._create_user("manager")
        cls.associate = cls._create_user("associate")
        cls.piece = cls._create_piece(cost=COST, list_price=9000.0)
        cls.labels = cls.env["jewelry.label"]

    def _print(self, lots, copies=1, reason=None, user=None, **options):
        """Print labels as a keeper and return the file."""
        labels = self.labels.with_user(user or self.keeper)
        lots = lots.with_user(user or self.keeper)
        return labels._print(lots, OPTIONS | options, copies, reason)

    def _open(self, lots, user=None, **values):
        """Return the wizard as the button on `lots` opens it, filled with `values`."""
        action = lots.with_user(user or self.keeper).action_print_labels()
        printing = self.env[action["res_model"]].with_user(user or self.keeper)
        with Form(printing.browse(action["res_id"])) as form:
            for name, value in values.items():
                form[name] = value
        return form.record

    def _get_log(self, lots):
        """Return (lot, labels, is reprint, reason) of each row on these lots, the oldest first."""
        rows = self.labels.search([("lot_id", "in", lots.ids)], order="id")
        return [(row.lot_id, row.quantity, row.is_reprint, row.reason) for row in rows]


@tagged("post_install", "-at_install")
class TestLabelContent(LabelCommon):
    """What a label says."""

    def _get_label(self, lot=None, with_price=True):
        lot = (lot or self.piece).with_user(self.keeper)
        return lot._prepare_labels(with_price)[lot]

    def test_a_bare_piece_has_number_style_and_price(self):
        price = self.company.currency_id.format(9000.0)
        expected = LabelData(number=self.piece.name, style="Solitaire", price=price)
        self.assertEqual(self._get_label(), expected)

    def _set_cipher(self):
        self.company.write({"cost_cipher_word": "BLACKHORSE", "cost_cipher_repeat": "X"})

    def test_the_cost_is_on_a_label_in_letters_when_asked_for(self):
        self._set_cipher()
        self.piece.received_date = "2026-03-09"
        piece = self.piece.with_user(self.keeper)
        self.assertEqual(self._get_label().cost, "")
        self.assertEqual(piece._prepare_labels(with_cost=True)[piece].cost, "CALB 0326")

    def test_a_piece_without_a_cost_has_no_letters(self):
        self._set_cipher()
        piece = self._create_piece(cost=0).with_user(self.keeper)
        self.assertEqual(piece._prepare_labels(with_cost=True)[piece].cost, "")

    def test_without_a_cipher_no_cost_can_be_printed(self):
        with self.assertRaisesRegex(UserError, "has no cost cipher yet"):
            self.piece.with_user(self.keeper)._prepare_labels(with_cost=True)

    def test_nobody_prints_a_cost_that_is_hidden_from_him(self):
        self._set_cipher()
        self.keeper.group_ids += self.env.ref("jewelry_inventory.group_cost_hidden")
        with self.assertRaises(AccessError):
            self.piece.with_user(self.keeper)._prepare_labels(with_cost=True)
        self.assertEqual(self._get_label().cost, "")

    def test_the_cipher_is_for_managers_alone(self):
        self._set_cipher()
        self.assertTrue(self.company.with_user(self.manager).cost_cipher_word)
        for user in (self.keeper, self.associate):
            with self.assertRaises(AccessError):
                self.company.with_user(user).read(["cost_cipher_word"])

    def test_a_word_that_is_no_cipher_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "ten different capital letters"):
            self.company.cost_cipher_word = "RING"
        with self.assertRaisesRegex(ValidationError, "not in the word"):
            self.company.write({"cost_cipher_word": "BLACKHORSE", "cost_cipher_repeat": "B"})

    def test_a_style_with_a_gtin_has_it_on_a_gs1_barcode_that_finds_the_piece(self):
        self.piece.product_id.barcode = "9521234543213"
        self.assertEqual(self._get_label().gtin, "09521234543213")
        content = self._print(self.piece, code="gs1")
        (code,) = read_codes(content)
        self.assertEqual(code, f"(01)09521234543213(21){self.piece.name}")
        (symbols,) = read_codes(content, human=False)
        self.assertEqual(self.env["stock.lot"]._get_piece_by_scan(symbols), self.piece)

    def test_a_barcode_that_is_no_gtin_makes_no_gs1_barcode(self):
        for barcode in (False, "RING-1", "9521234543210"):
            self.piece.product_id.barcode = barcode
            self.assertEqual(self._get_label().gtin, "")
        with self.assertRaisesRegex(UserError, "has no GTIN"):
            self._print(self.piece, code="gs1")

    def test_a_room_adds_the_commands_for_the_chip_of_a_label(self):
        with patch.object(
            type(self.env["stock.lot"]), "_get_label_rf_block", lambda lot: f"^RF{lot.name}"
        ):
            self.assertEqual(self._get_label().rf_block, f"^RF{self.piece.name}")
            zpl = self._print(self.piece, label_format="zpl").decode()
        self.assertIn(f"\n^RF{self.piece.name}\n^XZ", zpl)

    def test_the_price_can_be_left_out(self):
        self.assertEqual(self._get_label(with_price=False).price, "")

    def test_a_piece_without_a_price_of_its_own_has_its_styles(self):
        self.piece.list_price = 0
        self.assertIn("1,000.00", self._get_label().price)

    def test_a_piece_without_any_price_says_none(self):
        self.piece.list_price = self.style.list_price = 0
        self.assertEqual(self._get_label().price, "")

    def test_the_price_is_in_the_currency_of_the_company(self):
        self.company.currency_id = self.env.ref("base.JPY")
        self.assertEqual(self._get_label().price.replace("\xa0", ""), "¥9,000")

    def test_a_currency_whose_sign_no_label_has_is_written_by_its_code(self):
        self.company.currency_id = self.env.ref("base.AED")
        self.company.currency_id.symbol = "د.إ"
        self.assertEqual(self._get_label().price, "AED 9,000.00")

    def test_alloys_come_with_the_weight_on_the_scale(self):
        self.piece.gross_weight = 4.216
        self.piece._set_metals({self.gold_18k: 3.0, self._ref("alloy_platinum_950"): 1.0})
        metal = self._get_label().metal
        self.assertEqual(metal, f"4.22 g {self.gold_18k.name} / {self._get_platinum()}")

    def _get_platinum(self):
        return self._ref("alloy_platinum_950").name

    def test_a_piece_that_was_not_weighed_has_the_weight_of_its_metal(self):
        self.piece._set_metals({self.gold_18k: 3.0})
        self.assertEqual(self._get_label().metal, f"3.00 g {self.gold_18k.name}")

    def test_the_main_stone_has_its_grades_and_the_others_are_added_up(self):
        self._create_stone(holder_id=self.piece.id, carat=1.02)
        for carat in (0.2, 0.16):
            self._create_stone(holder_id=self.piece.id, carat=carat, count=6)
        label = self._get_label()
        self.assertEqual(label.stones[0], "1.02 ct Diamond E VS1 Round")
        self.assertEqual(label.notes, ("+ 0.36 ct (12)",))

    def test_stones_of_another_kind_are_named(self):
        self._create_stone(holder_id=self.piece.id, carat=1.02)
        self._create_stone(holder_id=self.piece.id, carat=0.2, count=8, origin="lab_grown")
        self.assertEqual(self._get_label().notes, ("+ 0.20 ct (8) Lab-grown Diamond",))

    def test_grown_and_treated_is_said_however_little_room_there_is(self):
        self._create_stone(
            holder_id=self.piece.id,
            carat=1.02,
            origin="lab_grown",
            treatment_ids=(self._ref("treatment_hp") + self._ref("treatment_n")).ids,
        )
        stones = self._get_label().stones
        self.assertEqual(stones[0], "1.02 ct Lab-grown Diamond (Heat and pressure) E VS1 Round")
        self.assertEqual(stones[-1], "1.02 ct Lab-grown Diamond (HP)")

    def test_treated_stones_are_no_more_of_the_main_ones_kind(self):
        self._create_stone(holder_id=self.piece.id, carat=1.02)
        heated = self._ref("treatment_h").ids
        self._create_stone(holder_id=self.piece.id, carat=0.2, count=4, treatment_ids=heated)
        self.assertEqual(self._get_label().notes, ("+ 0.20 ct (4) Diamond (H)",))

    def test_words_that_no_label_can_have_are_said_in_english(self):
        self.env["res.lang"]._activate_lang("ja_JP")
        self._ref("species_diamond").with_context(lang="ja_JP").name = "ダイヤモンド"
        self._create_stone(holder_id=self.piece.id, carat=1.02)
        self._create_stone(holder_id=self.piece.id, carat=0.2, origin="lab_grown")
        label = self._get_label(self.piece.with_context(lang="ja_JP"))
        self.assertEqual(label.stones[0], "1.02 ct Diamond E VS1 Round")
        self.assertEqual(label.notes, ("+ 0.20 ct (1) Lab-grown Diamond",))

    def test_a_label_without_room_for_what_the_stones_are_is_not_printed(self):
        self.piece._set_metals({self.gold_18k: 3.0})
        for code in ("sapphire", "emerald", "ruby"):
            self._ref("species_diamond").copy({"code": code, "name": code * 12})
        self._create_stone(holder_id=self.piece.id, carat=1.02)
        for code in ("sapphire", "emerald", "ruby"):
            species = self.env["jewelry.gem.species"].search([("name", "=", code * 12)])
            self._create_stone(holder_id=self.piece.id, carat=0.2, species_id=species.id)
        with self._refused(f"no room .* {self.piece.name}", UserError):
            self._print(self.piece)
        self.assertFalse(self._get_log(self.piece))
        self.assertIn("no room", self._open(self.piece).problem)

    def test_a_ring_has_its_size(self):
        self.piece.ring_circumference = 54.0
        notes = self._get_label().notes
        self.assertRegex(notes[0], r"^EU 54 · US .*6")
        self.assertEqual(notes[-1], "")

    def test_a_loose_stone_has_its_report(self):
        stone = self._stock_stone()
        self._create_report(stone_id=stone.id, number="2141438171")
        label = self._get_label(stone.home_lot_id)
        self.assertEqual(label.notes, ("GIA 2141438171", ""))
        self.assertEqual(label.stones[0], "0.52 ct Diamond E VS1 Round")
        self.assertEqual(label.metal, "")

    def test_a_parcel_has_carats_count_and_a_price_per_carat(self):
        self.parcel_style.list_price = 450
        parcel = self._stock_parcel(carat=12.35, count=245, name="PC-77")
        label = self._get_label(parcel)
        self.assertEqual(label.number, "PC-77")
        self.assertTrue(label.stones[0].startswith("12.35 ct (245) Diamond"), label.stones)
        unit = self.parcel_style.uom_id.name
        self.assertEqual(label.price, f"{self.company.currency_id.format(450)}/{unit}")

    def test_no_label_has_a_cost(self):
        self.piece.write({"gross_weight": 5, "ring_circumference": 50})
        self._create_stone(holder_id=self.piece.id)
        self.piece.list_price = self.style.list_price = 0
        for with_price in (True, False):
            text = str(self._get_label(with_price=with_price))
            self.assertNotIn("4321", text.replace(",", ""))

    def test_labels_of_many_pieces_cost_no_more_queries_than_of_two(self):
        def count(pieces):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            pieces._prepare_labels()
            return self.env.cr.sql_log_count - before

        pieces = self.env["stock.lot"].union(*(self._stock_mount() for _number in range(12)))
        for piece in pieces:
            self._create_stone(holder_id=piece.id)
        count(pieces)
        self.assertLessEqual(count(pieces), count(pieces[:2]) + 1)


@tagged("post_install", "-at_install")
class TestLabelLog(LabelCommon):
    """Each print is written down, for two labels can be swapped."""

    def test_the_first_label_is_no_reprint_and_needs_no_reason(self):
        content = self._print(self.piece)
        self.assertEqual(read_codes(content), [self.piece.name])
        self.assertNotIn("\nR", read_texts(content)[0].replace("\r", ""))
        self.assertEqual(self._get_log(self.piece), [(self.piece, 1, False, False)])

    def test_the_log_says_who_when_and_how(self):
        self._print(self.piece, label_format="zpl", dpi="203", with_price=False)
        row = self.labels.search([("lot_id", "=", self.piece.id)])
        self.assertEqual(row.create_uid, self.keeper)
        self.assertEqual(row.create_date, self.env.cr.now())
        self.assertEqual((row.label_format, row.dpi, row.with_price), ("zpl", "203", False))
        self.assertEqual(row.company_id, self.company)

    def test_a_reprint_asks_for_a_reason_and_is_marked(self):
        self._print(self.piece)
        for reason in (None, "", "  "):
            with self.assertRaisesRegex(UserError, f"{self.piece.name}"):
                self._print(self.piece, reason=reason)
        content = self._print(self.piece, reason=" Torn ")
        self.assertIn("R", read_texts(content)[0].splitlines())
        self.assertEqual(self._get_log(self.piece)[1:], [(self.piece, 1, True, "Torn")])

    def test_a_refused_print_is_not_written_down(self):
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self._print(self.piece, copies=2)
        long = self._create_piece(name="A" * 30)
        with self.assertRaisesRegex(UserError, "too long.*300 dpi"), self.env.cr.savepoint():
            self._print(self.piece + long)
        self.assertFalse(self._get_log(self.piece + long))

    def test_a_number_of_foreign_letters_is_named(self):
        with self.assertRaisesRegex(UserError, "Ж-1 cannot be a barcode"):
            self._print(self._create_piece(name="Ж-1"))

    def test_labels_after_the_first_of_one_print_are_reprints_too(self):
        content = self._print(self.piece, copies=3, reason="Box and pouch")
        marked = ["R" in text.splitlines() for text in read_texts(content)]
        self.assertEqual(marked, [False, True, True])
        self.assertEqual(
            self._get_log(self.piece),
            [(self.piece, 1, False, False), (self.piece, 2, True, "Box and pouch")],
        )

    def test_only_what_had_a_label_is_marked_among_many(self):
        other = self._create_piece()
        self._print(other)
        content = self._print(self.piece + other, reason="Price has changed")
        marked = ["R" in text.splitlines() for text in read_texts(content)]
        self.assertEqual(marked, [False, True])
        self.assertEqual(self.piece.with_user(self.keeper).label_count, 1)
        self.assertEqual(other.with_user(self.keeper).label_count, 2)

    def test_a_piece_has_one_first_label(self):
        self._print(self.piece)
        vals = OPTIONS | {"lot_id": self.piece.id, "quantity": 1}
        with self._refused_by_database("jewelry.label", "Somebody else"):
            self.labels.create(vals)

    def test_no_reprint_is_written_without_a_reason(self):
        vals = OPTIONS | {"lot_id": self.piece.id, "quantity": 1, "is_reprint": True}
        for reason in (False, ""):
            with self._refused_by_database("jewelry.label", "reason"):
                self.labels.create(vals | {"reason": reason})

    def test_nobody_changes_or_deletes_what_was_printed(self):
        self._print(self.piece, copies=2, reason="Box")
        rows = self.labels.search([("lot_id", "=", self.piece.id)])
        for user in (self.associate, self.keeper, self.manager):
            with self.subTest(user=user.login):
                with self.assertRaises(UserError):
                    rows.with_user(user).write({"reason": "Nothing"})
                with self.assertRaises(AccessError):
                    rows.with_user(user).unlink()
                with self.assertRaises(AccessError):
                    rows.with_user(user).create(OPTIONS | {"lot_id": self.piece.id})
        for name, value in (("reason", "Nothing"), ("quantity", 1), ("lot_id", self.piece.id)):
            with self.subTest(field=name), self.assertRaisesRegex(UserError, "as it is"):
                rows.write({name: value})
        with self.assertRaisesRegex(UserError, "stays on record"):
            rows.unlink()

    def test_labels_of_another_company_are_out_of_sight(self):
        self._print(self.piece)
        rows = self.labels.search([("lot_id", "=", self.piece.id)])
        other = self.env["res.company"].create({"name": "Other"})
        companies = {"company_id": other.id, "company_ids": [Command.set(other.ids)]}
        stranger = new_test_user(self.env, "stranger", groups=ROLES["manager"], **companies)
        self.assertFalse(self.labels.with_user(stranger).search([("id", "in", rows.ids)]))

    def test_a_labelled_slip_is_not_voided(self):
        self._print(self.piece)
        with self.assertRaisesRegex(UserError, f"{self.piece.name} already has a label"):
            self.piece.with_user(self.keeper).action_void("typed twice")
        self.assertFalse(self.piece.void_reason)

    def test_a_void_piece_gets_no_label(self):
        self.piece.action_void("typed twice")
        with self.assertRaisesRegex(UserError, "is void"):
            self._print(self.piece)
        with self.assertRaisesRegex(UserError, "is void"):
            self.piece.action_print_labels()

    def test_the_button_on_a_piece_shows_its_labels_alone(self):
        self._print(self.piece + self._create_piece())
        action = self.piece.with_user(self.keeper).action_view_labels()
        rows = self.labels.search(action["domain"])
        self.assertEqual(rows.lot_id, self.piece)

    def test_a_piece_with_labels_is_found_by_them(self):
        self._print(self.piece, copies=2, reason="Box")
        rows = self.labels.with_user(self.manager).search([("is_reprint", "=", True)])
        self.assertIn(self.piece, rows.lot_id)


@tagged("post_install", "-at_install")
class TestLabelPrint(LabelCommon):
    """The dialog in which labels are printed."""

    def _get_file(self, printing):
        return base64.b64decode(printing.with_context(bin_size=False).file)

    def test_a_keeper_prints_the_label_of_a_piece(self):
        printing = self._open(self.piece)
        action = printing.action_print()
        self.assertEqual(read_codes(self._get_file(printing)), [self.piece.name])
        self.assertEqual(printing.filename, f"labels-{self.piece.name}.pdf")
        self.assertIn(f"/{printing.id}/file/{printing.filename}?", action["url"])
        self.assertEqual(self._get_log(self.piece), [(self.piece, 1, False, False)])

    def test_zpl_is_for_the_printer_that_was_chosen(self):
        printing = self._open(self.piece, label_format="zpl", dpi="600", with_price=False)
        printing.action_print()
        zpl = self._get_file(printing).decode()
        self.assertIn("^PW1748", zpl)
        self.assertIn(f"^FD{self.piece.name}^FS", zpl)
        self.assertNotIn("9,000", zpl)
        self.assertTrue(printing.filename.endswith(".zpl"))

    def test_what_was_chosen_is_proposed_the_next_time(self):
        first = self._open(self.piece)
        self.assertEqual((first.label_format, first.dpi, first.with_price), ("pdf", "300", True))
        self._open(self.piece, label_format="zpl", dpi="203", with_price=False).action_print()
        again = self._open(self.piece, reason="Torn")
        self.assertEqual((again.label_format, again.dpi, again.with_price), ("zpl", "203", False))
        other = self._open(self.piece, self.manager, reason="Torn")
        self.assertEqual(other.label_format, "pdf")

    def test_a_reason_is_asked_for_when_it_is_needed(self):
        printing = self._open(self.piece)
        self.assertFalse(printing.needs_reason)
        with Form(printing) as form:
            form.copies = 2
            form.reason = "Box and pouch"
        self.assertTrue(printing.needs_reason)
        printing.action_print()
        again = self._open(self.piece, reason="Torn")
        self.assertEqual(again.reprint_names, self.piece.name)

    def test_the_form_does_not_save_a_reprint_without_a_reason(self):
        self._print(self.piece)
        with self.assertRaisesRegex(AssertionError, "reason"):
            self._open(self.piece, dpi="203")

    def test_the_preview_is_the_label(self):
        printing = self._open(self.piece)
        picture = Image.open(io.BytesIO(base64.b64decode(printing.preview)))
        (code,) = zxingcpp.read_barcodes(picture)
        self.assertEqual(code.text, self.piece.name)
        self.assertEqual(picture.width, 874)

    def test_the_preview_follows_what_is_chosen(self):
        form = Form(self._open(self.piece))
        with_price = form.preview
        form.with_price = False
        self.assertNotEqual(form.preview, with_price)
        form.dpi = "600"
        picture = Image.open(io.BytesIO(base64.b64decode(form.preview)))
        self.assertEqual(picture.width, 1748)

    def test_a_number_without_a_barcode_is_told_before_printing(self):
        printing = self._open(self._create_piece(name="A" * 30))
        self.assertIn("too long", printing.problem)
        self.assertFalse(printing.preview)

    def test_signs_that_are_left_out_are_told_before_printing(self):
        self.assertFalse(self._open(self.piece).missing)
        self.style.name = "指輪 Solitaire"
        self.assertEqual(self._open(self.piece).missing, "指輪")

    def test_many_labels_come_roll_by_roll(self):
        pieces = self.env["stock.lot"].union(*(self._create_piece() for _number in range(5)))
        self.startPatcher(patch.object(jewelry_label_print, "BATCH", 2))
        printing = self._open(pieces)
        files, progress = [], []
        for _roll in range(3):
            printing.action_print()
            files.append(read_codes(self._get_file(printing)))
            progress.append(printing.progress)
        names = pieces.mapped("name")
        self.assertEqual(files, [names[:2], names[2:4], names[4:]])
        self.assertEqual(progress, [40, 80, 100])
        self.assertEqual(printing.filename, f"labels-{names[4]}.pdf")
        with self.assertRaisesRegex(UserError, "already"):
            printing.action_print()
        self.assertEqual(len(self._get_log(pieces)), 5)

    def test_other_goods_have_no_label_of_ours(self):
        box = self.env["product.product"].create({"name": "Box", "tracking": "lot"})
        lot = self.env["stock.lot"].create({"product_id": box.id, "name": "B-1"})
        with self.assertRaisesRegex(UserError, "pieces, loose stones or parcels"):
            lot.action_print_labels()
        printing = self._open(lot + self.piece)
        self.assertEqual(printing.lot_ids, self.piece)

    def test_stones_and_parcels_are_labelled_too(self):
        lots = self._stock_stone().home_lot_id + self._stock_parcel()
        printing = self._open(lots)
        printing.action_print()
        self.assertCountEqual(read_codes(self._get_file(printing)), lots.mapped("name"))

    def test_a_name_of_signs_makes_a_harmless_filename(self):
        printing = self._open(self._create_piece(name="A/B 1?"))
        printing.action_print()
        self.assertEqual(printing.filename, "labels-A_B_1_.pdf")

    def test_associates_print_no_label_and_see_none(self):
        with self.assertRaises(AccessError):
            self._open(self.piece, self.associate)
        self._print(self.piece)
        with self.assertRaises(AccessError):
            self.labels.with_user(self.associate).search([])
        with self.assertRaises(AccessError):
            self.piece.with_user(self.associate).read(["label_count"])

    def test_the_dialog_of_somebody_else_is_closed(self):
        printing = self._open(self.piece)
        with self.assertRaises(AccessError):
            printing.with_user(self.manager).read(["file"])

    def test_the_list_offers_it_to_keepers(self):
        bindings = self.env["ir.actions.actions"]
        name = "Print Labels"
        for user, offered in ((self.keeper, True), (self.associate, False)):
            actions = bindings.with_user(user).get_bindings("stock.lot").get("action", [])
            with self.subTest(user=user.login):
                self.assertEqual(name in [action["name"] for action in actions], offered)


@tagged("post_install", "-at_install")
class TestLabelOptions(LabelCommon):
    """Shapes, codes and costs in the dialog."""

    def _get_size(self, printing):
        """Return width and height of the preview in millimetres, at 300 dpi."""
        picture = Image.open(io.BytesIO(base64.b64decode(printing.preview)))
        return [round(dots * 25.4 / 300) for dots in picture.size]

    def test_the_preview_is_the_label_that_is_loaded_in_the_printer(self):
        printing = self._open(self.piece, dpi="300", shape="rat_tail")
        self.assertEqual(self._get_size(printing), [74, 11])
        printing = self._open(self.piece, dpi="300", shape="butterfly", code="qr")
        self.assertEqual(self._get_size(printing), [58, 12])
        picture = Image.open(io.BytesIO(base64.b64decode(printing.preview)))
        (code,) = zxingcpp.read_barcodes(picture)
        self.assertEqual((code.text, code.format.name), (self.piece.name, "QRCode"))

    def test_the_file_is_what_the_preview_shows(self):
        printing = self._open(self.piece, label_format="zpl", shape="butterfly", code="qr")
        printing.action_print()
        zpl = base64.b64decode(printing.file).decode()
        self.assertIn("^GFA,", zpl)
        self.assertNotIn("^BC", zpl)

    def test_a_style_without_gtin_says_so_before_anything_is_printed(self):
        printing = self._open(self.piece, code="gs1")
        self.assertIn("has no GTIN", printing.problem)
        self.assertFalse(printing.preview)

    def test_how_it_was_printed_is_kept_and_proposed_next_time(self):
        printing = self._open(self.piece, shape="butterfly", code="qr", dpi="600", with_price=False)
        printing.action_print()
        (row,) = self.labels.search([("lot_id", "=", self.piece.id)])
        self.assertEqual((row.shape, row.code, row.dpi), ("butterfly", "qr", "600"))
        self.assertFalse(row.with_price or row.with_cost)
        again = self._open(self._create_piece())
        self.assertEqual((again.shape, again.code, again.dpi), ("butterfly", "qr", "600"))

    def test_the_cost_is_offered_where_there_is_a_cipher(self):
        self.assertFalse(self._open(self.piece).has_cipher)
        self.company.write({"cost_cipher_word": "BLACKHORSE", "cost_cipher_repeat": "X"})
        printing = self._open(self.piece, with_cost=True)
        self.assertTrue(printing.has_cipher)
        printing.action_print()
        self.assertIn("CALB", read_texts(base64.b64decode(printing.file))[0])
        self.assertTrue(self.labels.search([("lot_id", "=", self.piece.id)]).with_cost)

    def test_who_may_not_see_costs_is_not_asked_and_prints_none(self):
        self.company.write({"cost_cipher_word": "BLACKHORSE", "cost_cipher_repeat": "X"})
        printing = self._open(self.piece, with_cost=True)
        self.keeper.group_ids += self.env.ref("jewelry_inventory.group_cost_hidden")
        self.assertNotIn("with_cost", printing.fields_get())
        printing.action_print()
        self.assertNotIn("CALB", read_texts(base64.b64decode(printing.file))[0])


@tagged("post_install", "-at_install")
class TestLabelAfterIntake(LabelCommon):
    """Intake ends with something to scan."""

    def _get_printed(self, action):
        return self.env[action["res_model"]].browse(action["res_id"]).lot_ids

    def test_after_taking_a_piece_in(self):
        context = {"active_model": "stock.lot", "active_ids": self.piece.ids}
        intake = self.env["jewelry.piece.intake"].with_user(self.keeper).with_context(**context)
        action = intake.create({}).action_take_in_and_label()
        self.assertEqual(self.piece.piece_status, "available")
        self.assertEqual(self._get_printed(action), self.piece)

    def test_after_a_file(self):
        table = "Carat,Price,Color\n0.5,100,E\n0.7,200,F\n"
        job = self.env["jewelry.import"].create(
            {"filename": "stones.csv", "file": base64.b64encode(table.encode())}
        )
        job.action_read()
        job.action_check()
        self.assertEqual(job.state, "checked", job.error_ids.mapped("message"))
        job.action_import()
        with self.enter_registry_test_mode():
            self.env.ref("jewelry_inventory.ir_cron_import").method_direct_trigger()
        self.assertEqual(job.state, "done")
        lots = self._get_printed(job.with_user(self.keeper).action_print_labels())
        self.assertEqual(len(lots), 2)
        self.assertEqual(lots.import_id, job)

    def test_after_a_delivery(self):
        move = {"product_id": self.style.id, "product_uom_qty": 1}
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": self.warehouse.in_type_id.id,
                "location_id": self.supplier_location.id,
                "location_dest_id": self.stock_location.id,
                "move_ids": [Command.create(move)],
            }
        )
        picking.action_confirm()
        self.assertFalse(picking.has_pieces)
        line = {"lot_id": self.piece.id, "quantity": 1, "product_id": self.style.id}
        picking.move_ids.move_line_ids = [Command.clear(), Command.create(line)]
        picking.move_ids.picked = True
        picking.button_validate()
        self.assertEqual(picking.state, "done")
        self.assertTrue(picking.has_pieces)
        action = picking.with_user(self.keeper).action_print_piece_labels()
        self.assertEqual(self._get_printed(action), self.piece)


@tagged("post_install", "-at_install")
class TestLabelFile(LabelCommon, HttpCase):
    """The file as the browser fetches it."""

    def _fetch(self, action, login):
        self.authenticate(login, login)
        return self.url_open(action["url"])

    def test_a_pdf_is_shown_and_a_fetch_is_no_print(self):
        printing = self._open(self.piece)
        action = printing.action_print()
        for _fetch in range(2):
            response = self._fetch(action, self.keeper.login)
            self.assertEqual(response.headers["Content-Type"], "application/pdf")
            self.assertEqual(read_codes(response.content), [self.piece.name])
        self.assertEqual(len(self._get_log(self.piece)), 1)

    def test_zpl_is_plain_text_to_keep(self):
        action = self._open(self.piece, label_format="zpl").action_print()
        response = self._fetch(action, self.keeper.login)
        self.assertTrue(response.headers["Content-Type"].startswith("text/plain"))
        self.assertIn("attachment", response.headers["Content-Disposition"])
        self.assertIn(".zpl", response.headers["Content-Disposition"])
        self.assertTrue(response.text.startswith("^XA"))

    @mute_logger("odoo.http")
    def test_nobody_else_gets_the_file(self):
        action = self._open(self.piece).action_print()
        for user in (self.associate, self.manager):
            response = self._fetch(action, user.login)
            self.assertIn(response.status_code, (403, 404), user.login)
        self.authenticate(None, None)
        self.assertNotIn(b"%PDF", self.url_open(action["url"]).content)

    def test_the_preview_is_served_as_a_picture(self):
        printing = self._open(self.piece)
        self.authenticate(self.keeper.login, self.keeper.login)
        response = self.url_open(f"/web/image/{printing._name}/{printing.id}/preview")
        picture = Image.open(io.BytesIO(response.content))
        self.assertEqual(picture.size[0], 874)

    @mute_logger("odoo.http")
    def test_an_associate_cannot_print_by_a_call(self):
        self.authenticate(self.associate.login, self.associate.login)
        for model, method in (("stock.lot", "action_print_labels"), ("jewelry.label", "_print")):
            response = self.url_open(
                f"/web/dataset/call_kw/{model}/{method}",
                data=json.dumps(
                    {
                        "jsonrpc": "2.0",
                        "params": {
                            "model": model,
                            "method": method,
                            "args": [self.piece.ids],
                            "kwargs": {},
                        },
                    }
                ),
                headers={"Content-Type": "application/json"},
            )
            self.assertIn("error", response.json())
        self.assertFalse(self._get_log(self.piece))
