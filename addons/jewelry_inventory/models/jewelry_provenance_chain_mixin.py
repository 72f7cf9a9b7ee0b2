from collections import defaultdict

from odoo import api, models
from odoo.tools import float_repr

# Set while a record is created with its parts: their beginning is told by the record's own.
BEGINNING = "provenance_beginning"


class JewelryProvenanceChainMixin(models.AbstractModel):
    """What has a chain of its own: pieces, parcels and stones.

    Its beginning is an event, and so is each new value of a field that `_get_provenance_fields`
    names. Whatever else happens to it, the code that does it appends itself.
    """

    _name = "jewelry.provenance.chain.mixin"
    _inherit = ["jewelry.provenance.mixin"]
    _description = "With a Provenance Chain"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `base` to begin the chains, with one INSERT for all."""
        beginning = self.with_context(**{BEGINNING: True})
        records = super(JewelryProvenanceChainMixin, beginning).create(vals_list)
        records = records.with_env(self.env)
        self._append_events(records._filter_chained()._prepare_beginning())
        return records

    def write(self, vals):
        """Override of `base` to append an event for what changed among the fields that matter."""
        names = self._get_provenance_fields().keys() & vals.keys()
        chained = self._filter_chained() if names else self.browse()
        before = {record: record._get_evidence(names) for record in chained}
        result = super().write(vals)
        self._append_events(
            [entry for record in chained for entry in record._prepare_changes(before[record])]
        )
        return result

    # === ACTION METHODS === #

    def action_view_provenance(self):
        """Open the events of these records."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jewelry_inventory.jewelry_provenance_event_action"
        )
        return action | {"domain": [("chain_uuid", "in", self.mapped("chain_uuid"))]}

    # === BUSINESS METHODS === #

    @api.model
    def _append_events(self, entries):
        """Append events as `_append` of the events does; the short way for what has a chain."""
        self.env["jewelry.provenance.event"]._append(entries)

    def _log_event(self, kind, payload):
        """Append one event of `kind` with the same `payload` to the chain of each record."""
        self._append_events([(record, kind, payload) for record in self])

    def _filter_chained(self):
        """Hook: return those of the records that have a chain."""
        return self

    @api.model
    def _get_provenance_fields(self):
        """Hook: return {field name: kind of the event that a new value of it is}."""
        return {}

    def _prepare_beginning(self):
        """Hook: return the entries that begin the chains of new records."""
        names = self._get_provenance_fields()
        return [(record, "commission", record._get_evidence(names)) for record in self]

    def _prepare_changes(self, before):
        """Return an entry for each kind of event among what is no longer as `before`."""
        kinds = self._get_provenance_fields()
        payloads = defaultdict(dict)
        for name, value in self._get_evidence(before).items():
            if value != before[name]:
                payloads[kinds[name]][name] = value
        return [(self, kind, payload) for kind, payload in payloads.items()]

    def _get_evidence(self, names):
        """Return {name: value} of fields as events hold them."""
        self.ensure_one()
        return {name: self._to_evidence(name) for name in names}

    def _to_evidence(self, name):
        """Return a field's value: records by code or uuid, decimals as text."""
        field, value = self._fields[name], self.sudo()[name]
        if field.relational:
            key = "code" if "code" in value._fields else "chain_uuid"
            return sorted(value.mapped(key)) if field.type.endswith("2many") else value[key] or None
        if field.type == "float":
            return float_repr(value, field.get_digits(self.env)[1])
        return value or None
