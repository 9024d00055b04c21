"""Upload photos apart from the form, and list those that an event has used."""

from typing import cast

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from updates.admin.base import text_of
from updates.admin.responses import WRITER
from updates.content.image_process import Busy
from updates.models import Event, Image, PhotoBlock
from updates.permissions import check_may_see_desk, check_may_upload
from updates.publishing.errors import UNWRITABLE, not_saved
from updates.publishing.pictures import PART_SIZE, QUOTA, Upload, save_part
from updates.publishing.unused_pictures import check_room_for_picture
from updates.types import User, user_of
from updates.untyped import Context

MAX_USED_PICTURES = 60


@require_http_methods(["GET", "POST"])
def pictures_view(request: HttpRequest, pk: int) -> HttpResponse:
    """GET lists the pictures in use. POST receives one part of a file and returns the finished picture, the numbers of
    the missing parts, or the reason why the file cannot be used."""
    event = Event.objects.filter(pk=pk).first() or Event(pk=0)  # one that nobody is assigned to
    user = user_of(request)
    try:
        if request.method == "GET":
            check_may_see_desk(user, event)
            return JsonResponse({"pictures": used_pictures(event, user)})
        if request.headers.get(WRITER, str(user.pk)) != str(user.pk):
            return JsonResponse({"state": "login"}, status=401)  # never store it under another account
        check_may_upload(user, event)
        return _take_part(request)
    except PermissionDenied as error:
        return JsonResponse({"reason": str(error)}, status=404)  # as for a live blog that does not exist
    except (Busy, *UNWRITABLE) as error:  # the script tries again by itself
        busy = _("The database is busy, so nothing was saved. What you typed is still here. Try again.")
        reason = text_of(error) if isinstance(error, Busy) else not_saved(error, busy)
        return JsonResponse({"reason": reason}, status=503, headers={"Retry-After": "2"})
    except ValidationError as error:
        return JsonResponse({"reason": text_of(error)}, status=413 if getattr(error, "code", "") == QUOTA else 422)


def _take_part(request: HttpRequest) -> HttpResponse:
    sent, part = request.POST, request.FILES.get("part")
    try:
        index, size = int(sent["index"]), int(sent["size"])
    except (KeyError, ValueError) as error:
        raise _unreadable() from error
    if part is None or (part.size or 0) > PART_SIZE:
        raise _unreadable()
    upload = Upload(cast(int, request.user.pk), sent.get("key", ""), size)
    outcome = save_part(upload, index, part.read(), user_of(request), check_room_for_picture)
    return JsonResponse(picture_json(outcome) if isinstance(outcome, Image) else {"missing": outcome})


def picture_json(image: Image) -> Context:
    """Return the data with which scripts show a picture in the form; the texts are those in its file."""
    return {
        "id": image.public_id,
        "preview": reverse("admin:updates_picture", args=[image.public_id]),
        "width": image.width,
        "height": image.height,
        "caption": image.caption,
        "credit": image.credit,
        "alt": image.alt,
    }


def used_pictures(event: Event, user: User) -> list[Context]:
    """Return the pictures of an event's photos, the last used first, with the texts of that use."""
    blocks = PhotoBlock.objects.in_sight_of(user, event).select_related("image").order_by("-pk")
    pictures: dict[int, Context] = {}
    for block in blocks[: 4 * MAX_USED_PICTURES]:
        words = {"alt": block.alt, "caption": block.caption, "credit": block.credit}
        pictures.setdefault(block.image_id, picture_json(block.image) | words)
    return list(pictures.values())[:MAX_USED_PICTURES]


def _unreadable() -> ValidationError:
    return ValidationError(_("The upload could not be read. Choose the photo again."), code="upload")
