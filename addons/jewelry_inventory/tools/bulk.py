"""What makes work on tens of thousands of rows quick."""

import gc
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

SEPARATOR = "\0"
NULL = "\1"


def to_array(values):
    """Return a PostgreSQL array of values as one text, to be cast in the query.

    A list sent as it is becomes one constant per element, each of which the server parses on
    its own; a text is one constant. None is NULL. All at once, because quoting value by value
    takes longer than the server does; no text that PostgreSQL accepts holds the separator.
    """
    texts = [NULL if value is None else str(value) for value in values]
    if not texts:
        return "{}"
    joined = SEPARATOR.join(texts).replace("\\", "\\\\").replace('"', '\\"')
    quoted = joined.replace(SEPARATOR, '","')
    return f'{{"{quoted}"}}'.replace(f'"{NULL}"', "NULL")


@contextmanager
def paused_collection():
    """Do not look for cyclic garbage while many plain tuples are made: there is none in them,
    and each search walks over all that were made before.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@contextmanager
def behind(cr):
    """Yield a function that leaves a statement to the database and returns at once.

    The server has a processor of its own: it works through the statements, in their order, while
    the block computes. What the block asks the database meanwhile comes in between two of them.
    The block ends when the last is done, and raises what the first that failed raised.

    :param cr: the cursor of the transaction; the statements are `odoo.tools.SQL`
    """
    with cr.connection.cursor() as own, ThreadPoolExecutor(1) as worker:
        results = []
        try:
            yield lambda query: results.append(worker.submit(own.execute, query.code, query.params))
        finally:
            for result in results:
                result.result()
