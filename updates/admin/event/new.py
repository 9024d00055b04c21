"""The short form of a new live blog: title, time zone and start lead straight to its desk."""

from contextlib import suppress
from datetime import timedelta
from typing import Final

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from updates import publishing
from updates.admin.base import errors_shown_by, status_with
from updates.admin.desk.filters import desk_address
from updates.admin.fields import UnstrippedForm, WallClockField, to_moment, zone_choices
from updates.admin.responses import Answer, PageResponse, Redirect
from updates.choices import ChangeKind
from updates.content.sanitize import clean_line
from updates.models import Event
from updates.permissions import check_may_create_event
from updates.publishing import EventDetails, Refused
from updates.rendering import dates
from updates.types import User, user_of
from updates.untyped import Context
from updates.zones import zone_named

SAME_FORM: Final = timedelta(minutes=1)
"""How long a second press of the button finds the live blog of the first."""


class NewLiveBlogForm(UnstrippedForm):
    title = forms.CharField(
        label=gettext_lazy("Title"), max_length=200, help_text=gettext_lazy("The headline of the page, also in lists.")
    )
    time_zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"), help_text=gettext_lazy("Times on the page are shown in this time zone.")
    )
    planned_start = WallClockField(
        label=gettext_lazy("Start"),
        required=False,
        help_text=gettext_lazy("Leave it empty to start now. Until a later time readers see that it is upcoming."),
    )

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request.POST if request.method == "POST" else None, initial={"time_zone": settings.TIME_ZONE})
        self.fields["time_zone"].choices = zone_choices(settings.TIME_ZONE)  # type: ignore[attr-defined]

    def clean(self) -> Context:
        cleaned = super().clean()
        zone = zone_named(cleaned.get("time_zone") or settings.TIME_ZONE)
        try:
            cleaned["planned_start"] = to_moment(cleaned.get("planned_start"), zone)
        except ValidationError as error:
            self.add_error("planned_start", error)
        return cleaned

    @property
    def starts_later(self) -> bool:
        start = self.cleaned_data["planned_start"]
        return start is not None and start > timezone.now()

    def details(self) -> EventDetails:
        start = self.cleaned_data["planned_start"] if self.starts_later else None
        return EventDetails(
            title=self.cleaned_data["title"], time_zone=self.cleaned_data["time_zone"], planned_start=start
        )


def new_view(request: HttpRequest) -> Answer:
    user = user_of(request)
    check_may_create_event(user)
    form = NewLiveBlogForm(request)
    if form.is_valid():
        with errors_shown_by(form):
            return _made(form, user)
    is_first = not Event.objects.of(user).exists()
    title = _("Make your first live blog") if is_first else _("New live blog")
    with timezone.override(zone_named(settings.TIME_ZONE)):
        context = {"now": dates.clock(timezone.now())}
        return PageResponse("event/new.html", title, context, form=form, status=status_with(form))


def _made(form: NewLiveBlogForm, user: User) -> Redirect:
    since = timezone.now() - SAME_FORM
    title = clean_line(form.cleaned_data["title"])  # as it is stored
    event = Event.objects.edited_by(user).filter(title=title, created_at__gt=since).first()
    event = event or publishing.create_event(form.details(), user)
    if not event.is_public:  # also where the first press could not take this step
        with suppress(Refused):  # another press was quicker
            publishing.change_state(event.pk, ChangeKind.ANNOUNCE if form.starts_later else ChangeKind.OPEN, user)
    message = _("“%s” is announced. Write whenever you like.") if form.starts_later else _("“%s” is live.")
    return Redirect(desk_address(event.pk), message % event.title)
