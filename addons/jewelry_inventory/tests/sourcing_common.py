"""What the tests of sourcing share: papers, and a bench that melts."""

from datetime import date

from .test_transformation_metal import MetalCommon


class SourcingCommon(MetalCommon):
    """A bench, an authority, a supplier, and papers of both."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.keeper = cls._create_user("keeper")
        partners = cls.env["res.partner"]
        cls.authority = partners.create({"name": "Department of Mines"})
        cls.supplier = partners.create({"name": "Diamond Traders", "is_company": True})
        cls.botswana = cls.env.ref("base.bw")
        cls.canada = cls.env.ref("base.ca")
        cls.numbers = 0

    @classmethod
    def _create_paper(cls, kind="kimberley", **values):
        """Return a paper of 2026 on 100 ct, unless told otherwise."""
        return cls.env["jewelry.sourcing.document"].create(cls._prepare_paper(kind) | values)

    @classmethod
    def _prepare_paper(cls, kind):
        cls.numbers += 1
        return {
            "kind": kind,
            "number": f"BW{cls.numbers:06}",
            "issuer_id": (cls.authority if kind == "kimberley" else cls.supplier).id,
            "company_id": cls.company.id,
            "issue_date": date(2026, 1, 10),
            "received_date": date(2026, 2, 1),
            "carat": 100.0,
        }

    @classmethod
    def _state(cls, records, **values):
        """State a source; papers and countries as records."""
        vals = {
            name: value.ids if name.endswith("_ids") else value for name, value in values.items()
        }
        records.write(vals)
        return records

    def _get_events(self, record, kind="source"):
        domain = [("chain_uuid", "=", record.chain_uuid), ("kind", "=", kind)]
        return self.env["jewelry.provenance.event"].search(domain, order="seq")

    def _get_mix(self, lot):
        """Return {source: fine grams} of a lot that a transformation has made."""
        rows = lot.metal_source_ids
        return {row.source: round(row.fine_weight, 6) for row in rows}
