from odoo import fields, models


class JewelryVocabularyMixin(models.AbstractModel):
    """A word of the trade: a name to read, a code that imports and events refer to."""

    _name = "jewelry.vocabulary.mixin"
    _description = "Jewelry Vocabulary"
    _order = "sequence, name, id"
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True,
        copy=False,
        help="What files, tags and events call it. It stays the same in every language.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_unique = models.UniqueIndex("(code)", "This code is already in use. Choose another one.")

    # === BUSINESS METHODS === #

    def _get_all_names(self):
        """Return the names of these records in all languages of the database, each once."""
        languages = [code for code, _name in self.env["res.lang"].get_installed()]
        names = [name for lang in languages for name in self.with_context(lang=lang).mapped("name")]
        return tuple(dict.fromkeys(names))
