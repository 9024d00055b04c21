"""The details of a live blog as forms: all of them, and those that the desk's panel changes."""

from datetime import tzinfo

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from updates.admin.fields import (
    Files,
    LanguageInput,
    PointsField,
    SitesField,
    UnstrippedForm,
    WallClockField,
    to_moment,
    to_wall_clock,
    undo_stripping,
    zone_choices,
)
from updates.admin.pictures import PictureField
from updates.models import Event
from updates.models.event import EventQuerySet
from updates.publishing import EventDetails
from updates.publishing.events import SETTINGS
from updates.types import Actor
from updates.untyped import Context
from updates.zones import zone_named

FIELDSETS = (
    (None, ("title", "slug", "standfirst", "byline", "key_points", "lead_picture")),
    (_("Place and time"), ("language", "translation_of", "time_zone", "planned_start", "planned_end", "ends_after")),
    (_("Page"), (
        "page_size", "ended_oldest_first", "shows_ads", "shows_reader_count", "shows_writing", "sensitive", "is_listed",
    )),
    (_("Embedding"), ("embed_sites",)),
    (_("Desk"), ("direct_publishing",)),
)  # fmt: skip

Difference = tuple[str, str, str]
"""A field's label, its value in the newer version, and the value that was typed."""


class EventForm(forms.ModelForm):  # type: ignore[type-arg]
    key_points = PointsField(label=_("What we know"), help_text=_("One point per line, newest first."))
    lead_picture = PictureField(
        label=_("Lead picture"),
        required=False,
        help_text=_("Shown at the top of the page, and when the page is shared."),
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), help_text=_("Times on the page are shown in this time zone."))
    planned_start = WallClockField(
        label=_("Planned start"),
        required=False,
        help_text=_("When the event starts, in the time zone above. Readers see it until the live blog goes live."),
    )
    planned_end = WallClockField(
        label=_("Planned end"),
        required=False,
        help_text=_(
            "When coverage is expected to end, for search engines and calendars. It does not end the live blog."
        ),
    )
    embed_sites = SitesField(
        label=_("Sites that may embed it"),
        help_text=_(
            "One per line, such as https://www.paper.example or https://*.paper.example; * is every site. "
            "Empty: only pages of this site."
        ),
    )
    version = forms.IntegerField(widget=forms.HiddenInput(attrs={"autocomplete": "off"}), required=False)

    class Meta:
        model = Event
        fields = tuple(name for _label, names in FIELDSETS for name in names)
        widgets = {"standfirst": forms.Textarea(attrs={"rows": 3}), "language": LanguageInput()}

    def __init__(
        self,
        data: QueryDict | None = None,
        files: "Files | None" = None,
        *,
        instance: Event | None,
        actor: Actor,
        may_manage: bool,
    ) -> None:
        super().__init__(data, files, instance=instance)
        self.event: Event = self.instance
        present = {
            "key_points": self.event.key_points,
            "lead_picture": self.event.lead_picture,
            "planned_start": to_wall_clock(self.event.planned_start, self.event.time_zone),
            "planned_end": to_wall_clock(self.event.planned_end, self.event.time_zone),
            "time_zone": self.event.time_zone,
            "version": self.event.version,
        }
        self.initial = {**self.initial, **present}
        self.fields["lead_picture"].for_user(actor)  # type: ignore[attr-defined]
        self.fields["time_zone"].choices = zone_choices(self.event.time_zone)  # type: ignore[attr-defined]
        if not self.event.pk:
            self.fields["slug"].required = False
            self.fields["slug"].help_text = _("The last part of the page’s address. Leave it empty to use the title.")
        self.fields["translation_of"].queryset = _originals(self.event, actor)  # type: ignore[attr-defined]
        if not may_manage:
            for name in SETTINGS:
                del self.fields[name]

    def clean(self) -> Context:
        cleaned: Context = super().clean() or {}
        undo_stripping(self, cleaned)
        zone = zone_named(cleaned.get("time_zone") or self.event.time_zone)
        for name in ("planned_start", "planned_end"):
            if name in cleaned:
                self._clean_moment(cleaned, name, zone)
        return cleaned

    def _clean_moment(self, cleaned: Context, name: str, zone: tzinfo) -> None:
        try:
            cleaned[name] = to_moment(cleaned[name], zone)
        except forms.ValidationError as error:
            self.add_error(name, error)

    def _post_clean(self) -> None:
        """Leaves the model's own checks to the operation, which makes them under the lock."""

    def details(self) -> EventDetails:
        values = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        picture = values.pop("lead_picture")
        if "translation_of" in values:
            values["translation_of"] = values["translation_of"] and values["translation_of"].pk
        return EventDetails(**values, lead_picture=picture.pk if picture else None)

    def differences(self, current: Event) -> list[Difference]:
        names = [name for name in self.fields if name != "version"]
        return _differences(self, EventForm(instance=current, actor=None, may_manage=True), names)


def _originals(event: Event, actor: Actor) -> EventQuerySet:
    """Return the live blogs that an editor may choose as original: their own, none of them a translation itself."""
    edited = Event.objects.edited_by(actor) if actor else Event.objects.none()
    choices = edited.filter(translation_of=None).exclude(pk=event.pk)
    choices |= Event.objects.filter(pk=event.translation_of_id or 0)
    return choices.distinct()


PANEL_FIELDS = ("title", "standfirst", "key_points", "sensitive")


class PanelForm(UnstrippedForm):
    """The details that the desk's panel changes."""

    key_points = PointsField(label=_("What we know"), help_text=_("One point per line, newest first."))
    title = forms.CharField(label=_("Title"), max_length=200)
    standfirst = forms.CharField(label=_("Standfirst"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    sensitive = forms.BooleanField(
        label=_("Sensitive"),
        required=False,
        help_text=_("For grave news: hides advertisements and the reader count, and stops animations."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput(attrs={"autocomplete": "off"}))

    @classmethod
    def of(cls, event: Event, data: QueryDict | None = None) -> "PanelForm":
        present = {name: getattr(event, name) for name in (*PANEL_FIELDS, "version")}
        return cls(data, initial=present, auto_id="panel_%s")

    @property
    def touched(self) -> list[str]:
        """Names of the fields that the sender changed. Scripts send them; without a script it may be all."""
        sent = self.data.get("touched")
        return list(PANEL_FIELDS) if sent is None else [name for name in PANEL_FIELDS if name in sent.split()]

    def details(self) -> EventDetails:
        return EventDetails(**{name: self.cleaned_data[name] for name in self.touched})

    def differences(self, current: Event) -> list[Difference]:
        return _differences(self, PanelForm.of(current), self.touched)


DetailsForm = EventForm | PanelForm


def _differences(form: DetailsForm, current: DetailsForm, names: list[str]) -> list[Difference]:
    """Return the fields in which a newer version differs from what was typed."""
    return [
        (str(form.fields[name].label), _readable(current[name].initial), _readable(form[name].value()))
        for name in names
        if form.fields[name].has_changed(current[name].initial, form[name].data)
    ]


def _readable(value: object) -> str:
    if isinstance(value, bool):
        return str(_("yes")) if value else str(_("no"))
    if isinstance(value, list):
        return "\n".join(value)
    return "" if value is None else str(value)
