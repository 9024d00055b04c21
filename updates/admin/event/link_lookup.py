"""Title and picture of a link, for the form: ordered by POST, asked for by GET until they are there."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_http_methods

from updates.admin.desk.filters import number
from updates.models import Event, Image, LinkLookup
from updates.permissions import check_may_draft
from updates.publishing.link_lookups import order_lookup, own_lookup
from updates.types import user_of
from updates.untyped import Context

from .uploads import picture_json


@require_http_methods(["GET", "POST"])
def link_lookup_view(request: HttpRequest, pk: int) -> HttpResponse:
    event = Event.objects.filter(pk=pk).first() or Event(pk=0)  # one that nobody is assigned to
    user = user_of(request)
    try:
        check_may_draft(user, event)
        if request.method == "POST":
            lookup = order_lookup(request.POST.get("url", ""), user, event)
        else:
            lookup = own_lookup(number(request.GET.get("id", "")), user)
    except PermissionDenied:
        return JsonResponse({"state": "none"}, status=404)
    except ValidationError:  # the form says so when it is sent
        lookup = None
    return JsonResponse(_as_json(lookup), headers={"Cache-Control": "no-store"})


def _as_json(lookup: LinkLookup | None) -> Context:
    if lookup is None:
        return {"state": "none"}
    if lookup.next_at is not None:
        return {"state": "waiting", "id": lookup.pk}
    image = Image.objects.filter(public_id=lookup.picture).first() if lookup.picture else None
    return {"state": "found", "title": lookup.title, "picture": picture_json(image) if image else None}
