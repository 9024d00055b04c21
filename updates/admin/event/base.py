from typing import Any

from django.http import Http404, HttpRequest

from updates.admin.base import OperationAdmin
from updates.models import Event
from updates.types import user_of


class EventPages(OperationAdmin):
    """Pages about one live blog, for those who are assigned to it; to others it does not exist."""

    def get_queryset(self, request: HttpRequest) -> Any:
        return Event.objects.of(user_of(request))

    def asked_event(self, request: HttpRequest, pk: Any) -> Event:
        try:
            return self.get_queryset(request).get(pk=pk)  # type: ignore[no-any-return]
        except (Event.DoesNotExist, ValueError) as error:
            raise Http404 from error
