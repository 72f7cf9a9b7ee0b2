from odoo import fields, models
from odoo.tools import SQL

from ..tools.bulk import to_array
from ..tools.provenance import HEAD, Fault


def in_chains(chains):
    """Return the SQL condition on `chain_uuid` that picks `chains`; None picks all."""
    return SQL() if chains is None else SQL("WHERE chain_uuid = ANY(%s)", chains)


class JewelryProvenanceHead(models.Model):
    """The last event of each chain: what writers queue for, and proof of its length."""

    _name = "jewelry.provenance.head"
    _description = "Provenance Head"
    _log_access = False
    _order = "chain_uuid"
    _rec_name = "chain_uuid"

    chain_uuid = fields.Char(string="Chain", required=True)
    seq = fields.Integer(string="Last Number", required=True)
    hash = fields.Char(string="Last Hash", required=True)

    _chain_uuid_unique = models.UniqueIndex("(chain_uuid)", "A chain has one head.")

    def _lock(self, chains):
        """Return {chain: (seq, hash)} of those `chains` that exist, and lock them.

        Locking in uuid order keeps two writers from waiting for each other. The one that comes
        second gets a serialization error and is run again by Odoo, then on top of the first
        one's events.
        """
        rows = self.env.execute_query(
            SQL(
                """SELECT chain_uuid, seq, hash FROM jewelry_provenance_head
                    WHERE chain_uuid = ANY(%s::varchar[]) ORDER BY chain_uuid FOR UPDATE""",
                to_array(chains),
            )
        )
        return {chain: (seq, last_hash) for chain, seq, last_hash in rows}

    def _get_store(self, heads):
        """Return the query that writes `heads`, a dict as `_lock` returns it.

        Two transactions that begin the same chain meet here, before either has written an event.
        """
        rows = [(chain, *head) for chain, head in sorted(heads.items())]
        self.invalidate_model()
        return SQL(
            """INSERT INTO jewelry_provenance_head (chain_uuid, seq, hash)
               SELECT * FROM unnest(%s::varchar[], %s::int[], %s::varchar[])
               ON CONFLICT (chain_uuid)
               DO UPDATE SET seq = EXCLUDED.seq, hash = EXCLUDED.hash""",
            *map(to_array, zip(*rows, strict=True)),
        )

    def _get_heads(self):
        """Return every head as (chain, seq, hash)."""
        return self.env.execute_query(
            SQL("SELECT chain_uuid, seq, hash FROM jewelry_provenance_head")
        )

    def _find_faults(self, chains=None):
        """Return a Fault for each of `chains`, or of all, that ends elsewhere than its head."""
        rows = self.env.execute_query(
            SQL(
                """SELECT chain_uuid, CASE WHEN head.seq = tail.seq THEN head.seq
                          ELSE LEAST(COALESCE(head.seq, 0), COALESCE(tail.seq, 0)) + 1 END
                     FROM (SELECT chain_uuid, seq, hash
                             FROM jewelry_provenance_head %(chosen)s) head
                     FULL JOIN (SELECT DISTINCT ON (chain_uuid) chain_uuid, seq, hash
                                  FROM jewelry_provenance_event %(chosen)s
                                 ORDER BY chain_uuid, seq DESC) tail USING (chain_uuid)
                    WHERE (head.seq, head.hash) IS DISTINCT FROM (tail.seq, tail.hash)""",
                chosen=in_chains(chains),
            )
        )
        return [Fault(chain, seq, HEAD) for chain, seq in rows]
