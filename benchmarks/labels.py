"""How long the labels of a roll take, against core's report of lot labels."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from support import full_store

LABELS = 500
SAMPLE = 50


def run(env, report):
    """Print LABELS labels as each kind of file; the baseline prints SAMPLE of core's, scaled up."""
    pieces = _make_pieces(env)
    paper = env["ir.actions.report"].with_context(force_report_rendering=True)
    sample = pieces[:SAMPLE].ids
    seconds, _pdf = full_store.timed(
        paper._render_qweb_pdf, "stock.action_report_lot_label", sample
    )
    baseline = seconds / SAMPLE * LABELS
    labels, why = env["jewelry.label"], "Measured"
    for name, options in {
        "labels as PDF": {},
        "labels as PDF, QR codes on butterflies": {"shape": "butterfly", "code": "qr"},
        "labels as ZPL": {"label_format": "zpl", "dpi": "203"},
    }.items():
        seconds, _file = full_store.timed(labels._print, pieces, options, 1, why)
        ratio = baseline / seconds
        report(name=name, n=LABELS, value=seconds, unit="s", baseline=baseline, ratio=ratio)


def _make_pieces(env):
    """Return LABELS rings with a metal and a price."""
    style = env["product.template"].create({"name": "Benchmark ring", "jewelry_kind": "piece"})
    product, company = style.product_variant_id, env.company
    pieces = env["stock.lot"].create(
        [
            {"product_id": product.id, "company_id": company.id, "list_price": 900 + number}
            for number in range(LABELS)
        ]
    )
    alloy = env.ref("jewelry_inventory.alloy_gold_750_yellow")
    env["jewelry.piece.metal"].create(
        [{"lot_id": piece.id, "alloy_id": alloy.id, "weight": 3.2} for piece in pieces]
    )
    env.flush_all()
    env.invalidate_all()
    return pieces
