from uuid import uuid4

from markupsafe import Markup

from odoo import api, models


class MailTemplate(models.Model):
    """Mails that many customers of layaways get in one night."""

    _inherit = "mail.template"

    # === BUSINESS METHODS === #

    @api.model
    def _render_template_qweb(self, template_src, model, res_ids, add_context=None, options=None):
        """Override of `mail` to compile the text of a reminder once, not once for each customer."""
        if not self._is_rendered_at_once(template_src, model, res_ids):
            return super()._render_template_qweb(
                template_src, model, res_ids, add_context=add_context, options=options
            )
        mark = f'<i id="next-{uuid4().hex}"></i>'
        text = super()._render_template_qweb(
            f'<t t-foreach="objects" t-as="object">{mark}{template_src}</t>',
            model,
            res_ids[:1],
            add_context=(add_context or {}) | {"objects": self.env[model].browse(res_ids)},
            options=options,
        )[res_ids[0]]
        return dict(zip(res_ids, map(Markup, str(text).split(mark)[1:]), strict=True))

    def _is_rendered_at_once(self, template_src, model, res_ids):
        """Tell whether the text for some records can be rendered in one go.

        A text with variables of its own cannot: what it sets for one customer would still be set
        for the next.
        """
        # In sudo only: what others may write in a template is checked text by text.
        return (
            model == "jewelry.layaway"
            and len(res_ids) > 1
            and self.env.su
            and template_src
            and "t-set" not in template_src
        )

    def _queue_mails(self, records, layout):
        """Queue a mail for each record, in a layout.

        The layout is put around the mail and not around the message that the chatter keeps, which
        is cleaned word by word. It may show an address of the record's own: `pay_urls` in the
        context, {record id: address}.

        :param str layout: xmlid of the layout
        """
        mails = self.send_mail_batch(records.ids)
        langs, companies = self._render_lang(records.ids), records._mail_get_companies()
        urls = self.env.context.get("pay_urls", {})
        for record, mail in zip(records, mails, strict=True):
            lang = langs[record.id] or self.env.lang
            model = self.env["ir.model"].with_context(lang=lang)._get(records._name)
            mail.body_html = self.with_context(lang=lang)._render_encapsulate(
                layout,
                mail.body_html,
                add_context={
                    "company": companies[record.id],
                    "pay_url": urls.get(record.id),
                    "model_description": model.display_name,
                },
                context_record=record.with_context(lang=lang),
            )
        return mails
