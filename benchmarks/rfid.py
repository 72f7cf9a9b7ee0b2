"""How many sightings of chips a second the server takes in, in batches as gateways send them."""

import sys
import time
from pathlib import Path
from uuid import uuid4

sys.path.insert(0, str(Path(__file__).parent))

from support import full_store

SIZE = 5_000
ROUNDS = 6
CHIPS = 50_000
# What is asked for, in sightings a second.
LEAST = 20_000
#: So many rows the ORM makes one by one, for comparison.
NAIVE = 1_000


def run(env, report):
    """Send batches of chips that are known, and of chips that nobody has entered."""
    gateway, reader = make_store(env)
    tags = make_tags(env, CHIPS)
    naive = measure_naive(env, gateway, reader, tags[:NAIVE])
    report(name="sightings made by the ORM", n=NAIVE, value=naive, unit="1/s")
    epcs = tags.mapped("epc")
    works = {
        "new today, 50,000 known chips": ("appear", epcs),
        "seen again, 50,000 known chips": ("stay", epcs),
        "moved, 50,000 known chips": ("move", epcs),
        "new today, unknown chips": (
            "appear",
            [number(CHIPS + n) for n in range(SIZE * ROUNDS)],
        ),
    }
    for name, (kind, each) in works.items():
        rate = measure_rate(env, gateway, kind, each)
        report(name=name, n=SIZE, value=rate, unit="1/s", baseline=LEAST, ratio=rate / LEAST)
        report(name=f"{name}: against the ORM", n=SIZE, value=rate / naive, unit="times")
    seconds, _wall = full_store.timed(env["jewelry.rfid.wall"].get_wall)
    report(name="wall of places with 50,000 chips", n=CHIPS, value=seconds, unit="s")


def number(index):
    """Return a number of 96 bits that no scheme of GS1 has."""
    return f"E2{index:022X}"


def make_store(env):
    """Return a gateway and its reader, whose two antennas look at two zones."""
    stock = env.company._get_stock_place()
    places = env["stock.location"].create(
        [{"name": name, "location_id": stock.id} for name in ("RFID case", "RFID window")]
    )
    zones = env["jewelry.rfid.zone"].create(
        [{"name": place.name, "location_id": place.id} for place in places]
    )
    gateway = env["jewelry.rfid.gateway"].create({"name": "Benchmark", "code": "bench"})
    reader = env["jewelry.rfid.reader"].create({"gateway_id": gateway.id, "code": "R1"})
    env["jewelry.rfid.antenna"].create(
        [
            {"reader_id": reader.id, "port": port, "zone_id": zone.id}
            for port, zone in enumerate(zones, 1)
        ]
    )
    gateway._require_device()
    return gateway, reader


def make_tags(env, count):
    """Return live tags on pieces in the case, in stock by a row of their quant."""
    style = env["product.template"].create({"name": "Benchmark band", "jewelry_kind": "piece"})
    case = env["jewelry.rfid.zone"].search([("name", "=", "RFID case")]).location_id
    env.flush_all()
    env.cr.execute(
        """
        INSERT INTO stock_lot (name, product_id, product_tmpl_id, company_id, jewelry_kind,
                               is_piece, location_id, stock_type)
        SELECT 'BENCH-' || n, %s, %s, %s, 'piece', TRUE, %s, 'stock'
          FROM generate_series(1, %s) AS n
        RETURNING id
        """,
        (style.product_variant_id.id, style.id, env.company.id, case.id, count),
    )
    ids = [row[0] for row in env.cr.fetchall()]
    env.invalidate_all()
    env.cr.execute(
        """
        INSERT INTO jewelry_rfid_tag (epc, lot_id, company_id, state)
        SELECT epc, lot, %s, 'live' FROM unnest(%s, %s) AS new (epc, lot)
        RETURNING id
        """,
        (env.company.id, [number(n) for n in range(count)], ids),
    )
    tags = env["jewelry.rfid.tag"].browse(row[0] for row in env.cr.fetchall())
    for table in ("stock_lot", "jewelry_rfid_tag"):
        env.cr.execute(f"ANALYZE {table}")
    return tags


def measure_naive(env, gateway, reader, tags):
    """Return how many sightings a second the ORM makes, each looked for before it is made."""
    sightings, antenna = env["jewelry.rfid.sighting"], reader.antenna_ids[0]
    start = time.perf_counter()
    for tag in tags:
        known = sightings.search([("epc", "=", tag.epc), ("antenna_id", "=", antenna.id)], limit=1)
        vals = {
            "day": "2020-01-01",
            "epc": tag.epc,
            "antenna_id": antenna.id,
            "zone_id": antenna.zone_id.id,
            "tag_id": tag.id,
            "lot_id": tag.lot_id.id,
            "company_id": gateway.company_id.id,
            "first_seen": "2020-01-01 10:00:00",
            "last_seen": "2020-01-01 10:00:00",
            "reads": 1,
        }
        known.write(vals) if known else sightings.create(vals)
    env.flush_all()
    return len(tags) / (time.perf_counter() - start)


def measure_rate(env, gateway, kind, epcs):
    """Return how many sightings a second are taken in, in batches as of a gateway."""
    batches = env["jewelry.rfid.batch"].with_user(gateway.user_id)
    count = 0
    start = time.perf_counter()
    for first in range(0, SIZE * ROUNDS, SIZE):
        part = [epcs[(first + n) % len(epcs)] for n in range(SIZE)]
        now = gateway._get_time()
        antenna = 2 if kind == "move" else 1
        rows = [[kind, epc, None, "R1", antenna, now, now, 3, -55.5] for epc in part]
        env.invalidate_all()
        answer = batches.register_batch(str(uuid4()), "bench", count, now, rows)
        env.cr.commit()
        count += answer["accepted"]
    if count != SIZE * ROUNDS:
        raise RuntimeError(count)
    return count / (time.perf_counter() - start)
