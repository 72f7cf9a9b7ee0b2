"""The sheet that wkhtmltopdf's arguments describe.

Core turns a paper format, the report's own attributes and the caller's wishes into arguments for
wkhtmltopdf. Reading those arguments back honours all three, and every module that adds to them.
"""

from dataclasses import dataclass

MM_PER_INCH = 25.4
CSS_DPI = 96
MM_PER_UNIT = {"mm": 1, "cm": 10, "in": MM_PER_INCH, "pt": MM_PER_INCH / 72, "px": MM_PER_INCH / 96}

# WebKit lays a print out 1.25 times as wide as the paper and shrinks it: the size of text that
# reports are drawn for.
SMART_SHRINKING = 0.8
# What Chromium accepts.
MIN_SCALE, MAX_SCALE = 0.1, 2.0


@dataclass(frozen=True)
class Paper:
    """One sheet: lengths in millimetres, as the reader holds it."""

    width: float = 210.0
    height: float = 297.0
    margin_top: float = 10.0
    margin_right: float = 10.0
    margin_bottom: float = 10.0
    margin_left: float = 10.0
    header_spacing: float = 0.0
    header_line: bool = False
    #: Printed size of a CSS pixel, where 1 is 1/96 inch.
    scale: float = SMART_SHRINKING

    @classmethod
    def from_arguments(cls, arguments, sizes):
        """Return the sheet that wkhtmltopdf would print on.

        :param list arguments: command line arguments of wkhtmltopdf, the last of equals wins
        :param dict sizes: (width, height) in millimetres of each named page size, upright
        """
        options = _read_options(arguments)
        lengths = {
            name: parse_length(options[option])
            for name in (
                "margin_top",
                "margin_right",
                "margin_bottom",
                "margin_left",
                "header_spacing",
            )
            if (option := name.replace("_", "-")) in options
        }
        width, height = _page_size(options, sizes)
        return cls(
            width=width,
            height=height,
            header_line="header-line" in options,
            scale=_scale(options),
            **lengths,
        )

    @property
    def body_options(self):
        """Parameters of ``Page.printToPDF`` for a body: between all four margins."""
        return {
            **self.letterhead_options,
            "marginTop": self.margin_top / MM_PER_INCH,
            "marginBottom": self.margin_bottom / MM_PER_INCH,
        }

    @property
    def letterhead_options(self):
        """Parameters of ``Page.printToPDF`` for letterheads: from the top edge to the bottom."""
        return {
            "paperWidth": self.width / MM_PER_INCH,
            "paperHeight": self.height / MM_PER_INCH,
            "marginLeft": self.margin_left / MM_PER_INCH,
            "marginRight": self.margin_right / MM_PER_INCH,
            "marginTop": 0,
            "marginBottom": 0,
            "scale": self.scale,
        }


def parse_length(text):
    """Return a length in millimetres; a bare number is in millimetres already."""
    text = str(text).strip().lower()
    unit = MM_PER_UNIT.get(text[-2:])
    return float(text[:-2]) * unit if unit else float(text)


def _read_options(arguments):
    """Return {name: value} of the arguments; a switch without a value is True."""
    options = {}
    name = None
    for argument in arguments:
        if argument.startswith("--"):
            name = argument[2:]
            options[name] = True
        elif name:
            options[name] = argument
    return options


def _page_size(options, sizes):
    """Return (width, height) in millimetres, turned when the sheet lies on its side."""
    width, height = sizes.get(options.get("page-size"), (Paper.width, Paper.height))
    if "page-width" in options and "page-height" in options:
        width, height = parse_length(options["page-width"]), parse_length(options["page-height"])
    if str(options.get("orientation", "")).lower() == "landscape":
        width, height = height, width
    return width, height


def _scale(options):
    """Return the printed size of a CSS pixel, within what Chromium accepts."""
    dpi = float(options.get("dpi") or CSS_DPI)
    shrinking = 1 if "disable-smart-shrinking" in options else SMART_SHRINKING
    return min(max(shrinking * (CSS_DPI / dpi), MIN_SCALE), MAX_SCALE)
