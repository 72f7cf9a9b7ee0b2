"""How fast pieces are found and shown among 53,940."""

import random
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from support import full_store

SEARCHES = 200
REPORTS = 2_000
PAGE = 80


def run(env, report, few):
    """Search by 4Cs, price and place; open a form, a list page and a kanban page."""
    for name, seconds in measure(env).items():
        report(name=name, n=full_store.ALL, value=seconds, unit="s")
        full_store.report_growth(report, name, few[name], seconds)


def measure(env):
    """Return {what is looked at: seconds}, p95 unless the name says otherwise."""
    lots = full_store.get_stones(env)
    full_store.spread_over_places(env, lots)
    rng = random.Random(53_940)
    pieces = env["stock.lot"].with_context(bin_size=True)
    domains = [_make_domain(rng.choice(lots), rng) for _search in range(SEARCHES)]
    times = [_time(env, pieces.search, domain, 0, PAGE) for domain in domains]
    found = {"4Cs, price and place": _p95(times), "4Cs, median": sorted(times)[SEARCHES // 2]}
    for kind, fields in _get_views(env).items():
        if kind == "form":
            ids = [rng.choice(lots) for _form in range(20)]
            times = [_time(env, piece.web_read, fields) for piece in ids]
        else:
            times = [
                _time(env, pieces.web_search_read, domain, fields, offset, PAGE)
                for domain in ([("is_piece", "=", True)], domains[0])
                for offset in (0, 10 * PAGE)
            ]
        found[f"{kind} page"] = _p95(times)
    numbers = _create_reports(env, rng.sample(lots.stone_ids.ids, REPORTS))
    times = [_time(env, pieces.name_search, number) for number in rng.sample(numbers, SEARCHES)]
    return found | {"number of a report": _p95(times), "audit page": _measure_audit(env)}


def _create_reports(env, stone_ids):
    """Give stones a laboratory report each; return the numbers of the reports."""
    numbers = [f"{9_100_000_000 + index}" for index, _stone in enumerate(stone_ids)]
    laboratory = env.ref("jewelry_inventory.laboratory_gia")
    env["jewelry.grading.report"].create(
        [
            {"laboratory_id": laboratory.id, "number": number, "stone_id": stone_id}
            for number, stone_id in zip(numbers, stone_ids, strict=True)
        ]
    )
    env.cr.commit()
    return numbers


def _measure_audit(env):
    """Return the p95 of pages of the audit trail, by what is filtered."""
    audit = env["jewelry.audit"]
    view = env.ref("jewelry_inventory.jewelry_audit_view_list")
    arch = audit.get_views([(view.id, "list")])["models"][audit._name]["fields"]
    fields = {field: {} for field in arch if field in audit._fields}
    domains = [[], [("by_trade", "=", False)], [("topic", "=", "weight")], [("user_id", "=", 1)]]
    times = [
        _time(env, audit.web_search_read, domain, fields, offset, PAGE)
        for domain in domains
        for offset in (0, 10 * PAGE)
    ]
    return _p95(times)


def _make_domain(lot, rng):
    """Return a search for a stone like `lot`: some of its grades, its place and a price range."""
    grades = ["shape_id", "color_grade_id", "clarity_grade_id", "cut_grade_id"]
    chosen = rng.sample(grades, rng.randint(1, 4))
    return [
        ("is_piece", "=", True),
        ("piece_status", "=", "available"),
        ("location_id", "=", lot.location_id.id),
        ("list_price", ">=", lot.list_price * 0.8),
        ("list_price", "<=", lot.list_price * 1.2),
        *[(name, "=", lot[name].id) for name in chosen],
    ]


def _get_views(env):
    """Return {kind: fields to read} of the screens of pieces."""
    views = {"form": "form_piece", "list": "list_piece", "kanban": "kanban_piece"}
    found = {}
    for kind, name in views.items():
        view = env.ref(f"jewelry_inventory.stock_lot_view_{name}")
        arch = env["stock.lot"].get_views([(view.id, kind)])["models"]["stock.lot"]["fields"]
        found[kind] = {field: {} for field in arch if field in env["stock.lot"]._fields}
    return found


def _time(env, function, *args):
    env.invalidate_all()
    return full_store.timed(function, *args)[0]


def _p95(times):
    return full_store.percentile(times, 0.95)
