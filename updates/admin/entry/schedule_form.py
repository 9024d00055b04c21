"""The time of a schedule, and what is asked before it is taken: a day far away, an hour that comes twice."""

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from updates.admin.fields import UnstrippedForm, WallClockField
from updates.rendering import dates
from updates.untyped import Context
from updates.zones import zone_named, zone_names

FAR: Final = timedelta(days=60)
"""A schedule further ahead is asked about: the year may be mistyped."""

FIRST, SECOND = "first", "second"
SCHEDULE_NAME: Final = "_schedule"
"""Name of the button that schedules."""


def two_moments(clock: datetime, zone: tzinfo) -> tuple[datetime, datetime] | None:
    """Return both moments of an hour that clocks show twice when they go back; ``None`` for all others."""
    first, second = (clock.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    return (first, second) if second > first else None


class ScheduleForm(UnstrippedForm):
    when = WallClockField(label=_("Time"), required=False)
    hour = forms.ChoiceField(
        label=_("Which of the two hours"), required=False, widget=forms.RadioSelect, choices=[(FIRST, ""), (SECOND, "")]
    )
    with_alert = forms.BooleanField(label=_("Send an alert with it"), required=False)
    is_far = forms.BooleanField(label=_("Yes, on this day"), required=False)

    asks_hour = asks_far = schedules = False
    """Whether each question is shown, and whether the pressed button schedules."""

    zone_name = ""
    """The zone that the form names, which its button sends: an editor may change that of the live blog meanwhile."""

    def fit_schedule(self, zone_name: str, scheduled_at: datetime | None) -> None:
        """Name the live blog's zone, and show which of two hours an update is scheduled for."""
        sent = self.data.get(SCHEDULE_NAME, "")
        self.zone_name = zone_name = sent if sent in zone_names() else zone_name
        zone, when = zone_named(zone_name), self.fields["when"]
        when.zone = zone  # type: ignore[attr-defined]
        with timezone.override(zone):
            now = timezone.now()
            clock = f"{dates.clock(now)} {dates.zone(now)}"
        sentence = gettext("Time in %(zone)s, where it is now %(time)s. It is published automatically then.")
        when.help_text = sentence % {"zone": zone_name.replace("_", " "), "time": clock}
        both = scheduled_at and two_moments(timezone.make_naive(scheduled_at, zone), zone)
        if both:
            self._offer(both, zone)
            self.initial["hour"] = SECOND if scheduled_at == both[1] else FIRST

    def clean(self) -> Context:
        cleaned = super().clean()
        moment = cleaned.get("when") if self.schedules else None
        if isinstance(moment, datetime):
            zone: tzinfo = self.fields["when"].zone  # type: ignore[attr-defined]
            moment = self._which_hour(cleaned, moment, zone)
            self._ask_if_far(cleaned, moment, zone)
        return cleaned

    def _which_hour(self, cleaned: Context, moment: datetime, zone: tzinfo) -> datetime:
        both = two_moments(timezone.make_naive(moment, zone), zone)
        if both is None:
            return moment
        self._offer(both, zone)
        if not cleaned.get("hour"):
            self.add_error("when", gettext("The clocks go back, so this time comes twice. Choose one."))
            return moment
        chosen = both[cleaned["hour"] == SECOND]
        cleaned["when"] = chosen
        return chosen

    def _offer(self, both: tuple[datetime, datetime], zone: tzinfo) -> None:
        self.asks_hour = True
        with timezone.override(zone):
            first, second = (f"{dates.clock(moment)} {dates.zone(moment)}" for moment in both)
        labels = {FIRST: gettext("%s, the first") % first, SECOND: gettext("%s, an hour later") % second}
        self.fields["hour"].choices = list(labels.items())  # type: ignore[attr-defined]

    def _ask_if_far(self, cleaned: Context, moment: datetime, zone: tzinfo) -> None:
        if moment - timezone.now() < FAR:
            return
        self.asks_far = True
        with timezone.override(zone):
            day = dates.in_full(moment)
        self["is_far"].label = gettext("Yes, on %s") % day  # the field's own label was copied before cleaning
        if not cleaned.get("is_far"):
            self.add_error("when", gettext("That is far away: %s. Confirm the day, or change it.") % day)
