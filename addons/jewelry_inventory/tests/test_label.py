import io
import re
from dataclasses import replace

import pypdfium2
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageStat

from odoo.tests import BaseCase, tagged

from ..tools import label_pdf, label_png, label_zpl
from ..tools.label import (
    BUTTERFLY,
    CODE128,
    FNC1,
    GS1,
    MIN_MODULE,
    MM_PER_INCH,
    QR,
    QR_QUIET_MODULES,
    QUIET_MODULES,
    RAT_TAIL,
    RESOLUTIONS,
    LabelData,
    LabelError,
    LabelShape,
    count_modules,
    encode,
    find_missing,
    measure,
    place,
)

GTIN = "09521234543213"  # of GS1's prefix for examples, 952
POINTS_PER_MM = 72 / MM_PER_INCH
SHAPE = RAT_TAIL
RING = LabelData(
    number="P000123",
    price="€ 8,400.00",
    metal="18K yellow 4.21 g",
    stones=("1.02 ct E VS1",),
    style="Solitaire",
    notes=("Size 54",),
)

ascii_text = st.text(
    st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=6
).filter(lambda text: text == text.strip())
numbers = ascii_text | st.from_regex(r"[A-Z]{0,2}-?[0-9]{1,9}", fullmatch=True)
any_text = st.text(max_size=60)
labels = st.builds(
    LabelData,
    number=numbers,
    price=any_text,
    metal=any_text,
    stones=st.tuples(any_text, st.just("1.02 ct")),
    style=any_text,
    notes=st.tuples(any_text, st.just("")),
    cost=any_text,
    reprint=st.booleans(),
)


@tagged("post_install", "-at_install")
class TestLabel(BaseCase):
    """Where things stand, whatever the printer."""

    def test_bars_keep_their_white_on_both_sides_at_every_resolution(self):
        for dpi in RESOLUTIONS:
            bars, _texts = place(RING, SHAPE, dpi)
            white = QUIET_MODULES * bars.module
            width = count_modules(encode(bars.text)) * bars.module
            dot = MM_PER_INCH / dpi
            self.assertGreaterEqual(bars.x, white - dot / 2)
            self.assertLessEqual(bars.x + width, SHAPE.wing_width - white + dot / 2)

    def test_bars_are_whole_dots_wide_and_begin_on_a_dot(self):
        for dpi in RESOLUTIONS:
            bars, _texts = place(RING, SHAPE, dpi)
            for length in (bars.x, bars.module):
                dots = length * dpi / MM_PER_INCH
                self.assertAlmostEqual(dots, round(dots), places=6)
            self.assertGreaterEqual(bars.module, MIN_MODULE)

    def test_digits_make_a_shorter_barcode_than_letters(self):
        self.assertLess(len(encode("00123456")), len(encode("ABCDEFGH")))

    def test_barcode_width_is_that_of_the_drawn_one(self):
        # Start, seven characters, check symbol: eleven modules each, thirteen for the stop.
        self.assertEqual(count_modules(encode("ABCDEFG")), 9 * 11 + 13)

    def test_number_that_no_barcode_can_have_is_an_error(self):
        for number in ("", " ", "P1 ", "É1", "1\n2", "א"):
            with self.assertRaises(LabelError) as raised:
                place(LabelData(number), SHAPE, 203)
            self.assertEqual((raised.exception.code, raised.exception.number), ("signs", number))

    def test_number_too_long_for_its_wing_is_an_error(self):
        with self.assertRaises(LabelError) as raised:
            place(LabelData("A" * 20), SHAPE, 203)
        self.assertEqual(raised.exception.code, "length")
        place(LabelData("A" * 20), LabelShape(wing_width=40), 203)

    def test_left_wing_has_the_number_and_the_right_one_price_metal_and_weights(self):
        _bars, texts = place(RING, SHAPE, 203)
        left = [text.text for text in texts if text.x < SHAPE.wing_width]
        right = [text.text for text in texts if text.x >= SHAPE.wing_width]
        self.assertEqual(left, ["P000123", "Solitaire"])
        self.assertEqual(right, ["€ 8,400.00", "18K yellow 4.21 g", "1.02 ct E VS1", "Size 54"])

    def test_seven_digits_fit_beside_the_mark_of_a_reprint(self):
        label = LabelData("P1", price="1,234,567.00 CHF", reprint=True)
        _bars, (_number, price, _mark) = place(label, SHAPE, 203)
        self.assertEqual(price.text, label.price)

    def test_empty_lines_leave_no_gap(self):
        _bars, (_number, note) = place(LabelData("P1", notes=("Only this",)), SHAPE, 203)
        self.assertEqual(note.y, SHAPE.margin)

    def test_reprint_is_marked(self):
        _bars, texts = place(LabelData("P1", reprint=True), SHAPE, 203)
        self.assertEqual([text.text for text in texts], ["P1", "R"])

    def test_mark_of_a_reprint_narrows_the_line_beside_it_alone(self):
        label = LabelData("P1", price="9" * 30, metal="9" * 30, reprint=True)
        _bars, (_number, price, metal, mark) = place(label, SHAPE, 203)
        end = price.x + measure(price.text, price.size, price.bold)
        self.assertLess(end, mark.x)
        self.assertEqual(metal.text, label.metal[: len(metal.text) - 1] + "…")
        self.assertGreater(len(metal.text), len(price.text))

    def test_stones_take_the_lines_that_are_free(self):
        stones = "12.35 ct (245) Lab-grown Diamond F VS1 Round Brilliant"
        label = LabelData("PC-77", price="$ 450/ct", stones=(stones,))
        self.assertEqual(self._read_right(label)[1:], stones)

    def _read_right(self, label):
        """Return all that is on the right wing below the price."""
        _bars, texts = place(label, SHAPE, 203)
        return " ".join(text.text for text in texts if text.x >= SHAPE.right)[len(label.price) :]

    def test_where_there_is_no_room_fewer_words_are_said_and_none_is_cut(self):
        long = "12.35 ct (245) Lab-grown Diamond (Heat and pressure) D to F VVS1 to VS2 Round"
        short = "12.35 ct (245) Lab-grown Diamond (HP)"
        others = "+ 0.20 ct (8) Lab-grown Sapphire"
        label = LabelData(
            "PC-77",
            price="$ 450",
            metal="2 g",
            stones=(long, short),
            notes=(f"{others} · EU 54 · US 6¾ · GIA 2141438171", others),
        )
        self.assertEqual(self._read_right(label), f" 2 g {short} {others}")
        free = replace(label, metal="", price="", notes=())
        self.assertEqual(self._read_right(free), long)

    def test_the_size_stays_where_the_stones_can_be_said_in_fewer_words(self):
        label = LabelData(
            "P1",
            price="$ 2,400.00",
            metal="3.60 g 18K Rose Gold",
            stones=(
                "1.52 ct Lab-grown Diamond (Heat and pressure) E VS1 Oval",
                "1.52 ct Lab-grown Diamond (HP) E VS1 Oval",
                "1.52 ct Lab-grown Diamond (HP)",
            ),
            notes=("EU 57 · US 8", ""),
        )
        read = f" {label.metal} {label.stones[1]} {label.notes[0]}"
        self.assertEqual(self._read_right(label), read)

    def test_what_the_stones_are_is_printed_whole_or_not_at_all(self):
        words = "Lab-grown Padparadscha Sapphire (Diffusion, Heating) "
        for label in (
            LabelData("P1", stones=(words * 4,)),
            LabelData("P1", notes=(words * 4,)),
            LabelData("P1", stones=("0.50 ct 指輪",)),
        ):
            with self.assertRaises(LabelError) as raised:
                place(label, SHAPE, 203)
            self.assertEqual(raised.exception.code, "room")

    @given(
        st.lists(
            st.sampled_from(["Lab-grown", "Diamond", "(HP)", "0.50 ct", "Round"]), max_size=30
        ),
        labels,
    )
    @settings(deadline=None)
    def test_stones_are_never_cut(self, words, label):
        said = " ".join(words)
        try:
            read = self._read_right(replace(label, price="", stones=(said,), notes=()))
        except LabelError as error:
            self.assertEqual(error.code, "room")
        else:
            self.assertIn(said, read)

    def test_text_gets_smaller_before_it_gets_shorter(self):
        metal = "18K yellow gold 14.21 g net"
        _bars, (_number, text) = place(LabelData("P1", metal=metal), SHAPE, 203)
        self.assertEqual(text.text, metal)
        self.assertLess(text.size, 2.0)
        _bars, (_number, text) = place(LabelData("P1", metal=metal * 2), SHAPE, 203)
        self.assertEqual(text.text[-1], "…")
        self.assertEqual(text.text[:10], metal[:10])

    def test_what_cannot_be_seen_is_not_printed(self):
        _bars, texts = place(LabelData("P1", notes=("a\tb\x00c\u200bd\n",)), SHAPE, 203)
        self.assertEqual(texts[-1].text, "a b c d")

    def test_signs_that_the_font_lacks_leave_no_empty_box(self):
        label = LabelData("P1", style="指輪 Solitaire טבעת", price="د.إ 900")
        _bars, texts = place(label, SHAPE, 203)
        self.assertEqual([text.text for text in texts], ["P1", "Solitaire", ". 900"])
        self.assertEqual(find_missing(label.style), "指輪טבעת")
        self.assertEqual(find_missing("Größe 54 ≈ N½ · Кольцо € ₹ ₺ ₫"), "")

    @given(labels, st.sampled_from(RESOLUTIONS))
    @settings(deadline=None)
    def test_every_text_stays_on_its_wing_and_the_number_is_whole(self, label, dpi):
        _bars, texts = place(label, SHAPE, dpi)
        self.assertEqual(texts[0].text, " ".join(label.number.split()))
        for text in texts:
            wing = text.x // SHAPE.wing_width
            end = text.x + measure(text.text, text.size, text.bold)
            self.assertLessEqual(end, (wing + 1) * SHAPE.wing_width - SHAPE.margin / 2)
            self.assertLessEqual(text.y + text.size, SHAPE.height)

    @given(labels, st.sampled_from(RESOLUTIONS), st.sampled_from((CODE128, QR)))
    @settings(deadline=None)
    def test_every_text_stays_on_the_wings_of_a_butterfly(self, label, dpi, code):
        _mark, texts = place(label, BUTTERFLY, dpi, code)
        for text in texts:
            left = BUTTERFLY.right if text.x >= BUTTERFLY.right else 0
            end = text.x + measure(text.text, text.size, text.bold)
            self.assertLessEqual(end, left + BUTTERFLY.wing_width - BUTTERFLY.margin / 2)
            self.assertLessEqual(text.y + text.size, BUTTERFLY.height)

    def test_nothing_is_on_the_waist_of_a_butterfly(self):
        mark, texts = place(RING, BUTTERFLY, 203)
        right = [text.text for text in texts if text.x >= BUTTERFLY.right]
        self.assertEqual(right, ["€ 8,400.00", "18K yellow 4.21 g", "1.02 ct E VS1", "Size 54"])
        self.assertLess(mark.x + count_modules(encode(mark.text)) * mark.module, 24)

    def test_a_qr_code_has_its_white_all_round_and_begins_on_a_dot(self):
        for dpi in RESOLUTIONS:
            matrix, texts = place(RING, SHAPE, dpi, QR)
            white = QR_QUIET_MODULES * matrix.module
            dot = MM_PER_INCH / dpi
            for margin in (matrix.x, matrix.y, SHAPE.height - matrix.y - matrix.side):
                self.assertGreaterEqual(margin, white - dot)
            self.assertGreaterEqual(texts[0].x, matrix.x + matrix.side + white - dot)
            self.assertAlmostEqual(matrix.x / dot, round(matrix.x / dot), places=6)
            self.assertAlmostEqual(matrix.module / dot, round(matrix.module / dot), places=6)

    def test_beside_a_qr_code_a_long_style_has_lines_instead_of_dots(self):
        style = "Solitaire in platinum with six prongs"
        _matrix, texts = place(replace(RING, style=style), SHAPE, 300, QR)
        left = [text.text for text in texts if text.x < SHAPE.wing_width]
        self.assertGreater(len(left), 2)
        self.assertEqual(" ".join(left[1:]), style)

    def test_a_gs1_barcode_has_the_style_and_the_number(self):
        bars, _texts = place(replace(RING, gtin=GTIN), SHAPE, 300, GS1)
        self.assertEqual(bars.text, f"{FNC1}01{GTIN}21P000123")

    def test_a_gs1_barcode_of_a_style_without_gtin_is_an_error(self):
        with self.assertRaises(LabelError) as raised:
            place(RING, SHAPE, 300, GS1)
        self.assertEqual((raised.exception.code, raised.exception.number), ("gtin", "P000123"))

    def test_a_gs1_barcode_that_a_coarse_printer_cannot_print_is_an_error(self):
        with self.assertRaises(LabelError) as raised:
            place(replace(RING, gtin=GTIN), SHAPE, 203, GS1)
        self.assertEqual((raised.exception.code, raised.exception.number), ("length", "P000123"))

    def test_a_number_that_no_code_can_have_is_an_error_as_qr_code_too(self):
        for number in ("", "É1", "P1 "):
            with self.assertRaises(LabelError) as raised:
                place(LabelData(number), SHAPE, 300, QR)
            self.assertEqual(raised.exception.code, "signs")
        with self.assertRaises(LabelError) as raised:
            place(LabelData("A" * 2000), SHAPE, 203, QR)
        self.assertEqual(raised.exception.code, "length")

    def test_the_cost_in_letters_is_the_last_line(self):
        _bars, texts = place(replace(RING, cost="CLE 0326"), SHAPE, 300)
        self.assertEqual(texts[-1].text, "CLE 0326")


@tagged("post_install", "-at_install")
class TestLabelPdf(BaseCase):
    """Labels as PDF, looked at by other programs than the one that drew them."""

    def pages(self, *labels, **options):
        return list(pypdfium2.PdfDocument(label_pdf.render(labels, **options)))

    def read_text(self, page):
        return page.get_textpage().get_text_bounded()

    def decode(self, page, dpi):
        """Return what a barcode reader sees, at some pixels for each dot of the printer."""
        picture = page.render(scale=4 * dpi / 72, grayscale=True).to_pil()
        return [barcode.text for barcode in zxingcpp.read_barcodes(picture)]

    def test_page_has_the_size_of_the_label(self):
        (page,) = self.pages(RING)
        for points, millimetres in zip(page.get_size(), (74, 11), strict=True):
            self.assertAlmostEqual(points / POINTS_PER_MM, millimetres, places=2)
        (page,) = self.pages(RING, shape=LabelShape(wing_width=25, wing_height=12.5, tail=0))
        for points, millimetres in zip(page.get_size(), (50, 12.5), strict=True):
            self.assertAlmostEqual(points / POINTS_PER_MM, millimetres, places=2)

    def test_each_label_has_a_page_with_its_texts(self):
        first, second = self.pages(RING, LabelData("P2", price="₹ 12", reprint=True))
        for text in ("P000123", "€ 8,400.00", "18K yellow 4.21 g", "1.02 ct E VS1", "Solitaire"):
            self.assertIn(text, self.read_text(first))
        self.assertNotIn("P000123", self.read_text(second))
        self.assertIn("₹ 12", self.read_text(second))

    def test_barcode_is_read_back_at_every_resolution(self):
        for dpi in RESOLUTIONS:
            (page,) = self.pages(RING, dpi=dpi)
            self.assertEqual(self.decode(page, dpi), ["P000123"])

    def test_barcode_is_on_the_left_wing_alone(self):
        (page,) = self.pages(RING, dpi=300)
        picture = page.render(scale=1200 / 72, grayscale=True).to_pil()
        wing = picture.crop((0, 0, round(22 / MM_PER_INCH * 1200), picture.height))
        self.assertEqual([code.text for code in zxingcpp.read_barcodes(wing)], ["P000123"])

    @given(numbers)
    @settings(max_examples=40, deadline=None)
    def test_any_number_is_read_back(self, number):
        (page,) = self.pages(LabelData(number), dpi=203)
        self.assertEqual(self.decode(page, 203), [number])

    def test_codes_of_all_kinds_are_read_back_on_labels_of_all_shapes(self):
        label = replace(RING, gtin=GTIN)
        expected = {CODE128: "P000123", QR: "P000123", GS1: f"(01){GTIN}(21)P000123"}
        for shape in (RAT_TAIL, BUTTERFLY):
            for code, text in expected.items():
                with self.subTest(shape=shape, code=code):
                    (page,) = self.pages(label, dpi=300, shape=shape, code=code)
                    self.assertEqual(self.decode(page, 300), [text])

    @given(numbers)
    @settings(max_examples=20, deadline=None)
    def test_any_number_is_read_back_from_a_qr_code(self, number):
        (page,) = self.pages(LabelData(number), dpi=203, code=QR)
        self.assertEqual(self.decode(page, 203), [number])

    def test_five_hundred_labels_make_five_hundred_pages(self):
        self.assertEqual(len(self.pages(*[RING] * 500)), 500)


@tagged("post_install", "-at_install")
class TestLabelPng(BaseCase):
    """Labels as a picture to look at before they are printed."""

    def draw(self, label, **options):
        return Image.open(io.BytesIO(label_png.render(label, **options)))

    def test_picture_has_the_dots_of_the_printer(self):
        for dpi in RESOLUTIONS:
            with self.subTest(dpi=dpi):
                width, height = self.draw(RING, dpi=dpi).size
                self.assertAlmostEqual(width, SHAPE.width * dpi / MM_PER_INCH, delta=1)
                self.assertAlmostEqual(height, SHAPE.height * dpi / MM_PER_INCH, delta=1)

    def test_barcode_is_read_back_at_every_resolution(self):
        for dpi in RESOLUTIONS:
            codes = zxingcpp.read_barcodes(self.draw(RING, dpi=dpi))
            self.assertEqual([code.text for code in codes], ["P000123"])

    def test_a_qr_code_is_read_back_at_every_resolution(self):
        for dpi in RESOLUTIONS:
            for shape in (RAT_TAIL, BUTTERFLY):
                codes = zxingcpp.read_barcodes(self.draw(RING, dpi=dpi, shape=shape, code=QR))
                self.assertEqual([code.text for code in codes], ["P000123"])

    def test_ink_is_where_the_pdf_has_it(self):
        labels = [RING, replace(RING, price="", reprint=True), replace(RING, style="W" * 40)]
        for label in labels:
            with self.subTest(label=label):
                picture = self.draw(label, dpi=600).convert("L")
                (page,) = pypdfium2.PdfDocument(label_pdf.render([label], dpi=600))
                printed = page.render(scale=600 / 72, grayscale=True).to_pil().convert("L")
                printed = printed.resize(picture.size)
                off = ImageStat.Stat(ImageChops.difference(picture, printed)).mean[0]
                blank = ImageStat.Stat(ImageChops.invert(picture)).mean[0]
                self.assertLess(off, blank / 5)


@tagged("post_install", "-at_install")
class TestLabelZpl(BaseCase):
    """Labels in ZPL, read as Zebra's programming guide says a printer reads them."""

    def read_barcode(self, data):
        """Return the number in the data of a ^BC field."""
        signs = {">0": ">", "><": "^", ">=": "~"}
        text, in_pairs = "", None
        while data:
            code, width = data[:2], 2
            if code in (">:", ">6", ">;", ">5"):
                in_pairs = code in (">;", ">5")
            elif in_pairs:
                text += code
            else:
                width = 2 if code in signs else 1
                text += signs.get(code, data[0])
            data = data[width:]
        return text

    def fields(self, zpl):
        """Return the data of the fields, unescaped."""
        return [self.unescape(part.split("^FS")[0]) for part in zpl.split("^FD")[1:]]

    def unescape(self, data):
        stream = io.BytesIO()
        while data:
            if data[0] == "_":
                stream.write(bytes.fromhex(data[1:3]))
                data = data[3:]
            else:
                stream.write(data[0].encode())
                data = data[1:]
        return stream.getvalue().decode()

    def test_label_of_a_ring_is_as_ever(self):
        label = LabelData("R1023", price="£ 950", metal="Pt 950", reprint=True)
        label = replace(label, rf_block="^RFW,H^FD3066^FS")
        self.assertEqual(
            label_zpl.render(label, dpi=203).splitlines(),
            [
                "^XA",
                "^CI28",
                "^PW591^LL88^LH0,0",
                "^FO48,6^BY1^BCN,38,N,N,N^FH^FD>:R>51023^FS",
                "^FO6,46^A0N,18,18^FH^FDR1023^FS",
                "^FO182,6^A0N,22,22^FH^FD_C2_A3 950^FS",
                "^FO182,31^A0N,16,16^FH^FDPt 950^FS",
                "^FO333,6^A0N,18,18^FH^FDR^FS",
                "^RFW,H^FD3066^FS",
                "^XZ",
            ],
        )

    def test_a_qr_code_is_the_same_dots_that_were_placed(self):
        for dpi in RESOLUTIONS:
            zpl = label_zpl.render(RING, dpi=dpi, code=QR)
            matrix, _texts = place(RING, SHAPE, dpi, QR)
            picture = self.read_picture(zpl)
            times = round(matrix.module * dpi / MM_PER_INCH)
            self.assertEqual(picture.size, (picture.width, len(matrix.rows) * times))
            black = picture.crop((0, 0, picture.height, picture.height))
            side = picture.height + 8 * times
            label = Image.new("1", (side, side), 1)
            label.paste(black, (4 * times, 4 * times))
            self.assertEqual(
                [code.text for code in zxingcpp.read_barcodes(label.resize((4 * side, 4 * side)))],
                ["P000123"],
            )

    def read_picture(self, zpl):
        """Return what a ^GFA field draws; a set bit is black."""
        (field,) = re.findall(r"\^GFA,(\d+),(\d+),(\d+),([0-9A-F]+)\^FS", zpl)
        total, _total, width, digits = field
        self.assertEqual(len(digits), 2 * int(total))
        size = (8 * int(width), int(total) // int(width))
        inverted = bytes(byte ^ 0xFF for byte in bytes.fromhex(digits))
        return Image.frombytes("1", size, inverted)

    def test_a_gs1_barcode_begins_with_function_character_1(self):
        zpl = label_zpl.render(replace(RING, gtin=GTIN), dpi=300, code=GS1)
        self.assertIn(f"^FD>;>801{GTIN}21>6P>5000123^FS", zpl)

    def test_dots_grow_with_the_resolution(self):
        for dpi, size in ((203, "^PW591^LL88"), (300, "^PW874^LL130"), (600, "^PW1748^LL260")):
            self.assertIn(size, label_zpl.render(RING, dpi=dpi))

    def test_module_is_a_whole_number_of_dots(self):
        modules = {
            dpi: place(RING, SHAPE, dpi)[0].module * dpi / MM_PER_INCH for dpi in RESOLUTIONS
        }
        for dpi, dots in modules.items():
            self.assertIn(f"^BY{round(dots)}^", label_zpl.render(RING, dpi=dpi))

    def test_signs_that_zpl_takes_for_commands_are_escaped(self):
        self.assertEqual(label_zpl.escape("a^b~c\\d_e"), "a_5Eb_7Ec_5Cd_5Fe")
        self.assertEqual(label_zpl.escape("é€"), "_C3_A9_E2_82_AC")

    def test_digits_are_packed_in_pairs(self):
        self.assertEqual(label_zpl.write_barcode("001234"), ">;001234")
        self.assertEqual(label_zpl.write_barcode("P001234"), ">:P>5001234")
        self.assertEqual(label_zpl.write_barcode("001234AB"), ">;001234>6AB")

    @given(numbers)
    def test_any_number_is_what_the_printer_reads(self, number):
        self.assertEqual(self.read_barcode(label_zpl.write_barcode(number)), number)

    @given(numbers)
    def test_written_barcode_has_as_many_symbols_as_were_counted(self, number):
        data = label_zpl.write_barcode(number)
        digits = sum(len(part) for part in re.findall(r">[;5](\d*)", data))
        others = re.sub(r">[;5]\d*|>[:6]", "", data)
        switches = len(re.findall(r">[:;56]", data))
        signs = len(re.findall(r">[0<=]|.", others))
        self.assertEqual(switches + digits // 2 + signs + 2, len(encode(number)))

    @given(labels, st.sampled_from(RESOLUTIONS))
    @settings(deadline=None)
    def test_nothing_in_a_label_can_become_a_command(self, label, dpi):
        zpl = label_zpl.render(label, dpi=dpi)
        self.assertTrue(zpl.isascii())
        self.assertNotIn("~", zpl)
        self.assertEqual((zpl.count("^XA"), zpl.count("^XZ")), (1, 1))
        self.assertTrue(zpl.startswith("^XA\n"))
        self.assertTrue(zpl.endswith("\n^XZ\n"))
        self.assertEqual(zpl.count("^FD"), zpl.count("^FS"))
        bars, texts = place(label, SHAPE, dpi)
        barcode, *written = self.fields(zpl)
        self.assertEqual(self.read_barcode(barcode), bars.text)
        self.assertEqual(written, [text.text for text in texts])

    @given(any_text)
    def test_escaped_text_is_printable_ascii_and_comes_back(self, text):
        escaped = label_zpl.escape(text)
        self.assertTrue(all(" " <= character <= "}" for character in escaped))
        self.assertNotRegex(escaped, r"[\^~\\]")
        self.assertEqual(self.unescape(escaped), text)

    def test_labels_of_several_pieces_follow_each_other(self):
        zpl = "".join(label_zpl.render(LabelData(f"P{n}")) for n in range(3))
        self.assertEqual(zpl.count("^XA"), 3)
        self.assertEqual(zpl.count("^XZ\n"), 3)
