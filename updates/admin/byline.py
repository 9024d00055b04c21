"""Bylines. Readers' pages hold copies of them, so Django's admin may save persons itself."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from updates.content.sanitize import clean_line
from updates.models import Person
from updates.types import Actor, user_of
from updates.untyped import Context

from .base import ListAdmin
from .fields import undo_stripping
from .pictures import PictureField
from .site_permissions import manages_bylines


class PersonForm(forms.ModelForm):  # type: ignore[type-arg]
    photo = PictureField(label=_("Photo"), required=False)
    page = forms.URLField(
        label=_("Web page"),
        required=False,
        assume_scheme="https",
        max_length=500,
        help_text=_(
            "A page about this person. Readers reach it from the name, and search engines learn from it who wrote."
        ),
    )

    class Meta:
        model = Person
        fields = ("name", "role_line", "page", "photo", "user")

    actor: Actor = None
    """Set on a subclass for each request, since Django creates the form."""

    def __init__(self, *args: Any, **options: Any) -> None:  # those of Django's own, which has many
        super().__init__(*args, **options)
        self.initial["photo"] = self.instance.photo
        self.fields["photo"].for_user(self.actor)  # type: ignore[attr-defined]

    def clean(self) -> Context:
        """Clean texts as operations would."""
        cleaned: Context = super().clean() or {}
        undo_stripping(self, cleaned)
        return cleaned | {name: clean_line(cleaned[name]) for name in ("name", "role_line") if name in cleaned}


@admin.register(Person)
class PersonAdmin(ListAdmin):
    form = PersonForm
    list_display = ["name", "role_line", "user"]
    list_select_related = ["user"]
    search_fields = ["name"]
    actions = None

    def has_module_permission(self, request: HttpRequest) -> bool:
        return manages_bylines(request)

    def has_view_permission(self, request: HttpRequest, obj: Person | None = None) -> bool:
        return manages_bylines(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return manages_bylines(request)

    def has_change_permission(self, request: HttpRequest, obj: Person | None = None) -> bool:
        return manages_bylines(request)

    def get_form(
        self, request: HttpRequest, obj: Person | None = None, change: bool = False, **options: object
    ) -> type[PersonForm]:
        return type(
            "PersonForm", (super().get_form(request, obj, change=change, **options),), {"actor": user_of(request)}
        )
