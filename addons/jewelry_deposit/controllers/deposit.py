from uuid import uuid4

from werkzeug.exceptions import NotFound

from odoo.exceptions import UserError, ValidationError
from odoo.http import content_disposition, request, route

from odoo.addons.payment.controllers.portal import PaymentPortal
from odoo.addons.payment.controllers.post_processing import PaymentPostProcessing

from ..const import MINE, PAGE

# For nobody else's eyes, caches or logs: the address is the key.
HEADERS = {
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
}
# Where the visitor comes back to after paying: with the session, and not with the payment, which
# many may read, because the address may be a key.
BACK = f"{PAGE}/paid"
BACK_KEY = "jewelry_deposit_page"
FLOWS = ("redirect", "direct")


class DepositPage(PaymentPortal):
    """The customer's page of a deposit: by a link, or with a login of his own.

    What is wrong with a link is nobody's business: whoever has none that works finds nothing.
    """

    # === PAGES === #

    @route(f"{PAGE}/<string:token>", type="http", auth="public", website=True, sitemap=False)
    def show_deposit(self, token, amount=None, **_params):
        """Show the deposit that a link leads to."""
        link, deposit = self._find_linked(token)
        # A link that is good for one act is used by this act.
        if not link.max_uses:
            link._use()
        return self._show(deposit, f"{PAGE}/{token}", amount, link=link)

    @route(f"{MINE}/<int:deposit_id>", type="http", auth="user", website=True, sitemap=False)
    def show_my_deposit(self, deposit_id, amount=None, **_params):
        """Show a deposit of the user who is logged in."""
        deposit = self._find_own(deposit_id)
        return self._show(deposit, f"{MINE}/{deposit_id}", amount)

    @route(MINE, type="http", auth="user", website=True, sitemap=False)
    def list_my_deposits(self, **_params):
        """Show the deposits of the user who is logged in."""
        values = self._prepare_portal_layout_values() | {
            "deposits": self._get_own_deposits(),
            "page_name": "deposit",
        }
        return self._answer(request.render("jewelry_deposit.portal_my_deposits", values))

    @route(
        [
            f"{PAGE}/<string:token>/receipt/<int:place>",
            f"{MINE}/<int:deposit_id>/receipt/<int:place>",
        ],
        type="http",
        auth="public",
        website=True,
        sitemap=False,
    )
    def download_receipt(self, place, token=None, deposit_id=None, **_params):
        """Return one of the receipts on paper, counted from 0."""
        receipts = self._find(token, deposit_id)._get_receipts()
        if not 0 <= place < len(receipts) or not receipts[place][0].is_invoice():
            raise NotFound
        move = receipts[place][0]
        reports = request.env["ir.actions.report"].sudo()
        document = reports._render_qweb_pdf("account.account_invoices", move.ids)[0]
        headers = [
            ("Content-Type", "application/pdf"),
            ("Content-Disposition", content_disposition(f"{move._get_report_base_filename()}.pdf")),
        ]
        return self._answer(request.make_response(document, headers))

    @route(BACK, type="http", auth="public", website=True, sitemap=False)
    def come_back(self, **_params):
        """Show the page again that the visitor paid on."""
        address = request.session.get(BACK_KEY)
        if not address:
            raise NotFound
        return request.redirect(address)

    # === PAYING === #

    @route(
        [
            f"{PAGE}/<string:token>/pay/<string:attempt>",
            f"{MINE}/<int:deposit_id>/pay/<string:attempt>",
        ],
        type="jsonrpc",
        auth="public",
    )
    def pay_deposit(self, attempt, token=None, deposit_id=None, **kwargs):
        """Begin a payment, and return what the browser needs to go on; core's form asks for it.

        :param str attempt: code of the page that was shown: two clicks on it are one payment
        :raises ValidationError: saying what can be paid
        """
        deposit = self._find(token, deposit_id)
        kwargs.pop("access_token", None)
        self._validate_transaction_kwargs(kwargs)
        try:
            transaction = self._begin_payment(deposit, attempt, kwargs)
        except UserError as error:
            raise ValidationError(str(error)) from error
        request.session[BACK_KEY] = f"{PAGE}/{token}" if token else f"{MINE}/{deposit_id}"
        return transaction._get_processing_values()

    def _begin_payment(self, deposit, attempt, kwargs):
        """Return the transaction of a page that was shown: the one it has, or a new one."""
        provider_id, method_id = kwargs.get("provider_id"), kwargs.get("payment_method_id")
        key = f"{attempt}-{provider_id}-{method_id}-{kwargs.get('amount')}"
        # One after the other: the second click finds what the first has begun.
        deposit._wait_for_deposits()
        if transaction := deposit._get_attempt(key):
            PaymentPostProcessing.monitor_transaction(transaction)
            return transaction
        amount = deposit._check_online_amount(kwargs.get("amount"))
        providers, methods = deposit._get_online_ways(amount)
        if (
            provider_id not in providers.ids
            or method_id not in methods.ids
            or kwargs.get("flow") not in FLOWS
        ):
            raise UserError(request.env._("Choose another way to pay, then try again."))
        return self._create_transaction(
            provider_id=provider_id,
            payment_method_id=method_id,
            token_id=None,
            amount=amount,
            currency_id=deposit.currency_id.id,
            partner_id=deposit.partner_id.id,
            flow=kwargs["flow"],
            # Whoever has a link may not be the customer: nobody's card is kept.
            tokenization_requested=False,
            landing_route=BACK,
            custom_create_values={"deposit_id": deposit.id, "deposit_attempt": key},
        )

    # === WHO SEES WHAT === #

    def _find(self, token, deposit_id):
        """Return the deposit of an address, in sudo.

        :raises NotFound: when it is nobody's, or not the visitor's
        """
        return self._find_linked(token)[1] if token else self._find_own(deposit_id)

    def _find_linked(self, token):
        """Hook: return a link and its deposit, in sudo; rooms have links of their own that lead
        here.

        :raises NotFound: also for what a surprise keeps from whoever looks
        """
        link = request.env["jewelry.link"]._find(token, "decide", "jewelry.deposit")
        if not link:
            raise NotFound
        return link, self._check_told(link._get_record(), link.partner_id)

    def _find_own(self, deposit_id):
        """Return a deposit of the user who is logged in, in sudo.

        :raises NotFound: also for those of others, so that nobody learns which there are
        """
        deposit = self._get_own_deposits().filtered(lambda deposit: deposit.id == deposit_id)
        if not deposit:
            raise NotFound
        return self._speak(deposit)

    def _get_own_deposits(self):
        """Return the deposits that the user who is logged in may know of, in sudo."""
        user = request.env.user
        # In sudo: customers read the page, and not the records.
        deposits = request.env["jewelry.deposit"].sudo()
        if user._is_public():
            return deposits
        domain = [("partner_id", "child_of", user.partner_id.commercial_partner_id.ids)]
        return deposits.search(domain)._filter_tellable(user.partner_id, "portal")

    def _check_told(self, deposit, partner):
        """Return a deposit where neither the one whom its link is for nor the visitor is kept
        from it.
        """
        visitor = partner
        if not request.env.user._is_public():
            visitor |= request.env.user.partner_id
        if not deposit._filter_tellable(visitor, "portal"):
            raise NotFound
        return self._speak(deposit)

    def _speak(self, deposit):
        """Return a deposit in the customer's language and of its own company."""
        lang = deposit.partner_id.lang or request.env.lang
        return deposit.with_company(deposit.company_id).with_context(lang=lang)

    # === WHAT THE PAGE SHOWS === #

    def _show(self, deposit, address, amount=None, link=None):
        """Return the page of a deposit.

        :param str address: of the page
        :param amount: that the visitor chose to pay
        """
        values = self._get_deposit_values(deposit, address, amount, link=link)
        return self._answer(request.render("jewelry_deposit.deposit_page", values))

    def _get_deposit_values(self, deposit, address, amount=None, link=None):
        """Hook: values of the page."""
        number = request.session.get(PaymentPostProcessing.MONITORED_TX_ID_KEY)
        values = {
            "deposit": deposit,
            "company": deposit.company_id,
            "address": address,
            "receipts": deposit._get_receipts(),
            "on_its_way": deposit._get_amount_on_its_way(),
            "last": deposit.transaction_ids.filtered(lambda tx: tx.id == number),
            "payable": deposit._get_payable(),
        }
        return values | (
            self._get_form_values(deposit, address, amount) if values["payable"] else {}
        )

    def _get_form_values(self, deposit, address, amount):
        """Return the values of core's payment form, and of what there is to choose."""
        choices = deposit._get_choices()
        problem, chosen = None, choices[0][1]
        if amount is not None:
            try:
                chosen = deposit._check_online_amount(self._cast_as_float(amount))
            except UserError as error:
                problem = str(error)
        report = {}
        providers, methods = deposit._get_online_ways(chosen, report=report)
        return {
            "choices": choices,
            "problem": problem,
            "amount": chosen,
            "smallest": deposit._get_smallest(),
            "currency": deposit.currency_id,
            "partner_id": deposit.partner_id.id,
            "providers_sudo": providers,
            "payment_methods_sudo": methods,
            # Whoever has a link may not be the customer: his cards are not shown.
            "tokens_sudo": request.env["payment.token"].sudo(),
            "show_tokenize_input_mapping": dict.fromkeys(providers.ids, False),
            "availability_report": report,
            "transaction_route": f"{address}/pay/{uuid4().hex}",
            "landing_route": BACK,
            "access_token": "",
        }

    def _answer(self, response):
        response.headers.update(HEADERS)
        return response

    # === PORTAL === #

    def _prepare_home_portal_values(self, counters):
        """Override of `portal` to count the deposits of the user."""
        values = super()._prepare_home_portal_values(counters)
        if "deposit_count" in counters:
            values["deposit_count"] = len(self._get_own_deposits())
        return values
