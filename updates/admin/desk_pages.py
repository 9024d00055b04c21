"""The desk's address under its live blog. The form is the updates' own, so their admin answers."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path

from ..models import Entry
from .event_base import EventPages


class DeskPages(EventPages):
    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.desk_view)
        return [path("<int:pk>/desk/", view, name="updates_event_desk"), *super().get_urls()]

    def desk_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        updates: Any = self.admin_site.get_model_admin(Entry)
        answer: HttpResponse = updates.desk_view(request, pk)
        return answer
