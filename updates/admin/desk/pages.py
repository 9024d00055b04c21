"""The desk's addresses under its live blog. The form is the updates' own, so their admin answers."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.http import require_POST

from updates import publishing
from updates.admin.base import explained
from updates.admin.event.base import EventPages
from updates.admin.json_responses import answers_scripts
from updates.models import Entry
from updates.types import user_of


class DeskPages(EventPages):
    def get_urls(self) -> list[Any]:
        desk, discard = self.admin_site.admin_view(self.desk_view), self.admin_site.admin_view(self.discard_copy_view)
        own = [
            path("<int:pk>/desk/", desk, name="updates_event_desk"),
            path("<int:pk>/desk/discard/", require_POST(discard), name="updates_event_discard_copy"),
        ]
        return [*own, *super().get_urls()]

    def desk_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        updates: Any = self.admin_site.get_model_admin(Entry)
        answer: HttpResponse = updates.desk_view(request, pk)
        return answer

    @answers_scripts
    @explained
    def discard_copy_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """For scripts: a draft of a device was thrown away, and its copy at the desk goes, too."""
        event = self.asked_event(request, pk)
        publishing.discard_copy(event.pk, request.POST.get("key", ""), user_of(request))
        return JsonResponse({"state": "sent"})
