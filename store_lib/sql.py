"""Run by the environment's Python, which has the driver: SQL in, rows out, both as JSON."""

import json
import sys

import psycopg2


def main():
    """Read {"database", "host", "user", "port", "statements"}; print the last rows."""
    order = json.load(sys.stdin)
    connection = psycopg2.connect(
        dbname=order["database"],
        host=order["host"] or None,
        user=order["user"],
        port=order["port"] or None,
    )
    connection.autocommit = True
    with connection.cursor() as cursor:
        for statement in order["statements"]:
            cursor.execute(statement)
        print(json.dumps(cursor.fetchall() if cursor.description else []))


if __name__ == "__main__":
    try:
        main()
    except psycopg2.Error as error:
        sys.exit(str(error).strip())
