"""The part of a desk beside its title: how many read now, and how the newest update was delivered."""

from django.http import HttpRequest, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from updates.admin.base import assigned_event
from updates.admin.entry.last_action import in_short
from updates.choices import ChangeKind
from updates.models import Change, Event
from updates.queries.audience import audience_lately
from updates.queries.receipts import receipts_of
from updates.zones import zone_named


@require_safe
def pulse_view(request: HttpRequest, pk: int) -> JsonResponse:
    event = assigned_event(request, pk)
    with timezone.override(zone_named(event.time_zone)):
        html = render_to_string("admin/updates/desk/_pulse.html", pulse_context(event), request)
    return JsonResponse({"html": html.strip()})


def pulse_context(event: Event) -> dict[str, object]:
    """Return what the template needs. Only live events have this part; others have a report."""
    if not event.is_live:
        return {"pulse": None}
    newest = Change.objects.filter(event=event, kind=ChangeKind.PUBLISH, seq__isnull=False).order_by("-seq").first()
    receipts = receipts_of(event.pk, newest.seq) if newest and newest.seq else None
    return {
        "pulse": audience_lately(event),
        "newest_at": newest and newest.at,
        "delivery": in_short(receipts) if receipts else "",
        "pulse_address": reverse("admin:updates_event_pulse", args=[event.pk]),
        "report_address": reverse("admin:updates_event_report", args=[event.pk]),
    }
