"""The details of a live blog as a form. What it says goes to an operation."""

from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from updates.admin.fields import PointsField, WallClockField, as_typed, at_home, on_the_clock, zone_choices
from updates.admin.pictures import PictureField
from updates.models import Event
from updates.publishing import SETTINGS, EventDetails

FIELDSETS = (
    (None, ("title", "slug", "standfirst", "byline", "key_points", "lead_picture")),
    (_("Place and time"), ("language", "time_zone", "planned_start", "ends_after")),
    (_("Page"), ("page_size", "shows_ads", "shows_reader_count", "shows_writing", "sensitive", "is_listed")),
    (_("Desk"), ("direct_publishing",)),
)


class EventForm(forms.ModelForm):  # type: ignore[type-arg]
    key_points = PointsField(label=_("What we know"), help_text=_("One point a line, the newest first."))
    lead_picture = PictureField(label=_("Lead picture"), required=False)
    time_zone = forms.ChoiceField(
        label=_("Time zone"), help_text=_("Times on the page are shown as on the clocks there.")
    )
    planned_start = WallClockField(
        label=_("Planned start"), required=False, help_text=_("As the clock shows it in the time zone above.")
    )
    version = forms.IntegerField(widget=forms.HiddenInput(attrs={"autocomplete": "off"}), required=False)

    class Meta:
        model = Event
        fields = (
            "title", "slug", "standfirst", "byline", "key_points", "lead_picture", "language", "time_zone",
            "planned_start", "ends_after", "page_size", "shows_ads", "shows_reader_count", "shows_writing", "sensitive",
            "is_listed", "direct_publishing",
        )  # fmt: skip
        widgets = {"standfirst": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, actor: Any, may_manage: bool, **options: Any) -> None:
        event: Event = options.get("instance") or Event()
        present = {
            "key_points": event.key_points,
            "lead_picture": event.lead_picture,
            "planned_start": on_the_clock(event.planned_start, event.time_zone),
            "time_zone": event.time_zone,
            "version": event.version,
        }
        super().__init__(*args, **options)
        self.initial.update(present)
        self.event = event
        self.fields["lead_picture"].actor = actor  # type: ignore[attr-defined]
        self.fields["time_zone"].choices = zone_choices(event.time_zone)  # type: ignore[attr-defined]
        if not may_manage:
            for name in SETTINGS:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        as_typed(self, cleaned)
        zone = cleaned.get("time_zone") or self.event.time_zone
        if "planned_start" in cleaned:
            try:
                cleaned["planned_start"] = at_home(cleaned["planned_start"], ZoneInfo(zone))
            except forms.ValidationError as error:
                self.add_error("planned_start", error)
        return cleaned

    def _post_clean(self) -> None:
        """The model's own checks belong to the operation, which makes them under the lock."""

    def details(self) -> EventDetails:
        values = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        picture = values.pop("lead_picture")
        return EventDetails(**values, lead_picture=picture.pk if picture else None)

    def differences(self, current: Event) -> list[tuple[str, str, str]]:
        """Label, what stands now, what was typed: for each field in which a newer version differs."""
        present = EventForm(instance=current, actor=None, may_manage=True)
        rows = []
        for name in self.fields:
            if name == "version":
                continue
            now, typed = present[name].initial, self[name].value()
            if self.fields[name].has_changed(now, self[name].data):
                rows.append((str(self.fields[name].label), in_words(now), in_words(typed)))
        return rows


def in_words(value: Any) -> str:
    """A value as both versions are shown: words, not the form's own notation."""
    if isinstance(value, bool):
        return str(_("yes")) if value else str(_("no"))
    if isinstance(value, list):
        return "\n".join(value)
    return "" if value is None else str(value)
