"""A field for logs that are written by the thousand."""

from odoo import fields


class Mention(fields.Many2one):
    """A Many2one to what stays as long as the row does, which something else sees to: the database
    is not asked for it again with each row. A foreign key takes as long as two indexes.
    """

    def update_db_foreign_key(self, model, column):
        """Override: none is made."""
