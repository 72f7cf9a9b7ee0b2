"""Telling photos from files that only look like one, before anybody has to show them."""

import io
import warnings

from PIL import Image, UnidentifiedImageError

# As many as a good camera has; an image can unpack to a thousand times its size.
MAX_PIXELS = 50_000_000
# What every browser shows, and nothing else is even parsed. WebP has a check of its own.
SHOWN_FORMATS = ("JPEG", "PNG", "GIF")
# Telephones put several pictures into one JPEG; browsers show the first.
JPEG_FORMATS = ("JPEG", "MPO")
JPEG_START, JPEG_END = b"\xff\xda", b"\xff\xd9"


class PhotoError(ValueError):
    """The file is no photo that can be shown; `code` says why."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


def check_photo(content):
    """Look whether a photo can be shown, without unpacking it.

    :param bytes content: the file
    :raises PhotoError: `huge` for more pixels than anybody needs; `format` for what is no photo, or
        of a kind that browsers do not show (TIFF) or that can hold a program (SVG); `broken` for
        what is not all there
    """
    try:
        is_whole = _is_whole_webp(content) if content[:4] == b"RIFF" else _is_whole(content)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PhotoError("huge") from error
    except UnidentifiedImageError as error:
        raise PhotoError("format") from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise PhotoError("broken") from error
    if not is_whole:
        raise PhotoError("broken")


def _is_whole(content):
    with warnings.catch_warnings(), _open(content) as image:
        if image.width * image.height > MAX_PIXELS:
            raise Image.DecompressionBombError
        # Of a PNG this reads the checksums to the end; other kinds have none.
        image.verify()
        # In a JPEG, the picture begins after one mark and ends with another.
        return image.format not in JPEG_FORMATS or content.rfind(JPEG_END) > content.rfind(
            JPEG_START
        )


def _open(content):
    # Of pictures that are large, but no bomb, the library only warns.
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    return Image.open(io.BytesIO(content), formats=SHOWN_FORMATS)


def _is_whole_webp(content):
    """Core lets browsers upload this kind, which its own library need not be able to read."""
    length = int.from_bytes(content[4:8], "little")
    return content[8:12] == b"WEBP" and len(content) >= length + 8
