"""Django's admin with its own writing shut off: what changes an event or entry goes through an operation."""

from collections.abc import Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any, NoReturn

from django import forms
from django.contrib import admin
from django.contrib.admin import helpers
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from js_asset import Media

from ..models.guard import OutsideOperation

if TYPE_CHECKING:
    AnyModelAdmin = admin.ModelAdmin[Any]
else:
    AnyModelAdmin = admin.ModelAdmin


def explained(view: Any) -> Any:
    """A refused right is answered with the sentence that says why."""

    @wraps(view)
    def answer(model_admin: Any, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        try:
            return view(model_admin, request, *args, **options)  # type: ignore[no-any-return]
        except PermissionDenied as error:
            page: TemplateResponse = model_admin.page(request, "refused.html", _("Not allowed"), why=str(error))
            page.status_code = 403
            return page

    return answer


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


def add_errors(form: forms.BaseForm, error: Any) -> None:
    """An operation's ``ValidationError``, at the field it names where the form has it."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, problems in error.error_dict.items():
        form.add_error(name if name in form.fields else None, problems)
