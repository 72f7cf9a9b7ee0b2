from odoo import Command, api, models
from odoo.fields import Domain

from ..tools.report import is_same
from ..tools.weight import to_decimal
from .jewelry_stone import GRADE_SCALES

# The fields that reports tell of, by the model that has them, in the order of the comparison.
COMPARED = {
    "jewelry.stone": (
        "carat",
        "count",
        "shape_id",
        "length",
        "width",
        "depth",
        "species_id",
        "variety_id",
        "origin",
        "treatment_ids",
        "color_grade_id",
        "fancy_intensity_id",
        "fancy_color",
        "color_origin",
        "clarity_grade_id",
        "cut_grade_id",
        "polish_grade_id",
        "symmetry_grade_id",
        "fluorescence_grade_id",
        "fluorescence_color_id",
        "lab_grown_class_id",
        "depth_percent",
        "table_percent",
        "girdle",
        "culet",
        "sieve",
    ),
    "stock.lot": ("gross_weight", "hallmark", "inscription"),
    "jewelry.grading.report": ("inscription", "comment"),
}
# What a parcel in stock holds follows from its moves.
BY_MOVES = ("carat", "count")


class JewelryReportComparison(models.AbstractModel):
    """What a report says, beside what was typed: the words of a reading become our records."""

    _name = "jewelry.report.comparison"
    _description = "Report Comparison"

    @api.model
    def _compare(self, record, values):
        """Return what to show of each field of a record that was typed or that a report tells.

        :param dict values: `tools.report.Value` by field
        :return: list of the values of `jewelry.grading.report.lookup.line`
        """
        fields = [record._fields[name] for name in COMPARED[record._name]]
        return [
            self._compare_field(record, field, values.get(field.name))
            for field in fields
            if field.name in values or self._is_typed(record, field)
        ]

    @api.model
    def _is_typed(self, record, field):
        """Tell whether somebody typed the field; that a stone is one is never typed."""
        return field.name != "count" and bool(self._get_typed(record, field))

    @api.model
    def _compare_field(self, record, field, told):
        value = self._resolve(field, told.value if told else None)
        status = self._get_status(record, field, told, value)
        return {
            "res_model": record._name,
            "res_id": record.id,
            "name": field.name,
            "subject": record.display_name,
            "label": field._description_string(self.env),
            "typed": self._get_text(field, self._get_typed(record, field)),
            "printed": told.text if told else "",
            "read_as": self._get_text(field, value),
            "value": [Command.set(value)] if field.type == "many2many" and value else value,
            "status": status,
            "is_taken": status == "missing",
        }

    @api.model
    def _get_status(self, record, field, told, value):
        """Return how what was typed and what was read stand to each other."""
        typed = self._get_typed(record, field)
        if not value:
            return "unreadable" if told else "silent"
        if not typed:
            return "missing"
        if self._is_equal(field, typed, told.value, value):
            return "same"
        return "locked" if self._is_locked(record, field) else "differs"

    @api.model
    def _is_equal(self, field, typed, told, value):
        if field.type == "float":
            return is_same(field.name, to_decimal(typed), told)
        if field.type in ("char", "text"):
            return typed.strip().casefold() == value.strip().casefold()
        if field.type == "many2many":
            return set(typed) == set(value)
        return typed == value

    @api.model
    def _is_locked(self, record, field):
        """Tell whether the field is written by moves only."""
        if record._name != "jewelry.stone" or field.name not in BY_MOVES:
            return False
        return bool(record.holder_id._filter_parcels().quant_ids)

    @api.model
    def _get_typed(self, record, field):
        """Return the value of a field as `_resolve` would give it; False if there is none."""
        value = record[field.name]
        if field.type == "many2one":
            return value.id
        if field.type == "many2many":
            return value.ids
        # That nobody knows is what is said where nothing is known.
        return False if (field.name, value) == ("origin", "unknown") else value

    @api.model
    def _resolve(self, field, told):
        """Return a value of a reading as the field holds it: ids for codes; False if unknown."""
        if told is None:
            return False
        if field.type in ("many2one", "many2many"):
            codes = told if isinstance(told, list) else [told]
            found = [self._find(field, code).id for code in codes]
            if field.type == "many2one":
                return found[0]
            return found if all(found) else False
        if field.type == "selection":
            return told if told in dict(field._description_selection(self.env)) else False
        return float(told) if field.type == "float" else told

    @api.model
    def _find(self, field, code):
        """Return the word of our vocabulary that a code, or a name in English, stands for."""
        words = self.env[field.comodel_name].with_context(lang="en_US", active_test=True)
        domain = Domain.TRUE
        if scale := GRADE_SCALES.get(field.name):
            domain = Domain([("scale", "=", scale), ("scheme", "=", "gia")])
        found = words.search(domain & Domain("code", "=", code), limit=1)
        if found or field.comodel_name == "jewelry.grade":
            return found
        # "Blue Sapphire" is a sapphire, where we have no word for the blue one.
        names = dict.fromkeys([code, code.split()[-1]])
        matches = (words.search(domain & Domain("name", "=ilike", name), limit=1) for name in names)
        return next(filter(None, matches), words)

    @api.model
    def _get_text(self, field, value):
        """Return a value as a person reads it."""
        if not value:
            return ""
        if field.type in ("many2one", "many2many"):
            records = self.env[field.comodel_name].browse(value)
            return ", ".join(records.mapped("display_name"))
        if field.type == "selection":
            return dict(field._description_selection(self.env))[value]
        if field.type == "float":
            digits = field.get_digits(self.env)
            return f"{value:.{digits[1]}f}"
        return str(value)
