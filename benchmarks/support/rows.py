"""Rows copied in SQL: a full store in seconds, where filling it is not what is measured."""

from odoo.tools import SQL


def copy_rows(env, table, row_id, count, values):
    """Insert `count` copies of a row; `values` gives SQL over `number`, from 1, by column.

    :return: ids of the new rows, in the order of `number`
    """
    env.flush_all()
    env.cr.execute(
        SQL(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
            " AND NOT attisdropped AND attname <> 'id'",
            table,
        )
    )
    names = [name for (name,) in env.cr.fetchall()]
    columns = [SQL.identifier(name) for name in names]
    found = [
        values.get(name, SQL("source.%s", column))
        for name, column in zip(names, columns, strict=True)
    ]
    rows = env.execute_query(
        SQL(
            """INSERT INTO %s (%s) SELECT %s FROM %s source, generate_series(1, %s) AS number
                WHERE source.id = %s ORDER BY number RETURNING id""",
            SQL.identifier(table),
            SQL(", ").join(columns),
            SQL(", ").join(found),
            SQL.identifier(table),
            count,
            row_id,
        )
    )
    return [row[0] for row in rows]


def nth(ids):
    """Return the SQL of the id in `ids` that belongs to the copy `number`."""
    return SQL("(%s::int[])[number]", ids)
