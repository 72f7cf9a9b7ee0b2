from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL, format_date

from ..tools import rule as rules
from ..tools.rule import FLAG, NUMBER, TEXT, TEXTS, WHOLE, Value

RULE_STATES = [("draft", "Draft"), ("active", "In Force"), ("withdrawn", "Withdrawn")]
CONFIDENCES = [
    ("confirmed", "Confirmed"),
    ("secondary", "Unconfirmed"),
    ("memory", "From memory"),
]

# After so many days somebody should look whether the law has changed.
STALE_DAYS = 365

# What a rule says. It stays once the rule is in force; what replaces it is another rule.
CONTENT_FIELDS = {
    "subject",
    "jurisdiction_id",
    "values",
    "values_text",
    "source",
    "source_url",
    "quote",
    "confidence",
    "valid_from",
    "valid_to",
}


OPTIONAL_TEXTS = Value(TEXTS, is_optional=True)

# What a language calls things, as `tools.claim_check.Words` knows them: metals and diamonds, what
# says that metal is a layer, what is joined with their names before and behind, and what says that
# other metal can be had.
LANGUAGE_WORDS = (
    "diamond",
    "gold",
    "silver",
    "platinum",
    "layers",
    "starts",
    "ends",
    "offers",
)

# What a second person approves of it.
SAID_FIELDS = CONTENT_FIELDS - {"values"}


class JewelryRule(models.Model):
    """A number or a word that the law sets, with where it stands and who says so.

    Code asks `_get_rule` and holds no legal number itself. The nearest jurisdiction wins. What
    somebody remembers is never in force, and what takes the place of another rule takes a second
    person.
    """

    _name = "jewelry.rule"
    _inherit = ["jewelry.guard.mixin", "jewelry.approval.mixin", "mail.thread"]
    _description = "Legal Rule"
    _order = "subject, jurisdiction_id, valid_from desc, id desc"

    subject = fields.Selection(selection="_get_subject_selection", required=True)
    jurisdiction_id = fields.Many2one(
        comodel_name="jewelry.jurisdiction", required=True, index=True, ondelete="restrict"
    )
    values = fields.Json(string="Stored Values", required=True)
    values_text = fields.Text(
        string="Values",
        compute="_compute_values_text",
        inverse="_inverse_values_text",
        help="A line for each: name = value. The unit may follow.",
    )
    source = fields.Char(required=True, help="The law or guide, and its section.")
    source_url = fields.Char(string="Address", help="Where the official text stands.")
    quote = fields.Text(help="The words of the law.")
    checked_on = fields.Date(required=True, default=fields.Date.context_today, tracking=True)
    valid_from = fields.Date()
    valid_to = fields.Date()
    confidence = fields.Selection(
        selection=CONFIDENCES,
        required=True,
        default="secondary",
        tracking=True,
        help="Confirmed: somebody read the official text. Unconfirmed: it was read elsewhere. From "
        "memory: nobody read it, so it is never in force.",
    )
    state = fields.Selection(
        selection=RULE_STATES, required=True, readonly=True, default="draft", tracking=True
    )
    replaces_id = fields.Many2one(
        comodel_name="jewelry.rule",
        string="Takes the Place Of",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
    )
    reason = fields.Char(help="Why it takes the place of another rule, or is withdrawn.")
    is_stale = fields.Boolean(compute="_compute_notice")
    notice = fields.Char(compute="_compute_notice")

    _memory_inactive = models.Constraint(
        "CHECK (state <> 'active' OR confidence <> 'memory')",
        "What is from memory cannot be in force. Read the law, and say where.",
    )
    _dates_ordered = models.Constraint(
        "CHECK (valid_to >= valid_from)", "A rule cannot end before it begins."
    )
    _lookup_index = models.Index("(subject, jurisdiction_id) WHERE state = 'active'")

    # === SELECTION METHODS === #

    @api.model
    def _get_subjects(self):
        """Hook: what rules are about. Rooms add theirs.

        :return: {code: (label, {name: tools.rule.Value})}
        """
        subjects = self._get_metal_subjects() | self._get_stone_subjects()
        return subjects | self._get_word_subjects() | self._get_sourcing_subjects()

    @api.model
    def _get_metal_subjects(self):
        """Return what descriptions may call a metal, as of `_get_subjects`."""
        return {
            "claim_gold": (
                self.env._("Gold in descriptions"),
                {"unqualified_karat": Value(WHOLE, "karat", 1, 24)},
            ),
            "claim_silver": (
                self.env._("Silver in descriptions"),
                {
                    "sterling_fineness": Value(NUMBER, "‰", 1, 1000),
                    "coin_fineness": Value(NUMBER, "‰", 1, 1000),
                },
            ),
            "claim_platinum": (
                self.env._("Platinum in descriptions"),
                {
                    "unqualified_fineness": Value(NUMBER, "‰", 1, 1000),
                    "numbered_fineness": Value(NUMBER, "‰", 1, 1000),
                    "mixed_fineness": Value(NUMBER, "‰", 1, 1000),
                    "mixed_total_fineness": Value(NUMBER, "‰", 1, 1000),
                },
            ),
            "claim_vermeil": (
                self.env._("Vermeil in descriptions"),
                {
                    "base_fineness": Value(NUMBER, "‰", 1, 1000),
                    "gold_karat": Value(WHOLE, "karat", 1, 24),
                    "thickness": Value(NUMBER, "µm", 0),
                },
            ),
            "claim_plating": (
                self.env._("Gold plating in descriptions"),
                {
                    "electroplate_thickness": Value(NUMBER, "µm", 0),
                    "heavy_thickness": Value(NUMBER, "µm", 0),
                },
            ),
        }

    @api.model
    def _get_stone_subjects(self):
        """Return what descriptions may say of a stone, as of `_get_subjects`."""
        return {
            "claim_diamond": (
                self.env._("The word “diamond”"),
                {
                    "facets": Value(WHOLE, "", 1, is_optional=True),
                    "lab_grown_qualifiers": Value(TEXTS),
                },
            ),
            "claim_diamond_weight": (
                self.env._("Weight of diamonds in descriptions"),
                {
                    "tolerance": Value(NUMBER, "ct", 0, 1),
                    "points_need_decimals": Value(FLAG),
                    "fractions_need_range": Value(FLAG),
                },
            ),
            "claim_flawless": (
                self.env._("The word “flawless”"),
                {
                    "magnification": Value(WHOLE, "\u00d7", 1),
                    "internal_words": OPTIONAL_TEXTS,
                    "vague_words": OPTIONAL_TEXTS,
                },
            ),
            "claim_treatment": (
                self.env._("Treatments in descriptions"),
                {
                    "disclose_not_permanent": Value(FLAG),
                    "disclose_special_care": Value(FLAG),
                    "disclose_value_effect": Value(FLAG),
                },
            ),
        }

    @api.model
    def _get_word_subjects(self):
        """Return how a language names what the other rules speak of, as of `_get_subjects`."""
        return {
            "claim_words": (
                self.env._("Words of a language in descriptions"),
                dict.fromkeys(LANGUAGE_WORDS, OPTIONAL_TEXTS),
            ),
        }

    @api.model
    def _get_sourcing_subjects(self):
        """Return what the trade states of where goods come from, as of `_get_subjects`."""
        return {
            "warranty_statement": (
                self.env._("Statement of the System of Warranties"),
                {"statement": Value(TEXT)},
            ),
        }

    @api.model
    def _get_subject_selection(self):
        return [(code, label) for code, (label, _schema) in self._get_subjects().items()]

    def _get_schema(self):
        """Return {name: tools.rule.Value} of what the rule is about."""
        self.ensure_one()
        return self._get_subjects().get(self.subject, ("", {}))[1]

    # === COMPUTE METHODS === #

    @api.depends("subject", "jurisdiction_id")
    def _compute_display_name(self):
        labels = dict(self._get_subject_selection())
        for rule in self:
            names = (labels.get(rule.subject), rule.jurisdiction_id.name)
            rule.display_name = ", ".join(filter(None, names))

    @api.depends("values", "subject")
    def _compute_values_text(self):
        for rule in self:
            schema = rule._get_schema()
            values = rule.values or {}
            # A new rule shows the names that it must state.
            empty = dict.fromkeys(schema, "") if not values else {}
            rule.values_text = rules.to_text(values or empty, schema)

    def _inverse_values_text(self):
        for rule in self:
            rule.values = self._read_values_text(rule.values_text, rule._get_schema())

    @api.depends("checked_on", "confidence", "state")
    @api.depends_context("tz", "lang")
    def _compute_notice(self):
        oldest = fields.Date.context_today(self) - timedelta(days=STALE_DAYS)
        for rule in self:
            rule.is_stale = bool(rule.checked_on and rule.checked_on < oldest)
            rule.notice = " ".join(rule._get_notices())

    # === CONSTRAINT METHODS === #

    @api.constrains("values", "subject")
    def _check_values(self):
        """Refuse values that the subject does not have."""
        for rule in self:
            if problems := rules.check(rule.values, rule._get_schema()):
                raise ValidationError(rule._get_problem_text(problems))

    @api.constrains("checked_on")
    def _check_checked_on(self):
        """Refuse to have checked tomorrow."""
        # Whoever checks may be ahead of UTC by a day.
        tomorrow = fields.Date.today() + timedelta(days=1)
        if any(rule.checked_on > tomorrow for rule in self):
            raise ValidationError(self.env._("A rule cannot have been checked in the future."))

    # === CRUD METHODS === #

    def _get_guarded_fields(self):
        """Override: a rule comes into force by its button."""
        return super()._get_guarded_fields() | {"state", "replaces_id"}

    @api.model_create_multi
    def create(self, vals_list):
        """Override to read typed values first: a rule without values is none.

        :raises ValidationError: naming what is missing
        """
        return super().create([self._prepare_values(vals) for vals in vals_list])

    @api.model
    def _prepare_values(self, vals):
        if vals.get("values"):
            return vals
        _label, schema = self._get_subjects().get(vals.get("subject"), ("", {}))
        values = self._read_values_text(vals.get("values_text"), schema)
        if problems := rules.check(values, schema):
            raise ValidationError(self._get_problem_text(problems))
        return vals | {"values": values}

    def write(self, vals):
        """Override to keep what rules in force say.

        :raises UserError: saying what to do instead
        """
        if vals.keys() & CONTENT_FIELDS:
            self._check_changeable()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._check_changeable()

    def copy_data(self, default=None):
        """Override: a copy takes the place of what it was copied from, once it is in force."""
        vals_list = super().copy_data(default)
        return [
            vals | {"replaces_id": rule.id, "state": "draft"}
            for rule, vals in zip(self, vals_list, strict=True)
        ]

    # === ACTION METHODS === #

    def action_activate(self):
        """Bring rules into force; where one takes the place of another, with a second person.

        :raises UserError: without a source, without a reason, or from memory
        :raises RedirectWarning: when a second person must approve first
        """
        self.check_access("write")
        for rule in self:
            rule._check_activatable()
            rule._require_second_person("active")
        self._set_state("active")

    def action_withdraw(self):
        """Take rules out of force, with a second person.

        :raises UserError: without a reason
        :raises RedirectWarning: when a second person must approve first
        """
        self.check_access("write")
        for rule in self.filtered(lambda rule: rule.state == "active"):
            rule._check_reason()
            rule._require_second_person("withdrawn")
        self._set_state("withdrawn")

    def action_replace(self):
        """Open a copy that will take the place of this rule."""
        self.ensure_one()
        self.check_access("create")
        # In sudo: what a rule replaces is not written by hand.
        copy = self.sudo().copy().sudo(False)
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": copy.id,
            "views": [[False, "form"]],
        }

    def action_checked(self):
        """Write down that the rule was compared with its source today, and still holds."""
        self.checked_on = fields.Date.context_today(self)

    # === LOOKUP METHODS === #

    @api.model
    def _get_rule(self, subject, jurisdiction, date=None):
        """Return the rule that holds at a place on a day, or none.

        :param str subject: a key of `_get_subjects`
        :param jurisdiction: `jewelry.jurisdiction` record
        :param date: the day, today if not given
        """
        return self._get_rules([subject], jurisdiction, date).get(subject, self.browse())

    @api.model
    def _get_rules(self, subjects, jurisdiction, date=None):
        """Return the rules that hold at a place on a day, in one query; the nearest wins.

        :param list subjects: keys of `_get_subjects`
        :param jurisdiction: `jewelry.jurisdiction` record
        :param date: the day, today if not given
        :return: {subject: rule}; subjects that no rule is about are absent
        """
        if not jurisdiction:
            return {}
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (rule.subject) rule.subject, rule.id
                  FROM jewelry_rule AS rule
                  JOIN UNNEST(%(places)s) WITH ORDINALITY AS place (id, depth)
                    ON place.id = rule.jurisdiction_id
                 WHERE rule.state = 'active'
                   AND rule.subject = ANY(%(subjects)s)
                   AND COALESCE(rule.valid_from, '-infinity') <= %(day)s
                   AND COALESCE(rule.valid_to, 'infinity') >= %(day)s
              ORDER BY rule.subject, place.depth DESC, rule.replaces_id IS NULL,
                       rule.valid_from DESC NULLS LAST, rule.id DESC
                """,
                places=jurisdiction._get_ancestor_ids(),
                subjects=list(subjects),
                day=date or fields.Date.context_today(self),
            )
        )
        return {subject: self.browse(rule_id) for subject, rule_id in rows}

    def _cite(self):
        """Return where the rule stands, and what to know before trusting it, for a message."""
        self.ensure_one()
        return " ".join(filter(None, [self.source, *(f"({text})" for text in self._get_notices())]))

    def _get_notices(self):
        """Return what whoever uses the rule must know: it is unconfirmed, old or from memory."""
        self.ensure_one()
        notices = []
        if self.confidence == "memory":
            notices.append(self.env._("From memory: never in force."))
        elif self.confidence == "secondary":
            notices.append(self.env._("Unconfirmed: the official text was not read."))
        if self.is_stale:
            day = format_date(self.env, self.checked_on)
            notices.append(
                self.env._("Last checked on %(day)s: look whether it still holds.", day=day)
            )
        return notices

    # === APPROVAL METHODS === #

    def _get_approval_types(self):
        """Override to let a rule take another's place, or be withdrawn."""
        texts = ("state", "before", *sorted(SAID_FIELDS))
        return super()._get_approval_types() | {"rule_override": dict.fromkeys(texts, str)}

    def _describe_approval(self, kind, values):
        """Override to show what the rule would say, and what was said before."""
        labels = dict(self._fields["state"]._description_selection(self.env))
        return {rule: self._describe_override(values[rule.id], labels) for rule in self}

    @api.model
    def _describe_override(self, row, labels):
        said = row["values_text"].replace("\n", ", ")
        return self.env._(
            "%(state)s: %(said)s (%(law)s); until now: %(before)s",
            state=labels.get(row["state"], row["state"]),
            said=said,
            law=row["source"],
            before=row["before"].replace("\n", ", ") or "—",
        )

    def _carry_out_approval(self, kind, values, reason):
        """Override to bring the rules into force, or to withdraw them."""
        for rule, row in values.items():
            if row["state"] == "active":
                rule.action_activate()
            else:
                rule.action_withdraw()

    def _require_second_person(self, state):
        """Require a second person for a rule that changes what holds until now."""
        before = self._get_rule(self.subject, self.jurisdiction_id)
        if state == "active" and not before:
            return
        row = self._get_said() | {"state": state, "before": before._get_stated()}
        self._require_approval("rule_override", {self: row})

    def _get_said(self):
        """Return all that the rule says, in texts."""
        said = {name: str(self[name] or "") for name in SAID_FIELDS}
        codes = {"jurisdiction_id": self.jurisdiction_id.code, "values_text": self._get_stated()}
        return said | codes

    def _get_stated(self):
        """Return the values as people read them, not as somebody has just typed them."""
        return rules.to_text(self.values, self._get_schema()) if self else ""

    def _check_activatable(self):
        """Refuse to bring into force what nobody read, or what nobody explains.

        :raises UserError: saying what is missing
        """
        if self.state == "active":
            raise UserError(self.env._("%(rule)s is in force already.", rule=self.display_name))
        if self.confidence == "memory":
            raise UserError(self._memory_message())
        if self._get_rule(self.subject, self.jurisdiction_id):
            self._check_reason()

    @api.model
    def _memory_message(self):
        return self.env._("What is from memory cannot be in force. Read the law, and say where.")

    def _check_reason(self):
        if not (self.reason or "").strip():
            raise UserError(
                self.env._("Enter the reason: this changes a rule that holds until now.")
            )

    def _check_changeable(self):
        """Refuse to change what a rule in force says; the program's own updates may.

        :raises UserError: saying what to do instead
        """
        if self.env.uid == SUPERUSER_ID:
            return
        if kept := self.filtered(lambda rule: rule.state != "draft"):
            raise UserError(
                self.env._(
                    "%(rule)s was in force, so it stays as it is. Press “Replace” and change the "
                    "copy instead.",
                    rule=kept[0].display_name,
                )
            )

    def _set_state(self, state):
        """Change the state; the one funnel that does."""
        # In sudo: who may was checked, and nobody writes the state by hand.
        self.sudo().state = state

    @api.model
    def _read_values_text(self, text, schema):
        """Return the values that somebody typed.

        :raises ValidationError: naming the lines that state none
        """
        values, problems = rules.from_text(text, schema)
        if problems:
            raise ValidationError(self._get_problem_text(problems))
        return values

    def _get_problem_text(self, problems):
        """Return what is wrong with values, each on a line that names it."""
        kinds = {
            rules.NUMBER: self.env._("a number"),
            rules.WHOLE: self.env._("a whole number"),
            rules.FLAG: self.env._("true or false"),
            rules.TEXT: self.env._("a text"),
            rules.TEXTS: self.env._("a list of texts, such as [“one”, “two”]"),
        }
        texts = {
            rules.MISSING: self.env._("%(name)s is missing."),
            rules.UNKNOWN: self.env._("%(name)s is no value of this subject."),
            rules.TYPE: self.env._("%(name)s must be %(limit)s."),
            rules.LOW: self.env._("%(name)s must be at least %(limit)s."),
            rules.HIGH: self.env._("%(name)s must be at most %(limit)s."),
            rules.LINE: self.env._("“%(name)s” states no value once. Write: name = value"),
        }
        return "\n".join(
            texts[code] % {"name": name, "limit": kinds.get(limit, limit)}
            for name, code, limit in problems
        )
