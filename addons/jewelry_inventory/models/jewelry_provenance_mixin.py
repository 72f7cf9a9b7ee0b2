from uuid import uuid4

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class JewelryProvenanceMixin(models.AbstractModel):
    """Whatever provenance speaks of: pieces and stones, their places, owners and users.

    The uuid is the record's only name in an event, so that a chain reads the same in every copy
    of the database. A person's uuid says nothing once the contact is erased.
    """

    _name = "jewelry.provenance.mixin"
    _description = "Named in Provenance"

    chain_uuid = fields.Char(
        string="Provenance UUID",
        default=lambda self: str(uuid4()),
        copy=False,
        readonly=True,
        groups="base.group_user",
        help="The name of this record in provenance; a piece's or stone's chain carries it.",
    )

    _chain_uuid_unique = models.UniqueIndex("(chain_uuid)", "A provenance UUID names one record.")

    def _init_column(self, column_name):
        """Override of `base`: older rows get a uuid each, not one for all."""
        if column_name != "chain_uuid":
            return super()._init_column(column_name)
        return self.env.cr.execute(
            SQL(
                "UPDATE %(table)s SET chain_uuid = gen_random_uuid() WHERE chain_uuid IS NULL",
                table=SQL.identifier(self._table),
            )
        )

    def write(self, vals):
        """Override of `base`: a uuid once given stays, or the past would belong to nobody.

        Writing the same value is let through: merging partners does that.
        """
        uuid = vals.get("chain_uuid")
        if "chain_uuid" in vals and any(
            record.chain_uuid not in (False, uuid) for record in self.sudo()
        ):
            raise UserError(self.env._("A provenance UUID cannot be changed."))
        return super().write(vals)
