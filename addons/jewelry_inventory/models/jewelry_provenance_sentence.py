import itertools
from uuid import UUID

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.balance import CARATS, FINE, GRAMS, STONES
from ..tools.provenance import read_payload

# Models whose fields events speak of, by their names.
CHAINED_MODELS = ("stock.lot", "jewelry.stone")
# Events that hold what a field is from then on, so that the next ones say what it was.
STATE_KINDS = ("commission", "content", "owner")
# Said by another part of the sentence, or by nobody but a machine.
UNSAID = {"from", "to", "old", "new", "currency", "stone"}
ARROW = " → "


class JewelryProvenanceSentence(models.Model):
    """What an event says, as a sentence: what happened, with labels, names and old → new."""

    _inherit = "jewelry.provenance.event"

    summary = fields.Char(string="What Happened", compute="_compute_summary")

    # === COMPUTE METHODS === #

    @api.depends("payload", "kind")
    @api.depends_context("uid", "lang")
    def _compute_summary(self):
        """Tell each event in words; what the user may not read is not named."""
        payloads, before, known = self._read_what_is_said()
        kinds, labels = self._get_kind_labels(), self._get_key_labels()
        for event, payload in payloads.items():
            said = event._say_payload(payload, before.get(event, {}), labels, known)
            event.summary = ": ".join(filter(None, [kinds.get(event.kind, event.kind), said]))

    # === BUSINESS METHODS === #

    def _read_what_is_said(self):
        """Return what the events say, what that was before, and the words for both.

        :return: {event: payload}, {event: values before}, {"names": of uuids, "codes": of codes}
        """
        payloads = {event: read_payload(event.payload) for event in self}
        before = self._get_values_before()
        uuids = self._find_uuids([*payloads.values(), *before.values()])
        keys = {key for payload in payloads.values() for key in payload}
        return payloads, before, {"names": self._get_names(uuids), "codes": self._get_codes(keys)}

    def _get_before_and_after(self):
        """Return {event: (text before, text after)} of the places or the values that changed."""
        payloads, before, known = self._read_what_is_said()
        labels = self._get_key_labels()
        return {
            event: event._say_ends(payload, known["names"])
            if {"from", "to"} & payload.keys()
            else tuple(
                self._say_values(values, payload.keys(), labels, known)
                for values in (before.get(event, {}), payload)
            )
            for event, payload in payloads.items()
        }

    def _say_values(self, values, keys, labels, known):
        """Return the values of those keys in words, each with its label."""
        said = {key: self._say_value(key, values.get(key), known) for key in sorted(keys)}
        return ", ".join(f"{labels.get(key, key)}: {text}" for key, text in said.items() if text)

    def _get_values_before(self):
        """Return {event: what the keys of its payload held before}, as far as the chain says."""
        if not self:
            return {}
        before = {}
        for event_id, key, value in self.env.execute_query(self._get_before_query()):
            before.setdefault(self.browse(event_id), {})[key] = value
        return before

    def _get_before_query(self):
        """Return the query of (event, key, value before): of each key the last event that holds
        it, so that a long chain is read back only as far as it takes.
        """
        earlier = self._search([("kind", "in", STATE_KINDS)], order="seq DESC", limit=1)
        earlier.add_where(
            SQL(
                "%s = said.chain_uuid AND %s < said.seq AND (%s)::jsonb ? said.key",
                *(SQL.identifier(self._table, name) for name in ("chain_uuid", "seq", "payload")),
            )
        )
        # As json, not jsonb, which would change the order of what is in it.
        return SQL(
            """
            SELECT said.id, said.key, before.value
              FROM (
                    SELECT event.id, event.chain_uuid, event.seq,
                           json_object_keys(event.payload::json) AS key
                      FROM jewelry_provenance_event event
                     WHERE event.id IN %(events)s AND event.kind IN %(kinds)s
                   ) said
             CROSS JOIN LATERAL (%(before)s) before
            """,
            events=tuple(self.ids),
            kinds=STATE_KINDS,
            before=earlier.select(
                SQL("%s::json -> said.key AS value", SQL.identifier(self._table, "payload"))
            ),
        )

    @api.model
    def _find_uuids(self, payloads):
        """Return all texts in the payloads that may name a record."""
        values = [value for payload in payloads for value in payload.values()]
        lists = [value for value in values if isinstance(value, list)]
        return set(filter(self._is_uuid, itertools.chain(values, *lists)))

    @api.model
    def _is_uuid(self, value):
        try:
            return isinstance(value, str) and str(UUID(value)) == value
        except ValueError:
            return False

    def _say_payload(self, payload, before, labels, known):
        """Return the payload in words, such as "Vendors → Stock, Quantity: 1"."""
        nothing = self.env._("nothing")
        parts = [self._say_way(payload, known["names"]), self._say_amount(payload)]
        for key, value in payload.items():
            if key in self._get_unsaid():
                continue
            new = self._say_value(key, value, known)
            old = self._say_value(key, before.get(key), known)
            if new or old:
                text = f"{old}{ARROW}{new or nothing}" if old and old != new else new
                parts.append(f"{labels.get(key, key)}: {text}")
        return ", ".join(filter(None, parts))

    def _get_unsaid(self):
        """Return the keys that add nothing: one is always one, and a digest is for machines."""
        single = {"quantity"} if self.lot_id.is_piece else set()
        return UNSAID | single | ({"document"} if self.kind == "certificate" else set())

    def _say_way(self, payload, names):
        if not {"from", "to"} & payload.keys():
            return ""
        return ARROW.join(self._say_ends(payload, names))

    def _say_ends(self, payload, names):
        """Return where something was and where it went, as far as the user may know."""
        return tuple(
            names.get(payload.get(end)) or self.env._("elsewhere") for end in ("from", "to")
        )

    def _say_amount(self, payload):
        """Return the price or the cost that changed, in its currency where the event says it."""
        if "new" not in payload:
            return ""
        amounts = [payload[key] for key in ("old", "new") if payload.get(key)]
        return " ".join(filter(None, [ARROW.join(amounts), payload.get("currency")]))

    def _say_value(self, key, value, known):
        """Return a value of the payload in words; "" for nothing."""
        if value in (None, False, "", [], {}):
            return self.env._("no") if value is False else ""
        if value is True:
            return self.env._("yes")
        if isinstance(value, dict):
            units = ((amount, self._say_value(key, unit, known)) for unit, amount in value.items())
            return ", ".join(" ".join(part) for part in units)
        if isinstance(value, list):
            return ", ".join(filter(None, (self._say_value(key, part, known) for part in value)))
        if self._is_uuid(value):
            return known["names"].get(value, "")
        return known["codes"].get(key, {}).get(value, str(value))

    # === WORDS === #

    @api.model
    def _get_kind_labels(self):
        """Return {kind: what happened}. Rooms that write events of more kinds extend it."""
        return {
            "commission": self.env._("Created"),
            "receive": self.env._("Received"),
            "move": self.env._("Moved"),
            "ship": self.env._("Handed over"),
            "return": self.env._("Came back"),
            "send_back": self.env._("Sent back"),
            "count_in": self.env._("Taken into stock"),
            "count_out": self.env._("Taken out of stock"),
            "set": self.env._("Stone set"),
            "unset": self.env._("Stone unset"),
            "join": self.env._("Stones put into a parcel"),
            "leave": self.env._("Stones taken out of a parcel"),
            "transform": self.env._("Worked on"),
            "content": self.env._("Description changed"),
            "certificate": self.env._("Laboratory report"),
            "source": self.env._("Source"),
            "owner": self.env._("Owner or terms changed"),
            "price": self.env._("Price"),
            "cost": self.env._("Cost"),
            "undo": self.env._("Corrected"),
            "void": self.env._("Voided"),
        }

    @api.model
    def _get_key_labels(self):
        """Return {key of a payload: what people call it}."""
        labels = {
            name: field._description_string(self.env)
            for name, field in self._get_chained_fields().items()
        }
        return labels | {
            "number": self.env._("Number"),
            "quantity": self.env._("Quantity"),
            "stones": self.env._("Stones"),
            "document": self.env._("Document"),
            "owner": self.env._("Owner"),
            "holder": self.env._("In"),
            "metals": self.env._("Metals"),
            "laboratory": self.env._("Laboratory"),
            "current": self.env._("Current"),
            "why": self.env._("Reason"),
            "undone": self.env._("Undone"),
            "kind": self.env._("Kind"),
            "in": self.env._("From"),
            "out": self.env._("Into"),
            "lost": self.env._("Lost"),
            "source": self.env._("Source"),
            "countries": self.env._("Countries of origin"),
            "mine": self.env._("Mine"),
            "papers": self.env._("Sourcing documents"),
            "recycled": self.env._("Recycled (%)"),
            "partly_unknown": self.env._("Partly of unknown origin"),
        }

    @api.model
    def _get_chained_fields(self):
        """Return {name: field} of the fields that events hold."""
        return {
            name: self.env[model]._fields[name]
            for model in CHAINED_MODELS
            for name in self.env[model]._get_provenance_fields()
        }

    @api.model
    def _get_codes(self, keys):
        """Return {key of a payload: {code or key: word}} of the keys that have codes."""
        transformation = self.env["jewelry.transformation"]._fields["kind"]
        return self._get_vocabularies(keys) | {
            "lost": {
                GRAMS: self.env._("g"),
                FINE: self.env._("g of fine metal"),
                CARATS: self.env._("ct"),
                STONES: self.env._("stones"),
            },
            "source": dict(
                self.env["jewelry.stone"]
                ._fields["material_source"]
                ._description_selection(self.env)
            ),
            "kind": dict(transformation._description_selection(self.env)),
            "undone": self._get_kind_labels(),
            "why": self._get_reasons(),
        }

    @api.model
    def _get_vocabularies(self, keys):
        """Return {key: {code: word}} of those fields of pieces and stones that have one. Those of
        no other key are read: most pages speak of few.
        """
        words, known = {}, {}
        for name, field in self._get_chained_fields().items():
            if name not in keys:
                continue
            if field.type == "selection":
                words[name] = dict(field._description_selection(self.env))
            elif field.relational and "code" in self.env[field.comodel_name]._fields:
                domain = field.domain if isinstance(field.domain, list) else []
                words[name] = self._get_vocabulary(field.comodel_name, known, domain)
        if "metals" in keys:
            alloys = self._get_vocabulary("jewelry.alloy", known)
            grams = {code: self.env._("g %(alloy)s", alloy=name) for code, name in alloys.items()}
            words["metals"] = grams
        if "laboratory" in keys:
            words["laboratory"] = self._get_vocabulary("jewelry.laboratory", known)
        return words

    @api.model
    def _get_reasons(self):
        """Return {why of a price or a cost: words}."""
        reasons = self.env["product.value"]._fields["reason"]
        return dict(reasons._description_selection(self.env)) | {
            "new": self.env._("New piece"),
            "manual": self.env._("By hand"),
            "policy": self.env._("Price policy"),
            "run": self.env._("Repricing of the stock"),
            "undo": self.env._("Repricing undone"),
            "receipt": self.env._("Receipt"),
        }

    @api.model
    def _get_vocabulary(self, model, known, domain=()):
        """Return {code: name} of a vocabulary, or of the scale in it that `domain` names.

        :param dict known: {model: records}, what was read already
        """
        if model not in known:
            words = self.env[model].with_context(active_test=False)
            known[model] = words.search_fetch([("code", "!=", False)], ["code", "name"])
        records = known[model].filtered_domain(list(domain))
        return {record.code: record.name for record in records}
