"""Django's admin with its own writing shut off: what changes an event or entry goes through an operation."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any, NoReturn

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from js_asset import Media

from updates.models.guard import OutsideOperation
from updates.publishing import Refused

if TYPE_CHECKING:
    AnyModelAdmin = admin.ModelAdmin[Any]
else:
    AnyModelAdmin = admin.ModelAdmin

logger = logging.getLogger(__name__)


def explained(view: Any) -> Any:
    """A refused right is answered with the sentence that says why; so is a database that takes no more writes."""

    @wraps(view)
    def answer(model_admin: Any, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        try:
            return view(model_admin, request, *args, **options)  # type: ignore[no-any-return]
        except PermissionDenied as error:
            return refusal(_("Not allowed"), str(error), 403, model_admin, request)
        except OperationalError as error:
            if request.method != "POST":
                raise
            logger.warning("Nothing was saved: %s", error)
            why = _("The database is busy, so nothing was saved. Go back, where all is as you left it, and send again.")
            return refusal(_("Not saved"), why, 503, model_admin, request)

    def refusal(title: str, why: str, status: int, model_admin: Any, request: HttpRequest) -> HttpResponse:
        page: TemplateResponse = model_admin.page(request, "refused.html", title, why=why)
        page.status_code = status
        return page

    return answer


@contextmanager
def saying_refusals(request: HttpRequest, done: str = "") -> Iterator[None]:
    """For steps without a form to come back to: what refuses one, or that it is done, is said on the next page."""
    try:
        yield
    except Refused as error:
        messages.error(request, str(error))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        if done:
            messages.success(request, done)


class ThroughOperations(AnyModelAdmin):
    """Nothing is deleted, nothing is done in bulk, and no save of Django's own happens.

    Subclasses answer a form themselves, in ``changeform_view``: Django's would hold one transaction around the
    whole request, and write form by form.
    """

    actions = None
    show_full_result_count = False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def _shut(self, *_args: Any, **_options: Any) -> NoReturn:
        raise OutsideOperation(f"The admin of {self.opts.verbose_name_plural} does not write: it calls an operation")

    save_model = save_formset = save_related = _shut
    delete_model = delete_queryset = _shut
    log_addition = log_change = log_deletions = _shut

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        title = {"title": capfirst(self.opts.verbose_name_plural)}
        return super().changelist_view(request, title | (extra_context or {}))

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """The log of operations, in place of Django's own, which stays empty."""
        log = reverse("admin:updates_change_changelist")
        return redirect(f"{log}?{self.opts.model_name}__id__exact={object_id}")

    def form_page(
        self,
        request: HttpRequest,
        form: Any,
        obj: Any = None,
        *,
        blocks: Sequence[tuple[Any, Any]] = (),
        status: int = 200,
        **context: Any,
    ) -> HttpResponse:
        """The change form, drawn as Django draws it; ``blocks`` are pairs of formset and inline."""
        admin_form = helpers.AdminForm(
            form, self.form_fieldsets(form), self.get_prepopulated_fields(request, obj), (), self
        )
        formsets, inlines = [pair[0] for pair in blocks], [pair[1] for pair in blocks]
        inline_formsets = self.get_inline_formsets(request, formsets, inlines, obj)
        media = self.media + admin_form.media
        for inline in inline_formsets:
            media += inline.media
        everything = {
            **self.admin_site.each_context(request),
            "adminform": admin_form,
            "object_id": str(obj.pk) if obj else None,
            "original": obj,
            "is_popup": False,
            "to_field": None,
            "media": media,
            "inline_admin_formsets": inline_formsets,
            "errors": helpers.AdminErrorList(form, formsets),
            "preserved_filters": self.get_preserved_filters(request),
            **context,
        }
        response = self.render_change_form(request, everything, add=obj is None, change=obj is not None, obj=obj)
        response.status_code = status
        return with_nonce(request, response)

    def form_fieldsets(self, form: forms.BaseForm) -> list[tuple[Any, Any]]:
        return [(None, {"fields": list(form.fields)})]

    def page(self, request: HttpRequest, template: str, title: Any, **context: Any) -> TemplateResponse:
        """A page of the admin that is no change form."""
        everything = {**self.admin_site.each_context(request), "opts": self.opts, "title": title, **context}
        return TemplateResponse(request, f"admin/updates/{template}", everything)


def with_nonce(request: HttpRequest, response: Any) -> HttpResponse:
    """Import maps are inline scripts. Django 6 gives them the nonce of its own policy; 5.2 has none to give."""
    media = response.context_data["media"]
    response.context_data["media"] = Media.from_media(media, nonce=getattr(request, "csp_nonce", ""))
    return response  # type: ignore[no-any-return]


def show_instead(form: forms.BaseForm, **values: Any) -> None:
    """Put values of ours into a form that goes back to who sent it."""
    data: Any = form.data
    form.data = data.copy()
    for name, value in values.items():
        form.data[form.add_prefix(name)] = value  # type: ignore[index]


def add_busy(form: forms.BaseForm, error: OperationalError) -> None:
    """The database takes no write now; the form goes back with all that was typed."""
    logger.warning("A form was not saved: %s", error)
    form.add_error(None, _("The database is busy. Nothing was saved, and what you typed is still here: send it again."))


def add_errors(form: forms.BaseForm, error: Any) -> None:
    """An operation's ``ValidationError``, at the field it names where the form has it."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, problems in error.error_dict.items():
        form.add_error(name if name in form.fields else None, problems)
