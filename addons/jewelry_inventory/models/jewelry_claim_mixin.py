from typing import NamedTuple

from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import RedirectWarning, ValidationError

from ..tools import claim_check
from ..tools.claim_check import Words

KIND = "claim_override"


class Book(NamedTuple):
    """What texts are compared by: rules and their values by subject, and the words of
    `tools.claim_check`.
    """

    rules: dict
    laws: dict
    words: Words


class JewelryClaimMixin(models.AbstractModel):
    """Records with texts that people type and customers read.

    A text that a rule forbids is refused and the rule is named. A second person can let it pass,
    with a reason; that is on record as an approval.
    """

    _name = "jewelry.claim.mixin"
    _inherit = "jewelry.approval.mixin"
    _description = "Texts for Customers"

    # === HOOKS === #

    @api.model
    def _get_claim_fields(self):
        """Hook: names of the fields that customers read together, as one text."""
        return ()

    def _get_claim_subjects(self):
        """Hook: what the texts are about.

        :return: {record: [(name of what it is, `tools.claim_check.Subject`)]}
        """
        return {}

    def _get_claim_company(self):
        """Return the company whose rules hold for the text."""
        return self._get_approval_company()

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Override to refuse what must not be said of the goods.

        :raises ValidationError: naming words and rule
        """
        records = super().create(vals_list)
        names = set(self._get_claim_fields())
        # What the context proposes is said by whoever sets it.
        proposed = any(f"default_{name}" in self.env.context for name in names)
        said = [
            record
            for record, vals in zip(records, vals_list, strict=True)
            if proposed or names & vals.keys()
        ]
        if problems := self.browse().union(*said)._find_claims():
            raise ValidationError(self._say_claims(problems))
        return records

    def write(self, vals):
        """Override to refuse what must not be said of the goods, unless somebody approved it.

        :raises RedirectWarning: naming words and rule, and offering to ask a second person
        :raises ValidationError: the same, to who may not ask
        """
        result = super().write(vals)
        if vals.keys() & set(self._get_claim_fields()):
            self._check_claims()
        return result

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=""):
        """Override: the dialog with translations writes past `write`, customers read them too."""
        result = super()._update_field_translations(field_name, translations, digest, source_lang)
        if field_name in self._get_claim_fields():
            for lang in translations:
                self.with_context(lang=lang)._check_claims()
        return result

    # === BUSINESS METHODS === #

    def _check_claims(self):
        """Refuse what must not be said of the goods, unless somebody approved it.

        :raises RedirectWarning: naming words and rule, and offering to ask a second person
        :raises ValidationError: the same, to who may not ask
        """
        if problems := self._find_claims():
            self.browse().union(*problems)._require_claims(problems)

    def _require_claims(self, problems):
        """Let texts pass that a second person approved as they are."""
        text = self._say_claims(problems)
        if not self.env.user.has_group("jewelry_inventory.group_keeper"):
            raise ValidationError(text)
        try:
            self._require_approval(KIND, {record: record._get_claim_row() for record in self})
        except RedirectWarning as warning:
            message = f"{text}\n\n{warning.args[0]}"
            raise RedirectWarning(message, *warning.args[1:]) from warning

    def _get_claim_row(self):
        """Return the texts as they are, and their language: what is approved."""
        texts = {name: self[name] or "" for name in self._get_claim_fields()}
        return texts | {"lang": self.env.lang or "en_US"}

    def _find_claims(self):
        """Return what must not be said: {record: [(name of what it is about, rule, Finding)]}.

        The program itself, that has nobody behind it, is not asked what it writes.
        """
        if not self or self.env.uid == SUPERUSER_ID:
            return {}
        problems = {}
        for record, found in self._compare_claims({record: record for record in self}).items():
            if left := found and record._leave_out_approved(found):
                problems[record] = left
        return problems

    def _compare_claims(self, texts):
        """Return what texts must not say: {record: [(name of what it is about, rule, Finding)]}.

        :param dict texts: {record: what holds its texts, itself or a row}
        """
        subjects, found = self._get_claim_subjects(), {}
        for company, records in self.grouped(lambda one: one._get_claim_company()).items():
            book = self._get_claim_book(company)
            for record in records:
                text = self._get_claim_text(texts[record])
                found[record] = self._check_claim(text, subjects.get(record, []), book)
        return found

    @api.model
    def _get_claim_text(self, texts):
        """Return all that customers read of a record, or of a row of its texts."""
        return "\n".join(texts[name] or "" for name in self._get_claim_fields())

    def _leave_out_approved(self, found):
        """Return what of `_check_claim` nobody has approved for these words."""
        approved = self._get_approved_claims()
        return [problem for problem in found if self._get_claim_key(problem) not in approved]

    def _get_approved_claims(self):
        """Hook: what was approved of the words that the record has now, by `_get_claim_key`."""
        self.ensure_one()
        subjects = [("res_model", "=", self._name), ("res_id", "=", self.id)]
        domain = [
            ("kind", "=", KIND),
            ("state", "=", "used"),
            ("subject_ids", "any", subjects),
        ]
        # In sudo: whoever writes must know what was approved.
        approvals = self.env["jewelry.approval"].sudo().search(domain)
        first = self._get_claim_fields()[0]
        rows = [approval.values[str(self.id)] for approval in approvals]
        return {key for row in rows if row[first] == self[first] for key in row["claims"]}

    @api.model
    def _get_claim_key(self, problem):
        """Return what stays the same wherever words stand: rule, fault and the last word."""
        _name, _rule, finding = problem
        return f"{finding.rule} {finding.code} {finding.words.split()[-1].lower()}"

    @api.model
    def _check_claim(self, text, subjects, book):
        """Return what a text must not say of any of the subjects, each thing once.

        :param str text: what customers read
        :param list subjects: (name, `tools.claim_check.Subject`)
        :param Book book: rules and words
        :return: [(name, `jewelry.rule` record, `tools.claim_check.Finding`)]
        """
        found = {}
        for name, subject in subjects:
            for finding in claim_check.check(text, subject, book.laws, book.words):
                found.setdefault(finding, (name, book.rules[finding.rule], finding))
        return list(found.values())

    @api.model
    def _get_claim_book(self, company):
        """Return the rules for descriptions that hold for a company, and the words they speak of.

        :rtype: Book
        """
        # In sudo: the law holds for whoever types, also for who may not read it here.
        rules = self.env["jewelry.rule"].sudo()
        subjects = [subject for subject in rules._get_subjects() if subject.startswith("claim_")]
        rules = rules._get_rules(subjects, company.sudo().jewelry_jurisdiction_id)
        laws = {subject: rule.values for subject, rule in rules.items()}
        words = self.env["jewelry.stone"]._get_claim_vocabulary() if rules else Words()
        return Book(rules, laws, words)

    @api.model
    def _say_claims(self, problems):
        """Return what is wrong with the texts of records, and what to do, for a message."""
        lines = [
            self._say_claim(name, rule, finding)
            for found in problems.values()
            for name, rule, finding in found
        ]
        return "\n".join([*lines, self._get_claim_advice()])

    @api.model
    def _get_claim_advice(self):
        """Hook: what to do about words that are refused."""
        return self.env._("Write it as it is, then save again.")

    @api.model
    def _say_claim(self, name, rule, finding):
        reason = self._get_claim_reasons()[finding.code] % {"limit": finding.limit}
        return self.env._(
            "“%(words)s” (%(name)s): %(reason)s Rule: %(rule)s",
            words=finding.words,
            name=name,
            reason=reason,
            rule=rule._cite(),
        )

    @api.model
    def _get_claim_reasons(self):
        """Return {code of a finding: what is wrong}; `%(limit)s` stands for what is right."""
        return {
            claim_check.UNQUALIFIED: self.env._(
                "the word stands alone only for %(limit)s and finer. Write how fine it is."
            ),
            claim_check.OVERSTATED: self.env._("it is not so fine: it is %(limit)s."),
            claim_check.ABSENT: self.env._("there is no such metal in it."),
            claim_check.BASE: self.env._("vermeil is on silver of %(limit)s and finer."),
            claim_check.UNNAMED: self.env._(
                "below %(limit)s the other platinum metals are named, too."
            ),
            claim_check.NO_DIAMOND: self.env._("there is no diamond in it."),
            claim_check.GROWN: self.env._(
                "the diamond was grown. Write “%(limit)s” right before the word."
            ),
            claim_check.WEIGHT: self.env._("the weight is %(limit)s."),
            claim_check.POINTS: self.env._("write the weight in carats with decimals, too."),
            claim_check.FRACTION: self.env._(
                "a fraction is not exact. Write the range that it stands for, such as 0.48 - "
                "0.52 ct."
            ),
            claim_check.FLAWED: self.env._(
                "the stone is not graded FL, without any flaw at %(limit)s."
            ),
            claim_check.VAGUE: self.env._(
                "no grade of clarity is called so. Write the grade itself."
            ),
            claim_check.TREATMENT: self.env._("the treatment must be told: %(limit)s."),
        }

    # === APPROVAL HOOKS === #

    def _get_approval_types(self):
        """Override to let words pass that a rule forbids."""
        names = ("lang", *self._get_claim_fields())
        return super()._get_approval_types() | {KIND: dict.fromkeys(names, str)}

    def _complete_approval(self, kind, values):
        """Override to add what is wrong with the words: with other goods it is another question."""
        values = super()._complete_approval(kind, values)
        if kind != KIND:
            return values
        found = self._compare_claims({record: values[record.id] for record in self})
        return {
            record.id: values[record.id] | {"claims": sorted({*map(self._get_claim_key, problems)})}
            for record, problems in found.items()
        }

    def _describe_approval(self, kind, values):
        """Override to show the words, and what is wrong with them."""
        if kind != KIND:
            return super()._describe_approval(kind, values)
        rows = {record: values[record.id] for record in self}
        texts = {}
        for record, found in self._compare_claims(rows).items():
            said = self._get_claim_text(rows[record]).strip()
            texts[record] = " · ".join([said, *(self._say_claim(*one) for one in found)])
        return texts

    def _get_asked_action(self, approval):
        """Override to leave the form with what was typed: it cannot be saved before it is decided,
        and is kept in the approval.
        """
        if approval.kind != KIND:
            return super()._get_asked_action(approval)
        url = f"/odoo/action-jewelry_inventory.jewelry_approval_action/{approval.id}"
        return {"type": "ir.actions.act_url", "url": url, "target": "self"}

    def _carry_out_approval(self, kind, values, reason):
        """Override to write the words."""
        if kind != KIND:
            return super()._carry_out_approval(kind, values, reason)
        for record, row in values.items():
            texts = {name: row[name] for name in self._get_claim_fields()}
            record.with_context(lang=row["lang"]).write(texts)
        return None
