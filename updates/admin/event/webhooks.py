"""Pages for the webhooks of a live blog, or of the whole site: their list, and each with its deliveries."""

from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from updates.admin.base import assigned_event
from updates.admin.desk.filters import number
from updates.admin.responses import Answer, PageResponse, Redirect
from updates.choices import WebhookType
from updates.models import Event, Webhook, WebhookDelivery
from updates.permissions import check_may_manage_webhooks
from updates.public_addresses import LONGEST, check_public_url
from updates.publishing import Refused
from updates.publishing.webhooks import (
    create_webhook,
    delete_webhook,
    order_again,
    order_test,
    pause_webhook,
    renew_secret,
    resume_webhook,
)
from updates.types import User, user_of

LISTED = 100
"""Deliveries on the page of a webhook, the newest ones."""

CHOICES = [choice for choice in WebhookType.choices if choice[0] != WebhookType.TEST]


class WebhookForm(forms.Form):
    url = forms.CharField(
        label=gettext_lazy("Address"), max_length=LONGEST, widget=forms.URLInput(attrs={"dir": "ltr"}),
        help_text=gettext_lazy("The address of the program, such as https://cms.example/hooks/live."),
    )  # fmt: skip
    types = forms.MultipleChoiceField(
        label=gettext_lazy("Changes it receives"), choices=CHOICES, widget=forms.CheckboxSelectMultiple,
        initial=[value for value, _label in CHOICES],
        error_messages={"required": gettext_lazy("Choose which changes it receives.")},
    )  # fmt: skip

    def clean_url(self) -> str:
        url = str(self.cleaned_data["url"])
        try:
            check_public_url(url, settings.WEBHOOK_INTERNAL_HOSTS)
        except ValueError as error:
            raise ValidationError(
                _(
                    "Enter an address that begins with https:// and has a public name. An administrator can allow "
                    "others with WEBHOOK_INTERNAL_HOSTS."
                )
            ) from error
        return url


@dataclass(frozen=True)
class DeliveryRow:
    delivery: WebhookDelivery
    what: str
    next_at: datetime | None
    """When it is tried again; ``None`` if its turn has passed."""


def event_webhooks_view(request: HttpRequest, pk: int) -> Answer:
    return _list_page(request, assigned_event(request, pk))


def site_webhooks_view(request: HttpRequest) -> Answer:
    return _list_page(request, None)


def webhook_view(request: HttpRequest, webhook_pk: int) -> Answer:
    """Show a webhook, or do what a button of its page says."""
    webhook = get_object_or_404(Webhook.objects.select_related("event"), pk=webhook_pk)
    user = user_of(request)
    if webhook.event:
        assigned_event(request, webhook.event.pk)  # to others it does not exist
    elif not user.is_superuser:
        raise Http404
    check_may_manage_webhooks(user, webhook.event)
    if request.method != "POST":
        return _page(webhook)
    if "_secret" in request.POST:
        return _page(webhook, renew_secret(webhook, user))
    if "_delete" in request.POST:
        delete_webhook(webhook, user)
        return Redirect(list_address(webhook.event), _("Webhook deleted: %s") % webhook.url)
    return Redirect(reverse("admin:updates_webhook", args=[webhook.pk]), _press(request, webhook, user))


def list_address(event: Event | None) -> str:
    return reverse("admin:updates_event_webhooks", args=[event.pk]) if event else reverse("admin:updates_webhooks")


def _press(request: HttpRequest, webhook: Webhook, user: User) -> str:
    """Do what a button says; return the message for the next page."""
    if "_pause" in request.POST:
        pause_webhook(webhook, user)
        return _("Paused. Nothing is lost: it goes on where it stopped when you resume it.")
    if "_resume" in request.POST:
        resume_webhook(webhook, user)
        return _("Resumed.")
    if "_test" in request.POST:
        order_test(webhook, user)
    else:
        order_again(get_object_or_404(webhook.deliveries.all(), pk=number(request.POST.get("_again", ""))), user)
    return _("It is being sent. Reload this page to see the answer.")


def _list_page(request: HttpRequest, event: Event | None) -> Answer:
    user = user_of(request)
    check_may_manage_webhooks(user, event)
    form = WebhookForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            webhook = create_webhook(event, form.cleaned_data["url"], form.cleaned_data["types"], user)
        except Refused as error:
            form.add_error(None, str(error))
        else:
            return _page(webhook, webhook.secret)
    webhooks = Webhook.objects.filter(event=event)
    context = {"event": event, "subtitle": event.title if event else "", "webhooks": webhooks}
    status = 422 if form.errors else 200
    return PageResponse("webhooks/list.html", _("Webhooks"), context, form=form, status=status)


def _page(webhook: Webhook, secret: str = "") -> PageResponse:
    context = {
        "event": webhook.event,
        "webhook": webhook,
        "secret": secret,
        "types": [label for value, label in CHOICES if value in webhook.types],
        "has_all_types": len(webhook.types) == len(CHOICES),
        "rows": _rows(webhook),
        "back": list_address(webhook.event),
    }
    return PageResponse("webhooks/webhook.html", _("Webhook"), context)


def _rows(webhook: Webhook) -> list[DeliveryRow]:
    deliveries = webhook.deliveries.select_related("event")[:LISTED]
    cursors = {cursor.event_id: cursor for cursor in webhook.cursors.filter(failures__gt=0)}
    rows = []
    for delivery in deliveries:
        cursor = cursors.get(delivery.event_id) if delivery.event_id else None
        waits = cursor is not None and cursor.seq < (delivery.seq or 0)
        rows.append(
            DeliveryRow(delivery, str(WebhookType(delivery.type).label), cursor.next_at if cursor and waits else None)
        )
    return rows
