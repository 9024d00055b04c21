"""Base classes for the admin that never save themselves: operations change events and entries."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import DatabaseError
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from updates.models import Entry, Event
from updates.models.guard import OutsideOperation
from updates.publishing import Refused
from updates.publishing.errors import UNWRITABLE, not_saved
from updates.types import user_of
from updates.untyped import Context

if TYPE_CHECKING:
    AnyModelAdmin = admin.ModelAdmin[Any]  # of whatever model: the base class serves several
else:
    AnyModelAdmin = admin.ModelAdmin

logger = logging.getLogger(__name__)

BUSY = "busy"
"""Code of the error of a form that the database did not take."""

FieldSets = list[tuple[str | Promise | None, dict[str, list[str]]]]


SEARCH_LENGTH = 200
SEARCH_WORDS = 10
"""Most words of a search: each is a condition of the query, and databases refuse too many."""


class ListAdmin(AnyModelAdmin):
    """An admin whose list has its model's name as title, and is searched for the first ten words only."""

    empty_value_display = ""  # a list of cards on a phone would have lines of dashes

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Model], search_term: str
    ) -> tuple[QuerySet[Model], bool]:
        words = search_term[:SEARCH_LENGTH].split()[:SEARCH_WORDS]
        return super().get_search_results(request, queryset, " ".join(words))

    def changelist_view(self, request: HttpRequest, extra_context: Context | None = None) -> HttpResponse:
        title = {"title": capfirst(self.opts.verbose_name_plural)}
        return super().changelist_view(request, title | (extra_context or {}))


class OperationAdmin(ListAdmin):
    """Lists rows and checks permissions as Django does. Deletes nothing, has no bulk actions, and never saves.

    Django's own form views would hold one transaction around the whole request and write form by form, so subclasses
    put views of ours at their addresses, in ``get_urls``.
    """

    actions = None

    @property
    def media(self) -> forms.Media:
        """Leave out 40 KB of Django's scripts for bulk actions and for fields that fill themselves."""
        names = ("vendor/jquery/jquery.min.js", "jquery.init.js", "core.js", "admin/RelatedObjectLookups.js")
        return forms.Media(js=[f"admin/js/{name}" for name in names])

    show_full_result_count = False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def _shut(self, *_args: object, **_options: object) -> NoReturn:
        raise OutsideOperation(f"The admin of {self.opts.verbose_name_plural} does not write: it calls an operation")

    save_model = save_formset = save_related = _shut
    delete_model = delete_queryset = _shut
    log_addition = log_change = log_deletions = _shut

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Context | None = None) -> HttpResponse:
        """Redirect to the log of operations: Django's own log stays empty."""
        log = reverse("admin:updates_change_changelist")
        return redirect(f"{log}?{self.opts.model_name}__id__exact={object_id}")

    def form_page(
        self,
        request: HttpRequest,
        form: forms.BaseForm,
        obj: Model | None = None,
        *,
        blocks: Sequence[tuple[object, object]] = (),
        status: int = 200,
        **context: object,
    ) -> TemplateResponse:
        """Draw the change form as Django does; ``blocks`` are pairs of formset and inline."""
        fieldsets, prepopulated = self.form_fieldsets(form), self.get_prepopulated_fields(request, obj)
        admin_form = helpers.AdminForm(form, fieldsets, prepopulated, (), self)  # type: ignore[arg-type]
        formsets, inlines = [pair[0] for pair in blocks], [pair[1] for pair in blocks]
        inline_formsets = self.get_inline_formsets(request, formsets, inlines, obj)
        drawn: Context = {
            **self.admin_site.each_context(request),
            "adminform": admin_form,
            "object_id": str(obj.pk) if obj else None,
            "original": obj,
            "is_popup": False,
            "to_field": None,
            "media": sum((inline.media for inline in inline_formsets), self.media + admin_form.media),
            "inline_admin_formsets": inline_formsets,
            "errors": helpers.AdminErrorList(form, formsets),  # type: ignore[arg-type]
            "preserved_filters": self.get_preserved_filters(request),
            **context,
        }
        response = cast(
            TemplateResponse,
            self.render_change_form(request, drawn, add=obj is None, change=obj is not None, obj=obj),
        )
        response.status_code = status
        return response

    def form_fieldsets(self, form: forms.BaseForm) -> FieldSets:
        return [(None, {"fields": list(form.fields)})]


def admin_of(model: type[Model]) -> OperationAdmin:
    """Return the admin that draws forms of a model."""
    return cast(OperationAdmin, admin.site.get_model_admin(model))


def assigned_event(request: HttpRequest, pk: int | str) -> Event:
    """Return a live blog that the user is assigned to. To others it does not exist."""
    try:
        return Event.objects.of(user_of(request)).get(pk=pk)
    except (Event.DoesNotExist, ValueError) as error:
        raise Http404 from error


def visible_entry(request: HttpRequest, pk: int | str) -> Entry:
    """Return an entry that the user may see at the desk. For others it does not exist."""
    try:
        return Entry.objects.visible_to(user_of(request)).select_related("event", "author").get(pk=pk)
    except (Entry.DoesNotExist, ValueError) as error:
        raise Http404 from error


@contextmanager
def refusals_as_messages(request: HttpRequest, done: str = "") -> Iterator[None]:
    """Show the refusal of a step without a form, or that it is ``done``, as a message on the next page."""
    try:
        yield
    except (Refused, ValidationError) as error:
        messages.error(request, text_of(error))
    else:
        if done:
            messages.success(request, done)


def text_of(error: Exception) -> str:
    return " ".join(error.messages) if isinstance(error, ValidationError) else str(error)


def replace_values(form: forms.BaseForm, **values: object) -> None:
    """Replace values of a form that goes back to its sender."""
    data = cast(QueryDict, form.data).copy()
    for name, value in values.items():
        data[form.add_prefix(name)] = value  # type: ignore[assignment]  # it holds any value
    form.data = data


def add_busy(form: forms.BaseForm, error: DatabaseError) -> None:
    """Add an error to a form: the database accepts no writes now."""
    logger.warning("A form was not saved: %s", error)
    busy = _("The database is busy, so nothing was saved. What you typed is still here. Try again.")
    form.add_error(None, ValidationError(not_saved(error, busy), code=BUSY))


@contextmanager
def errors_shown_by(form: forms.BaseForm) -> Iterator[None]:
    """Turn the errors of an operation into errors of its form."""
    try:
        yield
    except ValidationError as error:
        add_errors(form, error)
    except UNWRITABLE as error:
        add_busy(form, error)


def status_with(form: forms.BaseForm) -> int:
    """Return the status of a page that shows a form."""
    return 503 if form.has_error(NON_FIELD_ERRORS, BUSY) else 200


def add_errors(form: forms.BaseForm, error: ValidationError) -> None:
    """Add an operation's errors to a form, at the fields they name where the form has them."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, problems in error.error_dict.items():
        form.add_error(name if name in form.fields else None, problems)
