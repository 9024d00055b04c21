"""Photos that are sent at once, apart from the form, and those an event has used already."""

from typing import Any, cast

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from updates import publishing
from updates.admin.json_responses import WRITER
from updates.content.image_process import Busy
from updates.models import Event, Image, PhotoBlock
from updates.permissions import check_may_see_desk, check_may_upload
from updates.types import user_of

from .base import EventPages

SHOWN_AT_MOST = 60


class Uploads(EventPages):
    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(require_http_methods(["GET", "POST"])(self.pictures_view))
        return [path("<int:pk>/pictures/", view, name="updates_event_pictures"), *super().get_urls()]

    def pictures_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """GET: the pictures in use, to be picked again. POST: one part of a file; the answer is the picture, or
        the numbers of the parts still to come, or the reason why it cannot be used."""
        event = Event.objects.filter(pk=pk).first() or Event(pk=0)  # whom nobody is assigned to
        try:
            if request.method == "GET":
                check_may_see_desk(user_of(request), event)
                return JsonResponse({"pictures": used_pictures(event, request.user)})
            if request.headers.get(WRITER, str(request.user.pk)) != str(request.user.pk):
                return JsonResponse({"state": "login"}, status=401)  # it goes under nobody else's name
            check_may_upload(user_of(request), event)
            return self._take(request)
        except PermissionDenied as error:
            return JsonResponse({"reason": str(error)}, status=403)
        except Busy as error:  # the device sends it again by itself
            return JsonResponse({"reason": " ".join(error.messages)}, status=503, headers={"Retry-After": "2"})
        except ValidationError as error:
            return JsonResponse({"reason": " ".join(error.messages)}, status=422)

    def _take(self, request: HttpRequest) -> HttpResponse:
        sent, part = request.POST, request.FILES.get("part")
        try:
            index, size = int(sent["index"]), int(sent["size"])
        except (KeyError, ValueError) as error:
            raise _unreadable() from error
        if part is None or (part.size or 0) > publishing.PART_SIZE:
            raise _unreadable()
        upload = publishing.Upload(cast(int, request.user.pk), sent.get("key", ""), size)
        outcome = publishing.save_part(upload, index, part.read(), user_of(request))
        return JsonResponse(described(outcome) if isinstance(outcome, Image) else {"missing": outcome})


def described(image: Image) -> dict[str, Any]:
    """What a script needs to show a picture in the form; ``caption``, ``credit`` and ``alt`` are what its file says."""
    return {
        "id": image.public_id,
        "preview": reverse("admin:updates_picture", args=[image.public_id]),
        "width": image.width,
        "height": image.height,
        "caption": image.caption,
        "credit": image.credit,
        "alt": image.alt,
    }


def used_pictures(event: Event, user: Any) -> list[dict[str, Any]]:
    """Pictures of an event's photos, the last used first, with the words that stood with them then."""
    blocks = PhotoBlock.objects.in_sight_of(user, event).select_related("image").order_by("-pk")
    found: dict[int, dict[str, Any]] = {}
    for block in blocks[: 4 * SHOWN_AT_MOST]:
        words = {"alt": block.alt, "caption": block.caption, "credit": block.credit}
        found.setdefault(block.image_id, described(block.image) | words)
    return list(found.values())[:SHOWN_AT_MOST]


def _unreadable() -> ValidationError:
    return ValidationError(_("The upload could not be read. Choose the photo again."), code="upload")
