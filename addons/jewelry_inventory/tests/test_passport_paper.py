from base64 import b64encode
from io import BytesIO

import pypdfium2
import zxingcpp

from odoo.tests import HttpCase, tagged

from .passport_common import BASE, PassportCommon
from .test_photo import make_photo


@tagged("post_install", "-at_install")
class TestPassportOnPaper(PassportCommon, HttpCase):
    """The PDF as it comes out of the printer: read by a renderer and by a reader of codes."""

    def setUp(self):
        super().setUp()
        self.env["ir.config_parameter"].set_param("report.url", self.base_url())
        self.ring.image_1920 = b64encode(make_photo())
        self._create_report(stone_id=self.stone.id, number="2141438171")
        self._anchor()
        self.associate = self._create_user("associate")

    def _print(self):
        """Print as an associate does; return the file."""
        piece = self.ring.with_user(self.associate).with_context(force_report_rendering=True)
        with self.allow_requests(all_requests=True):
            action = piece.action_print_passport()
        attachment = self.env["ir.attachment"].browse(
            int(action["url"].rpartition("/")[2].partition("?")[0])
        )
        self.assertEqual((attachment.res_model, attachment.res_id), ("stock.lot", self.ring.id))
        self.assertTrue(attachment.with_user(self.associate).has_access("read"))
        return attachment.raw

    def _read(self, content):
        """Return number of pages, text, and the codes on the first page."""
        document = pypdfium2.PdfDocument(BytesIO(content))
        page = document[0]
        picture = page.render(scale=3).to_pil()
        codes = [code.text for code in zxingcpp.read_barcodes(picture)]
        return len(document), page.get_textpage().get_text_bounded(), codes

    def test_one_page_says_what_the_piece_is_and_its_code_opens_the_page(self):
        pages, text, codes = self._read(self._print())
        self.assertEqual(pages, 1)
        for words in ("R-0001", "18K", "0.52", "Natural", "2141438171", "Verified.", "is set."):
            self.assertIn(words, text)
        self.assertIn(self.ring._get_passport_values()["head_hash"], text.replace("\r\n", ""))
        for words in ("987.65", "432.10", "Ada Client"):
            self.assertNotIn(words, text)
        (url,) = codes
        self.assertTrue(url.startswith(f"{BASE}/jewelry/passport/"))
        self.assertEqual(self.url_open(url.removeprefix(BASE)).status_code, 200)

    def test_with_a_prefix_of_gs1_the_code_is_a_digital_link(self):
        self.env.company.gs1_prefix = "9521234"
        _pages, _text, (url,) = self._read(self._print())
        self.assertTrue(url.startswith(f"{BASE}/8004/9521234R-0001?t="))
        self.assertEqual(self.url_open(url.removeprefix(BASE)).status_code, 200)

    def test_a_store_without_a_letterhead_prints_one_page_too(self):
        self.env.company.write({"logo": False, "external_report_layout_id": False})
        pages, text, codes = self._read(self._print())
        self.assertEqual((pages, len(codes)), (1, 1))
        self.assertIn("R-0001", text)

    def test_many_stones_and_a_long_past_still_fit_on_one_page(self):
        for number in range(20):
            stone = self._create_stone(holder_id=self.ring.id)
            self._create_report(stone_id=stone.id, number=f"99{number:06}")
        pages, text, codes = self._read(self._print())
        self.assertEqual((pages, len(codes)), (1, 1))
        self.assertIn("and 13 more", text)
