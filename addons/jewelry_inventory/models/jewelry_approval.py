from datetime import timedelta

from odoo import SUPERUSER_ID, Command, api, fields, models
from odoo.exceptions import AccessError, RedirectWarning, UserError

from ..const import COST_GROUPS
from ..tools import approval as rules

APPROVAL_STATES = [
    ("asked", "To Decide"),
    ("approved", "Approved"),
    ("refused", "Refused"),
    ("expired", "Expired"),
    ("used", "Used"),
]

# What follows what; what is not here is the end.
TRANSITIONS = {
    ("asked", "approved"),
    ("asked", "refused"),
    ("asked", "expired"),
    ("approved", "used"),
    ("approved", "expired"),
}

# Written with the decision, and with the use, and never again.
WRITTEN_WITH = {
    "decided_by_id": "asked",
    "decided_date": "asked",
    "decision_note": "asked",
    "used_by_id": "approved",
    "used_date": "approved",
}

ACTIVITY = "mail.mail_activity_data_todo"


class JewelryApproval(models.Model):
    """What one person asked and another decided: a write-off, a cost, a rate, a release.

    An act asks `_require` and goes on only with an approval of exactly what it is about to do,
    which is then used up. Nobody decides what they asked for themselves, and what was decided
    stays as it is, also for superuser.
    """

    _name = "jewelry.approval"
    _inherit = ["jewelry.guard.mixin", "mail.thread", "mail.activity.mixin"]
    _description = "Approval"
    _order = "id desc"
    _mail_post_access = "read"

    # What is asked
    name = fields.Char(string="Number", required=True, readonly=True)
    kind = fields.Selection(
        selection=[
            ("write_off", "Write-off"),
            ("cost_change", "Change of Cost"),
            ("rate_override", "Metal Rate Out of Line"),
            ("release", "Early Release"),
            ("rule_override", "Rule Replaced"),
            ("claim_override", "Words That a Rule Forbids"),
        ],
        required=True,
        readonly=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, ondelete="cascade"
    )
    res_model = fields.Char(string="Model", required=True, readonly=True)
    subject_ids = fields.One2many(
        comodel_name="jewelry.approval.subject",
        inverse_name="approval_id",
        string="Subjects",
        readonly=True,
    )
    summary = fields.Char(string="What", required=True, readonly=True)
    # Not `required`: a search for any value would then be answered to whoever may not see it.
    values = fields.Json(readonly=True, groups=COST_GROUPS)
    digest = fields.Char(required=True, readonly=True, groups=COST_GROUPS)
    reason = fields.Char(required=True, readonly=True)
    requested_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Asked By",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    expiry_date = fields.Datetime(string="Expires On", required=True, readonly=True)

    # What became of it
    state = fields.Selection(
        selection=APPROVAL_STATES,
        required=True,
        readonly=True,
        default="asked",
        tracking=True,
    )
    decided_by_id = fields.Many2one(
        comodel_name="res.users", readonly=True, tracking=True, ondelete="restrict"
    )
    decided_date = fields.Datetime(string="Decided On", readonly=True)
    decision_note = fields.Char(string="Reason of the Decision", readonly=True)
    used_by_id = fields.Many2one(
        comodel_name="res.users", readonly=True, tracking=True, ondelete="restrict"
    )
    used_date = fields.Datetime(string="Used On", readonly=True)
    can_decide = fields.Boolean(compute="_compute_can_decide")

    _two_people = models.Constraint(
        "CHECK (decided_by_id IS NULL OR decided_by_id <> requested_by_id)",
        "Nobody decides what they asked for themselves.",
    )
    _decided = models.Constraint(
        "CHECK (state IN ('asked', 'expired') OR "
        "(decided_by_id IS NOT NULL AND decided_date IS NOT NULL))",
        "A decision needs somebody who took it.",
    )
    _used = models.Constraint(
        "CHECK ((state = 'used') = (used_date IS NOT NULL))",
        "An approval is used up by the act that it was given for.",
    )
    _values_given = models.Constraint(
        "CHECK (values IS NOT NULL)", "An approval is of something. Start from the act itself."
    )
    _reason_given = models.Constraint(
        "CHECK (TRIM(reason) <> '')", "Enter the reason: the other person needs it."
    )
    _open_index = models.Index("(digest, company_id) WHERE state = 'approved'")
    _expiry_index = models.Index("(expiry_date) WHERE state IN ('asked', 'approved')")

    # === COMPUTE METHODS === #

    @api.depends("state", "requested_by_id", "kind")
    @api.depends_context("uid")
    def _compute_can_decide(self):
        for approval in self:
            approval.can_decide = approval.state == "asked" and approval._is_decider(self.env.user)

    # === CRUD METHODS === #

    def _get_guarded_fields(self):
        """Override: approvals are made and decided by their buttons."""
        return super()._get_guarded_fields() | self._get_frozen_fields() | {"state", *WRITTEN_WITH}

    def _get_frozen_fields(self):
        """Override: what was asked is what is approved."""
        return super()._get_frozen_fields() | {
            "name",
            "kind",
            "company_id",
            "res_model",
            "subject_ids",
            "summary",
            "values",
            "digest",
            "reason",
            "requested_by_id",
            "expiry_date",
        }

    def write(self, vals):
        """Override to keep each state's own fields, and what follows a state, also in sudo."""
        self._check_transition(vals)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_asked(self):
        raise UserError(self.env._("What was asked and decided stays on record."))

    def _check_transition(self, vals):
        """Refuse to change a decision, or to jump to a state.

        :raises AccessError: naming the approval
        """
        before = {WRITTEN_WITH[name] for name in vals if name in WRITTEN_WITH}
        for approval in self:
            step = (approval.state, vals.get("state", approval.state))
            allowed = step in TRANSITIONS if "state" in vals else not before
            if not allowed or before - {approval.state}:
                raise AccessError(
                    self.env._(
                        "%(approval)s is decided. It stays as it is; ask anew instead.",
                        approval=approval.name,
                    )
                )

    # === ACTION METHODS === #

    def action_approve(self):
        """Let the act be done that was asked for, once.

        :raises UserError: to whoever asked, too late, or when it is decided
        :raises AccessError: to whoever may not decide
        """
        self._decide("approved")

    def action_refuse(self, reason):
        """Refuse what was asked for.

        :param str reason: why, for whoever asked
        :raises UserError: without a reason, to whoever asked, too late, or when it is decided
        :raises AccessError: to whoever may not decide
        """
        if not (reason or "").strip():
            raise UserError(self.env._("Enter why you refuse: whoever asked needs to know."))
        self._decide("refused", reason.strip())

    def action_carry_out(self):
        """Do what was approved, as whoever presses the button, and show what it was done to.

        :raises UserError: when it is not approved, or no longer what was approved
        """
        self.ensure_one()
        self.check_access("read")
        if self.state != "approved":
            raise UserError(self.env._("%(approval)s is not approved.", approval=self.name))
        subjects = self._get_subjects()
        values = {record: self.sudo().values[str(record.id)] for record in subjects}
        subjects._carry_out_approval(self.kind, values, self.reason)
        if self.state != "used":
            raise UserError(
                self.env._(
                    "What %(approval)s approved has changed since, so it does not fit any more. "
                    "Ask anew.",
                    approval=self.name,
                )
            )
        return self._get_subject_action()

    def action_view_subjects(self):
        """Open what it is about."""
        self.ensure_one()
        return self._get_subject_action()

    # === BUSINESS METHODS === #

    @api.model
    def _ask(self, kind, subjects, reason, values):
        """Ask a second person to approve an act.

        :param str kind: what kind of act
        :param subjects: records of a model with `jewelry.approval.mixin`
        :param str reason: why; whoever decides reads it
        :param dict values: {id of a subject: {name: value}}, exactly what shall be done
        :return: the new approval
        :raises UserError: without a reason, or when nobody else may decide
        :raises AccessError: to whoever may not read the subjects
        """
        subjects.check_access("read")
        if not (reason or "").strip():
            raise UserError(self.env._("Enter the reason: the other person needs it."))
        values = subjects._read_approval(kind, values)
        # In sudo: nobody makes an approval by hand.
        approval = self.sudo().create(self._prepare(kind, subjects, reason.strip(), values))
        approval._notify_deciders()
        return approval.with_env(self.env)

    @api.model
    def _require(self, kind, subjects, values):
        """Let an act go on only with an approval of exactly this, and use that up.

        The program itself (scheduled actions, installation) has nobody behind it and asks nobody;
        a person in superuser mode is still that person.

        :param str kind: what kind of act
        :param subjects: records of a model with `jewelry.approval.mixin`
        :param dict values: {id of a subject: {name: value}}, exactly what is about to be done
        :return: the approval that is used up; none where the program acts
        :raises RedirectWarning: offering to ask
        """
        if self.env.uid == SUPERUSER_ID:
            return self
        approval = self._find(kind, subjects, subjects._read_approval(kind, values))
        if not approval:
            raise self._get_offer(kind, subjects, values)
        approval._set_state(
            "used", {"used_by_id": self.env.uid, "used_date": fields.Datetime.now()}
        )
        approval.activity_unlink([ACTIVITY])
        return approval.with_env(self.env)

    @api.model
    def _find(self, kind, subjects, values):
        """Return the oldest approval of exactly this that is not used and holds, in sudo."""
        # In sudo: an act needs the approval, not the right to read others'.
        return self.sudo().search(
            [
                ("digest", "=", rules.digest(kind, subjects._name, values)),
                ("company_id", "=", subjects._get_approval_company().id),
                ("state", "=", "approved"),
                ("expiry_date", ">", fields.Datetime.now()),
            ],
            order="id",
            limit=1,
        )

    @api.model
    def _get_offer(self, kind, subjects, values):
        """Return the warning that says what a second person must approve, and offers to ask."""
        context = {
            "default_kind": kind,
            "default_res_model": subjects._name,
            "default_values": {str(key): row for key, row in values.items()},
        }
        label = dict(self._fields["kind"]._description_selection(self.env))[kind]
        return RedirectWarning(
            self.env._(
                "A second person must approve this first:\n%(kind)s: %(what)s",
                kind=label,
                what=self._get_summary(subjects),
            ),
            {
                "type": "ir.actions.act_window",
                "name": self.env._("Ask for Approval"),
                "res_model": "jewelry.approval.ask",
                "views": [[False, "form"]],
                "target": "new",
                "context": context,
            },
            self.env._("Ask for Approval"),
        )

    @api.model
    def _prepare(self, kind, subjects, reason, values):
        company = subjects._get_approval_company()
        texts = subjects._describe_approval(kind, values)
        return {
            "name": self.env["ir.sequence"].sudo().next_by_code(self._name),
            "kind": kind,
            "company_id": company.id,
            "res_model": subjects._name,
            "summary": self._get_summary(subjects),
            "values": {str(key): row for key, row in values.items()},
            "digest": rules.digest(kind, subjects._name, values),
            "reason": reason,
            "requested_by_id": self.env.uid,
            "expiry_date": fields.Datetime.now() + timedelta(days=company.approval_days),
            "subject_ids": [
                Command.create(
                    {
                        "res_model": subjects._name,
                        "res_id": record.id,
                        "name": record.display_name,
                        "change": texts[record],
                    }
                )
                for record in subjects
            ],
        }

    @api.model
    def _get_summary(self, subjects):
        """Return the names of what it is about, without any amount."""
        names = ", ".join(subjects[:5].mapped("display_name"))
        if len(subjects) > 5:
            return self.env._("%(names)s and %(count)s more", names=names, count=len(subjects) - 5)
        return names

    def _decide(self, state, note=False):
        self.check_access("read")
        for approval in self:
            approval._check_decidable()
        self._set_state(
            state,
            {
                "decided_by_id": self.env.uid,
                "decided_date": fields.Datetime.now(),
                "decision_note": note,
            },
        )
        self._notify_asker()

    def _check_decidable(self):
        """Refuse to decide what somebody else must, and what is too late.

        :raises UserError: to whoever asked, too late, or when it is decided
        :raises AccessError: to whoever may not decide
        """
        self.ensure_one()
        if self.requested_by_id == self.env.user:
            raise UserError(
                self.env._(
                    "You asked for %(approval)s. Somebody else must decide.", approval=self.name
                )
            )
        if not self._is_decider(self.env.user):
            raise AccessError(
                self.env._("You may not decide %(approval)s. Ask a manager.", approval=self.name)
            )
        if self.state == "asked" and self.expiry_date <= fields.Datetime.now():
            raise UserError(
                self.env._(
                    "%(approval)s has expired. Let it be asked for again.", approval=self.name
                )
            )
        if self.state != "asked":
            raise UserError(self.env._("%(approval)s is decided already.", approval=self.name))

    def _is_decider(self, user):
        """Tell whether somebody may decide: a person, not who asked, of the group for the kind."""
        self.ensure_one()
        return (
            user.id != SUPERUSER_ID
            and user != self.requested_by_id
            and user.has_group(self._get_decider_group())
        )

    def _get_decider_group(self):
        """Hook: external id of the group whose members decide this kind of approval."""
        return "jewelry_inventory.group_manager"

    def _set_state(self, state, vals=None):
        """Change the state; the one funnel that does."""
        # In sudo: who may decide or act was checked, and nobody writes approvals by hand.
        self.sudo().write({"state": state, **(vals or {})})

    def _get_subjects(self):
        """Return what it is about, as far as it still exists."""
        self.ensure_one()
        return self.env[self.res_model].browse(self.subject_ids.mapped("res_id")).exists()

    def _get_subject_action(self):
        subjects = self._get_subjects()
        one = len(subjects) == 1
        return {
            "type": "ir.actions.act_window",
            "name": self.summary,
            "res_model": self.res_model,
            "res_id": subjects.id if one else False,
            "views": [[False, "form"]] if one else [[False, "list"], [False, "form"]],
            "domain": [("id", "in", subjects.ids)],
        }

    # === NOTIFICATION METHODS === #

    def _notify_deciders(self):
        """Give those who may decide an activity.

        :raises UserError: when there is nobody
        """
        self.ensure_one()
        group = self.env.ref(self._get_decider_group())
        people = group.all_user_ids.filtered(
            lambda user: (
                user.active and self._is_decider(user) and self.company_id in user.company_ids
            )
        )
        if not people:
            raise UserError(
                self.env._(
                    "There is nobody else who may approve this. Give another person the role "
                    "“Manager”, or raise the limit for approvals in the settings."
                )
            )
        for user in people:
            self._remind(user, self.env._("Decide: %(what)s", what=self.summary))

    def _notify_asker(self):
        """Take the decision off the others' desks, and tell whoever asked."""
        labels = dict(self._fields["state"]._description_selection(self.env))
        # In sudo: the activities are other people's.
        for approval in self.sudo():
            approval.activity_unlink([ACTIVITY])
            text = f"{labels[approval.state]}: {approval.summary}"
            approval._remind(approval.requested_by_id, text)

    def _remind(self, user, text):
        # No mail for each: the amounts do not leave the program, and the bell is enough.
        self.with_context(mail_activity_quick_update=True).activity_schedule(
            ACTIVITY, user_id=user.id, summary=text
        )

    @api.model
    def _cron_expire(self):
        """Close what nobody decided, and approvals that nobody used, in time."""
        overdue = self.search(
            [
                ("state", "in", ("asked", "approved")),
                ("expiry_date", "<=", fields.Datetime.now()),
            ]
        )
        overdue._set_state("expired")
        overdue.activity_unlink([ACTIVITY])
