"""The passport check as one file that runs anywhere: an archive of the modules that it consists
of, the very ones that the server uses.
"""

import io
import zipfile
from pathlib import Path

NAME = "verify_passport.pyz"
_PACKAGE = "passport_verifier"
_MODULES = (
    "anchor_line",
    "cbv",
    "ed25519",
    "epcis",
    "gs1",
    "merkle",
    "passport",
    "passport_check",
    "provenance",
    "verify_passport",
)
_MAIN = f"import sys\n\nfrom {_PACKAGE}.verify_passport import main\n\nsys.exit(main())\n"
# Before the dates of an archive begin, so that the same program gives the same file.
_EPOCH = (1980, 1, 1, 0, 0, 0)


def build_verifier():
    """Return the program as bytes: `python3 verify_passport.pyz PASSPORT.json`."""
    folder, content = Path(__file__).parent, io.BytesIO()
    content.write(b"#!/usr/bin/env python3\n")
    with zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED) as archive:
        _add(archive, "__main__.py", _MAIN)
        _add(archive, f"{_PACKAGE}/__init__.py", "")
        for name in _MODULES:
            _add(archive, f"{_PACKAGE}/{name}.py", (folder / f"{name}.py").read_text())
    return content.getvalue()


def _add(archive, name, text):
    archive.writestr(zipfile.ZipInfo(name, _EPOCH), text, zipfile.ZIP_DEFLATED)
