"""Telling a laboratory's document from what only carries its name."""

from .photo import PhotoError, check_photo

PDF_START, PDF_END = b"%PDF-", b"%%EOF"
# Readers look for the marks within this much of either end.
PDF_MARGIN = 1024
MAX_BYTES = 20_000_000


class DocumentError(ValueError):
    """The file cannot be kept as a document; `code` says why."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


def is_pdf(content):
    """Tell whether a file is a PDF and all of it is there, by its bytes."""
    return PDF_START in content[:PDF_MARGIN] and PDF_END in content[-PDF_MARGIN:]


def check_document(content):
    """Let through PDFs, and photos or scans that can be shown.

    :param bytes content: the file
    :raises DocumentError: `large`; `huge` for a picture of too many pixels; `broken` for what is
        neither, is not all there, or is a drawing that can hold a program (SVG)
    """
    if len(content) > MAX_BYTES:
        raise DocumentError("large")
    if is_pdf(content):
        return
    try:
        check_photo(content)
    except PhotoError as error:
        raise DocumentError("huge" if error.code == "huge" else "broken") from error
