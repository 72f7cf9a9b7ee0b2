"""A module's README.rst, made from the fragments in its `readme/` folder."""

import ast

_SECTIONS = ("CONFIGURE", "USAGE", "ROADMAP", "CREDITS")


def render(module):
    """The text README.rst must have: title, description, then the fragments that exist."""
    manifest = ast.literal_eval((module / "__manifest__.py").read_text())
    parts = [_title(manifest["name"], "="), _fragment(module, "DESCRIPTION")]
    for name in _SECTIONS:
        text = _fragment(module, name)
        if text:
            parts += [_title(name.capitalize(), "-"), text]
    return "\n\n".join(parts) + "\n"


def _title(text, line):
    return f"{text}\n{line * len(text)}"


def _fragment(module, name):
    path = module / "readme" / f"{name}.rst"
    return path.read_text().strip() if path.exists() else ""


def check(module, fix=False):
    """Compare README.rst with its fragments; `fix` writes it. Return the finding, if any."""
    target = module / "README.rst"
    wanted = render(module)
    if not (module / "readme/DESCRIPTION.rst").exists():
        return f"{module.name}: readme/DESCRIPTION.rst is missing"
    if fix:
        target.write_text(wanted)
    if not target.exists() or target.read_text() != wanted:
        return f"{module.name}: README.rst is not what readme/ gives: ./store lint --fix"
    return ""
