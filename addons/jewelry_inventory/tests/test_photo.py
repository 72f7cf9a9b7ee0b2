import base64
import importlib
import io
import struct
import zlib

from PIL import Image

from odoo.exceptions import UserError
from odoo.tests import BaseCase, tagged

from ..tools.photo import PhotoError, check_photo
from .common import JewelryCommon

SCRIPT = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'

# Modules that write the formats which Odoo does not load.
WRITERS = {"TIFF": "Tiff", "TGA": "Tga", "JPEG2000": "Jpeg2K", "WEBP": "WebP", "MPO": "Mpo"}


def make_photo(kind="PNG", size=(40, 30)):
    """Return a photo that does not compress to nothing."""
    if kind in WRITERS:
        importlib.import_module(f"PIL.{WRITERS[kind]}ImagePlugin")
    images = [Image.effect_noise(size, 90).convert("RGB") for _ in range(2)]
    file = io.BytesIO()
    images[0].save(file, kind, save_all=kind == "MPO", append_images=images[1:])
    return file.getvalue()


def make_bomb(side=60_000):
    """Return a PNG of a few bytes that says it has this many pixels each way."""
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _pack(b"IHDR", header) + _pack(b"IDAT", zlib.compress(b"0"))


def _pack(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


# An 8-bit RGB picture of 40 by 30 pixels: header, no resources, no layers, raw pixels.
PSD = b"8BPS" + struct.pack(">H6xHIIHH", 1, 3, 30, 40, 8, 3) + bytes(12) + bytes(2) + bytes(3600)

# As browsers send it: a header that knows the length, and the picture.
WEBP = b"RIFF" + struct.pack("<I", 104) + b"WEBPVP8 " + bytes(96)

BROKEN = {
    "half a WebP": WEBP[:60],
    "half a PNG": make_photo()[:900],
    "half a JPEG": make_photo("JPEG", (200, 200))[:2000],
    "a PNG with a changed byte": make_photo()[:500] + b"\0\0\0" + make_photo()[503:],
}

UNSHOWN = {
    "nothing of a picture": b"not a picture",
    "a drawing with a script": SCRIPT,
    "a page": b"<html><script>alert(1)</script></html>",
    "a TIFF": make_photo("TIFF"),
    "a Windows bitmap": make_photo("BMP"),
    "a Targa": make_photo("TGA"),
    "a JPEG 2000": make_photo("JPEG2000"),
    "an icon": make_photo("ICO"),
    "a Photoshop file": PSD,
}
NO_PHOTO = BROKEN | UNSHOWN
MESSAGE = "Not all of this photo is there|no photo of a kind that browsers show"


@tagged("post_install", "-at_install")
class TestPhotoRules(BaseCase):
    """What is a photo."""

    def test_photos_are_let_through(self):
        for kind in ("PNG", "JPEG", "GIF", "WEBP"):
            with self.subTest(kind):
                check_photo(make_photo(kind))
        check_photo(WEBP)

    def test_what_is_no_whole_photo_is_broken(self):
        for name, content in BROKEN.items():
            with self.subTest(name), self.assertRaises(PhotoError) as caught:
                check_photo(content)
            self.assertEqual(caught.exception.code, "broken", name)

    def test_several_pictures_in_one_jpeg_as_telephones_make_them_are_a_photo(self):
        content = make_photo("MPO")
        check_photo(content)
        with self.assertRaises(PhotoError) as caught:
            check_photo(content[:400])
        self.assertEqual(caught.exception.code, "broken")

    def test_what_browsers_do_not_show_is_of_another_format(self):
        for name, content in UNSHOWN.items():
            with self.subTest(name), self.assertRaises(PhotoError) as caught:
                check_photo(content)
            self.assertEqual(caught.exception.code, "format", name)

    def test_photos_of_huge_dimensions_are_refused_before_they_are_unpacked(self):
        for side in (8_000, 10_000, 60_000):
            with self.assertRaises(PhotoError) as caught:
                check_photo(make_bomb(side))
            self.assertEqual(caught.exception.code, "huge")


@tagged("post_install", "-at_install")
class TestPhoto(JewelryCommon):
    """A broken photo leaves nothing behind and says what to do."""

    def test_a_broken_main_photo_is_refused_and_the_old_one_stays(self):
        good = base64.b64encode(make_photo())
        piece = self._create_piece(image_1920=good)
        before = piece.image_1920
        keeper = self._create_user("keeper")
        for content in NO_PHOTO.values():
            with self.assertRaisesRegex(UserError, MESSAGE):
                piece.with_user(keeper).write(
                    {"image_1920": base64.b64encode(content), "hallmark": "750"}
                )
            self.assertEqual((piece.image_1920, piece.hallmark), (before, False))

    def test_a_piece_with_a_broken_photo_is_not_created(self):
        before = self.env["stock.lot"].search_count([])
        with self.assertRaisesRegex(UserError, MESSAGE):
            self._create_piece(name="X-1", image_1920="no base64!")
        with self.assertRaisesRegex(UserError, "50 million pixels"):
            self._create_piece(name="X-1", image_1920=base64.b64encode(make_bomb()))
        self.assertEqual(self.env["stock.lot"].search_count([]), before)

    def test_more_photos_are_looked_at_as_well(self):
        piece = self._create_piece()
        for content in (b"x", make_photo()[:900], *UNSHOWN.values()):
            photo = self.env["ir.attachment"].create({"name": "p.png", "raw": content})
            with self.assertRaisesRegex(UserError, MESSAGE), self.env.cr.savepoint():
                piece.photo_ids = photo
            self.assertFalse(piece.photo_ids)
        piece.photo_ids = self.env["ir.attachment"].create({"name": "p", "raw": make_photo()})
        self.assertEqual(len(piece.photo_ids), 1)

    def test_what_is_not_even_encoded_is_refused(self):
        piece = self._create_piece()
        with self.assertRaisesRegex(UserError, MESSAGE), self.env.cr.savepoint():
            piece.image_1920 = b"not base64 at all!"
        self.assertFalse(piece.image_1920)
