import os
from datetime import UTC, datetime

from odoo import models
from odoo.tools import SQL, config, str2bool

from ..tools.anchor import AnchorLog, find_break, find_standing
from ..tools.provenance import ANCHOR, ANCHOR_HEADS, ANCHOR_LINE, ANCHOR_LOST, Fault

FILE_OPTION = "jewelry_anchor_file"


class JewelryProvenanceAnchor(models.AbstractModel):
    """What all chains were at the last anchor, in a file that the database cannot rewrite.

    The file is named in odoo.conf by `jewelry_anchor_file`; `%d` in it stands for the
    database's name. By default it is jewelry/<database>/anchors.jsonl in the data directory.
    """

    _name = "jewelry.provenance.anchor"
    _description = "Provenance Anchor"

    def _is_enabled(self):
        """Tell whether this database anchors; a neutralized copy does not."""
        return str2bool(
            self.env["ir.config_parameter"].get_param("jewelry_inventory.anchor_enabled", "1")
        )

    def _get_database_uuid(self):
        return self.env["ir.config_parameter"].get_param("database.uuid")

    def _get_log(self):
        """Return the AnchorLog of this database."""
        default = os.path.join(config["data_dir"], "jewelry", "%d", "anchors.jsonl")
        return AnchorLog((config.get(FILE_OPTION) or default).replace("%d", self.env.cr.dbname))

    def _get_standing(self, lines):
        memory = self.env["jewelry.provenance.check"]._get_last_anchored()
        return find_standing(
            lines, self._get_database_uuid(), memory.anchor or "", memory.database_uuid or ""
        )

    def _find_fork(self):
        """Return the uuid of the database that this one is a fresh copy of, or an empty string."""
        if not self._is_enabled():
            return ""
        return self._get_standing(self._get_log().read_lines()).fork_of

    def _append_line(self, events, reason=""):
        """Anchor the heads as they are now, of `events` events, and return the line."""
        heads = self.env["jewelry.provenance.head"]._get_heads()
        entry = {
            "time": datetime.now(UTC).isoformat(timespec="seconds"),
            "database": self._get_database_uuid(),
            "name": self.env.cr.dbname,
            "chains": len(heads),
            "events": events,
            "fork_of": self._find_fork(),
            "reason": reason,
        }
        return self._get_log().append(entry, heads)

    def _find_faults(self, chains=None):
        """Return the faults of the anchor file, and of those `chains` that differ from it."""
        if not self._is_enabled():
            return []
        lines = self._get_log().read_lines()
        standing = self._get_standing(lines)
        faults = self._compare(lines, standing.line, chains) if standing.line else []
        if broken := find_break(lines):
            faults.append(Fault("", broken, ANCHOR_LINE))
        if standing.lost:
            faults.append(Fault("", len(lines) + 1, ANCHOR_LOST))
        return faults

    def _compare(self, lines, number, chains=None):
        """Return a Fault for each chain whose anchored event is another now, or gone."""
        heads = self._get_log().read_heads(lines[number - 1].get("root"))
        if heads is None:
            return [Fault("", number, ANCHOR_HEADS)]
        if chains is not None:
            chosen = set(chains)
            heads = [head for head in heads if head[0] in chosen]
        columns = zip(*heads, strict=True) if heads else ([], [], [])
        rows = self.env.execute_query(
            SQL(
                """SELECT anchor.chain, anchor.seq
                     FROM unnest(%s::varchar[], %s::int[], %s::varchar[])
                          AS anchor (chain, seq, hash)
                     LEFT JOIN jewelry_provenance_event event
                            ON event.chain_uuid = anchor.chain AND event.seq = anchor.seq
                    WHERE event.hash IS DISTINCT FROM anchor.hash""",
                *map(list, columns),
            )
        )
        return [Fault(chain, seq, ANCHOR) for chain, seq in rows]
