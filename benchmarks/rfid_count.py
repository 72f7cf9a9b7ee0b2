"""How long it takes until all chips of a store that readers see are counted and on the screen: real
HTTP with a gateway's key, the message on the bus, and what the live screen asks for after each."""

import json
import select
import sys
import threading
import time
from pathlib import Path
from urllib.request import Request, urlopen
from uuid import uuid4

from werkzeug.serving import make_server

from odoo.http import root
from odoo.sql_db import db_connect

sys.path.insert(0, str(Path(__file__).parent))

from rfid import SIZE, make_store, number

#: So many chips, and how many seconds are asked for.
COUNTS = {10_000: 5.0, 50_000: 20.0}
#: So many are scanned one by one as the trunk does it, for comparison.
NAIVE = 300


def run(env, report):
    """Count 10,000 and 50,000 chips, and some of them one by one."""
    gateway, reader = make_store(env)
    places = reader.antenna_ids.zone_id.location_id.sorted("id")
    style = env["product.template"].create({"name": "Benchmark band", "jewelry_kind": "piece"})
    first, epcs = 0, []
    for place, size in zip(places, COUNTS, strict=True):
        epcs.append(make_tags(env, style, place, first, size))
        first += size
    key = gateway._make_key()
    env.cr.commit()
    naive = measure_naive(env, places[0])
    report(name="scanned one by one, as by hand", n=NAIVE, value=naive, unit="1/s")
    for port, (place, (size, most)) in enumerate(zip(places, COUNTS.items(), strict=True), 1):
        seconds, read = measure_count(env, gateway, key, place, port, epcs[port - 1])
        name = f"{size:,} chips counted and shown"
        report(name=name, n=size, value=seconds, unit="s", baseline=most, ratio=most / seconds)
        by_hand = size / naive
        report(
            name=f"{name}, against one by one",
            n=size,
            value=seconds,
            unit="s",
            baseline=by_hand,
            ratio=by_hand / seconds,
        )
        report(name=f"{name}: of it the screen, once", n=size, value=read, unit="s")


def make_tags(env, style, place, first, count):
    """Put pieces with live tags into a place, and return the numbers of the tags."""
    env.flush_all()
    epcs = [number(first + n) for n in range(count)]
    params = {
        "product": style.product_variant_id.id,
        "style": style.id,
        "company": env.company.id,
        "place": place.id,
        "first": first,
        "last": first + count - 1,
        "epcs": epcs,
    }
    env.cr.execute(
        """
        WITH lots AS (
            INSERT INTO stock_lot (name, product_id, product_tmpl_id, company_id, jewelry_kind,
                                   is_piece, location_id, stock_type)
            SELECT 'COUNT-' || n, %(product)s, %(style)s, %(company)s, 'piece', TRUE, %(place)s,
                   'stock'
              FROM generate_series(%(first)s, %(last)s) AS n
            RETURNING id
        ), quants AS (
            INSERT INTO stock_quant (product_id, location_id, lot_id, quantity, reserved_quantity,
                                     in_date, company_id)
            SELECT %(product)s, %(place)s, id, 1, 0, now() - INTERVAL '1 day', %(company)s FROM lots
        )
        INSERT INTO jewelry_rfid_tag (epc, lot_id, company_id, state)
        SELECT new.epc, lot.id, %(company)s, 'live'
          FROM unnest(%(epcs)s::varchar[]) WITH ORDINALITY AS new (epc, place)
          JOIN (SELECT id, ROW_NUMBER() OVER (ORDER BY id) AS place FROM lots) lot
         USING (place)
        """,
        params,
    )
    for table in ("stock_lot", "stock_quant", "jewelry_rfid_tag"):
        env.cr.execute(f"ANALYZE {table}")
    env.invalidate_all()
    return epcs


def measure_naive(env, place):
    """Return how many chips a second are counted when each is a scan of its own."""
    count = env["jewelry.count"].create({"kind": "full", "place_ids": place.ids})
    count.get_screen()
    env.cr.commit()
    start = time.perf_counter()
    for n in range(NAIVE):
        env.invalidate_all()
        scan = {"uuid": str(uuid4()), "code": f"COUNT-{n}", "place_id": place.id, "age": 0}
        (answer,) = count.register_scans([scan])
        env.cr.commit()
        if answer["state"] != "counted":
            raise RuntimeError(answer)
    return NAIVE / (time.perf_counter() - start)


def measure_count(env, gateway, key, place, port, epcs):
    """Return how many seconds pass until all chips are on the screen, and the last look alone."""
    count = env["jewelry.count"].create({"kind": "full", "place_ids": place.ids})
    count.action_count_by_readers()
    look(env, count)
    env.cr.commit()
    server = make_server("127.0.0.1", 0, root, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with db_connect("postgres").cursor() as listener:
            listener.execute("LISTEN imbus")
            listener.commit()
            start = time.perf_counter()
            for turn, first in enumerate(range(0, len(epcs), SIZE)):
                send(env, server, gateway, key, turn, port, epcs[first : first + SIZE])
                hear(listener)
                read, live = look(env, count)
            seconds = time.perf_counter() - start
    finally:
        server.shutdown()
    if (live["found"], live["missing"]) != (len(epcs), 0):
        raise RuntimeError(live)
    return seconds, read


def send(env, server, gateway, key, turn, port, epcs):
    """Send a batch over HTTP as a gateway does."""
    now = gateway._get_time()
    rows = [["appear", epc, None, "R1", port, now, now, 3, -55.5] for epc in epcs]
    message = {
        "batch": str(uuid4()),
        "gateway": gateway.code,
        "sequence": turn,
        "sent": now,
        "sightings": rows,
    }
    request = Request(
        f"http://127.0.0.1:{server.server_port}/json/2/jewelry.rfid.batch/register_batch",
        data=json.dumps(message).encode(),
        headers={
            "Authorization": f"bearer {key}",
            "Content-Type": "application/json",
            "X-Odoo-Database": env.cr.dbname,
        },
    )
    with urlopen(request) as answer:
        accepted = json.load(answer)["accepted"]
    if accepted != len(epcs):
        raise RuntimeError(accepted)


def hear(listener):
    """Wait for the message on the bus that tells browsers of the batch."""
    connection = listener._cnx
    while not connection.notifies:
        if not select.select([connection], [], [], 10)[0]:
            raise RuntimeError("no message on the bus")
        connection.poll()
        told = [each for each in connection.notifies if "jewelry_rfid_count" in each.payload]
        connection.notifies[:] = told
    connection.notifies.clear()


def look(env, count):
    """Return how long the live screen waits for what it shows, as text, and what that is."""
    start = time.perf_counter()
    # As a request would find it: nothing in memory, and all that is committed.
    env.cr.commit()
    env.invalidate_all()
    live = json.loads(json.dumps(count.get_live()))
    env.cr.commit()
    return time.perf_counter() - start, live
