"""What a module leaves in a database: everything is looked at before, and again afterwards."""

import re
from dataclasses import dataclass

# How a line begins that tells of the database system, not of a row.
STRUCTURE = {
    "table",
    "sequence",
    "column",
    "index",
    "constraint",
    "trigger",
    "function",
    "extension",
}

# What the database system itself knows: one line for each thing, with its whole definition.
_SCHEMA = """
WITH ours AS (
    SELECT oid, relname, relkind FROM pg_class WHERE relnamespace = 'public'::regnamespace
)
SELECT format('%s %s', CASE relkind WHEN 'S' THEN 'sequence' ELSE 'table' END, relname)
  FROM ours WHERE relkind IN ('r', 'v', 'm', 'S')
UNION ALL
SELECT format('column %s.%s %s%s', relname, attname, format_type(atttypid, atttypmod),
              CASE WHEN attnotnull THEN ' NOT NULL' END)
  FROM pg_attribute JOIN ours ON ours.oid = attrelid
 WHERE attnum > 0 AND NOT attisdropped AND relkind IN ('r', 'v', 'm')
UNION ALL
SELECT format('index %s', indexdef) FROM pg_indexes WHERE schemaname = 'public'
UNION ALL
SELECT format('constraint %s of %s: %s', conname, conrelid::regclass, pg_get_constraintdef(oid))
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL
SELECT format('trigger %s', pg_get_triggerdef(oid)) FROM pg_trigger WHERE NOT tgisinternal
UNION ALL
SELECT format('function %s', oid::regprocedure)
  FROM pg_proc WHERE pronamespace = 'public'::regnamespace
   AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
UNION ALL
SELECT format('extension %s', extname) FROM pg_extension
"""
_TABLES = (
    "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    " AND tablename NOT LIKE 'orm\\_signaling\\_%' ORDER BY tablename"
)
_ROWS = (
    "SELECT '{table}', {key}, md5((row - ARRAY[{columns}])::text)"
    ' FROM (SELECT to_jsonb(t) AS row FROM "{table}" t WHERE {domain}) AS rows'
)
_KEY = "COALESCE(row ->> 'id', row::text)"

# What changes by the clock, or by the mere fact that modules were loaded once more.
_RESTLESS_TABLES = {"bus_bus", "ir_cron_trigger", "ir_logging"}
_RESTLESS_COLUMNS = {
    "create_date",
    "create_uid",
    "write_date",
    "write_uid",
    "nextcall",
    "lastcall",
    # Of models: the docstring of whichever of its classes was loaded last.
    "info",
}
_RESTLESS_ROWS = {
    # Compiled again when a page is opened.
    "ir_attachment": "url IS NULL OR url NOT LIKE '/web/assets/%'",
}
# Odoo's own bookkeeping is written anew with other ids: these rows go by their names.
_NAMES = {
    "ir_model_constraint": "row ->> 'name'",
    "ir_model_data": "concat_ws('.', row ->> 'module', row ->> 'name')",
    "ir_model_fields": "concat_ws('.', row ->> 'model', row ->> 'name')",
}
_IDS = {"id", "res_id"}


@dataclass(frozen=True)
class Snapshot:
    """A database at one moment: its `schema` as lines, its `rows` as {(table, key): digest}."""

    schema: frozenset
    rows: dict


def take(databases, name):
    """Look at everything in the database `name`."""
    schema = frozenset(line for (line,) in databases.query(name, _SCHEMA))
    tables = [table for (table,) in databases.query(name, _TABLES)]
    rows = databases.query(name, _select(sorted(set(tables) - _RESTLESS_TABLES)))
    return Snapshot(schema, {(table, key): digest for table, key, digest in rows})


def _select(tables):
    return " UNION ALL ".join(map(_select_rows, tables))


def _select_rows(table):
    columns = _RESTLESS_COLUMNS | (_IDS if table in _NAMES else set())
    return _ROWS.format(
        table=table,
        key=_NAMES.get(table, _KEY),
        columns=", ".join(f"'{name}'" for name in sorted(columns)),
        domain=_RESTLESS_ROWS.get(table, "true"),
    )


def compare(before, after):
    """Return one line for each thing that is left, lost or changed."""
    lines = [f"left: {line}" for line in after.schema - before.schema]
    lines += [f"lost: {line}" for line in before.schema - after.schema]
    for key in before.rows.keys() | after.rows.keys():
        if before.rows.get(key) != after.rows.get(key):
            lines.append(f"{_tell(key, before, after)}: {key[0]} {key[1]}")
    return sorted(lines)


def _tell(key, before, after):
    if key not in before.rows:
        return "left"
    return "changed" if key in after.rows else "lost"


def leave_out(lines, allowed):
    """Take what the plan allows out: each entry has a pattern for a whole `line`, and a reason."""
    patterns = [re.compile(entry["line"]) for entry in allowed]
    return [line for line in lines if not any(rule.fullmatch(line) for rule in patterns)]
