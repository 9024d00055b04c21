"""The report of a live blog: its figures as a page, and as CSV."""

from collections.abc import Iterator
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from updates.admin.base import assigned_event
from updates.admin.responses import Answer, PageResponse
from updates.exchange.log_export import FORMATS, csv_of
from updates.models import Event
from updates.queries.report import Report, report_minutes, report_of
from updates.zones import zone_named

Row = tuple[object, ...]

MINUTE_COLUMNS = ("minute", "readers", "published", "corrected", "removed")


@require_safe
def report_view(request: HttpRequest, pk: int) -> Answer:
    event = assigned_event(request, pk)
    context = {"event": event, "report": report_of(event), "subtitle": event.title}
    return PageResponse("event/report.html", _("Report"), context)


@require_safe
def report_csv_view(request: HttpRequest, pk: int, figures: str) -> HttpResponse:
    event = assigned_event(request, pk)
    with timezone.override(zone_named(event.time_zone)):
        rows = _minutes(event) if figures == "minutes" else _summary(report_of(event))
        response = HttpResponse(csv_of(rows), content_type=FORMATS["csv"])
    response["Content-Disposition"] = f'attachment; filename="{event.slug}-{figures}.csv"'
    return response


def _summary(report: Report) -> Iterator[Row]:
    audience, staleness = report.audience, report.staleness
    yield "figure", "value"
    yield "title", report.event.title
    yield "started", _local(report.event.started_at)
    yield "ended", _local(report.event.ended_at)
    yield "updates", report.updates
    yield "key_events", report.key_events
    yield "corrections", report.corrections
    yield "clarifications", report.clarifications
    yield "removed", report.removed
    yield "readers_peak", audience.peak
    yield "readers_peak_at", _local(audience.peak_at)
    yield "staleness_p50_seconds", staleness.median if staleness else ""
    yield "staleness_p95_seconds", staleness.slow if staleness else ""
    for name, count in report.writers:
        yield f"updates_by {name}", count


def _minutes(event: Event) -> Iterator[Row]:
    yield MINUTE_COLUMNS
    for row in report_minutes(event):
        yield _local(row.minute), row.readers, row.published, row.corrected, row.removed


def _local(moment: datetime | None) -> str:
    return timezone.localtime(moment).isoformat(timespec="minutes") if moment else ""
