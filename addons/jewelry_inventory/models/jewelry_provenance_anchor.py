import os
from datetime import UTC, datetime

from odoo import models
from odoo.tools import SQL, config, str2bool

from ..tools.anchor import AnchorLog, find_standing
from ..tools.anchor_line import find_break, find_unsigned, make_statement
from ..tools.provenance import (
    ANCHOR,
    ANCHOR_HEADS,
    ANCHOR_LINE,
    ANCHOR_LOST,
    ANCHOR_SIGNATURE,
    Fault,
)
from ..tools.signing_key import verify

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
        sign = self.env["jewelry.provenance.key"]._sign
        return self._get_log().append(entry, heads, lambda line: sign(make_statement(line)))

    def _find_faults(self, chains=None):
        """Return the faults of the anchor file, and of those `chains` that differ from it."""
        if not self._is_enabled():
            return []
        lines = self._get_log().read_lines()
        standing = self._get_standing(lines)
        faults = self._compare(lines, standing.line, chains) if standing.line else []
        if broken := find_break(lines):
            faults.append(Fault("", broken, ANCHOR_LINE))
        if unsigned := find_unsigned(lines, verify) or self._find_strange_key(lines):
            faults.append(Fault("", unsigned, ANCHOR_SIGNATURE))
        if standing.lost:
            faults.append(Fault("", len(lines) + 1, ANCHOR_LOST))
        return faults

    def _find_strange_key(self, lines):
        """Return the number, from 1, of the first line of this database that is signed by a key
        that it never had, else 0.
        """
        keys = self.env["jewelry.provenance.key"]._get_known()
        database = self._get_database_uuid()
        strange = (
            number
            for number, line in enumerate(lines, start=1)
            if line.get("database") == database and line.get("key") not in {*(keys or ()), None}
        )
        return 0 if keys is None else next(strange, 0)

    def _get_anchored(self, chains):
        """Return the line that binds this database, if it is signed, and what it knows of chains.

        :param list chains: uuids
        :return: the line or None, and {uuid: dict of seq, hash, index, path} of those under it
        """
        lines = self._get_log().read_lines() if self._is_enabled() else []
        number = self._get_standing(lines).line
        line = lines[number - 1] if number else {}
        tree = self._get_log().read_tree(line["root"]) if "signature" in line else None
        if not tree:
            return None, {}
        heads, merkle = tree
        chosen = set(chains)
        return line, {
            chain: {"seq": seq, "hash": last_hash, "index": index, "path": merkle.get_path(index)}
            for index, (chain, seq, last_hash) in enumerate(heads)
            if chain in chosen
        }

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
