"""A picture in a form. A valid file is stored at once, so that a form with errors still has it."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.forms.renderers import BaseRenderer
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from updates.content.images import preview
from updates.models import Image, is_visible_to
from updates.publishing.errors import not_saved
from updates.publishing.pictures import add_picture
from updates.publishing.unused_pictures import check_room_for_picture
from updates.types import Actor, user_of
from updates.untyped import Context

from .fields import Files

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Chosen:
    """The value of a picture field: the random id of a stored picture, a new file, or the request to clear it."""

    stored_id: str = ""
    file: "UploadedFile[bytes] | None" = None
    clear: bool = False


class PictureInput(forms.FileInput):
    """A file input, with the id and a preview of the current picture."""

    stored: Image | None = None
    """The picture stored from the file of this form."""

    user: Actor = None

    def value_from_datadict(self, data: Mapping[str, str], files: Files, name: str) -> Chosen:
        if self.stored is not None:
            return Chosen(stored_id=self.stored.public_id)
        return Chosen(data.get(name, ""), files.get(f"{name}-file"), bool(data.get(f"{name}-clear")))

    def value_omitted_from_data(self, data: Mapping[str, object], files: Files, name: str) -> bool:
        return name not in data and f"{name}-file" not in files

    def render(
        self, name: str, value: object, attrs: Context | None = None, renderer: BaseRenderer | None = None
    ) -> SafeString:
        image = self.stored or _image(value, self.user)
        attrs = attrs or {}
        context = {
            "name": name,
            "image": image,
            "clearable": image is not None and not self.is_required,
            "cleared": isinstance(value, Chosen) and value.clear,
            "id": attrs.get("id", f"id_{name}"),
            "described": attrs.get("aria-describedby", ""),
            "invalid": attrs.get("aria-invalid", ""),
        }
        return render_to_string("admin/updates/widgets/picture.html", context)


class PictureField(forms.Field):
    """Cleans to an ``Image`` or ``None``."""

    widget = PictureInput
    default_error_messages = {
        "required": _("Choose a photo."),
        "gone": _("This picture no longer exists. Choose it again."),
        "refused": _("You do not have permission to upload pictures here."),
    }

    may_upload = False

    def for_user(self, user: Actor, *, may_upload: bool = True) -> None:
        """Show and accept what this user may see; without the right to upload, a new file is refused."""
        self.widget.user, self.may_upload = user, may_upload

    def has_changed(self, initial: object, data: Any) -> bool:  # Any: a Chosen, which the base class does not know
        before = initial.public_id if isinstance(initial, Image) else ""
        return bool(data.file or data.clear or data.stored_id != before)

    def clean(self, value: Chosen) -> Image | None:
        if value.file is not None:
            return self._store(value.file)
        image = None if value.clear else _image(value, self.widget.user)
        if value.stored_id and not value.clear and image is None:
            raise ValidationError(self.error_messages["gone"], code="gone")
        if image is None and self.required:
            raise ValidationError(self.error_messages["required"], code="required")
        return image

    def _store(self, file: "UploadedFile[bytes]") -> Image:
        user = self.widget.user
        if user is None or not self.may_upload:
            raise ValidationError(self.error_messages["refused"], code="refused")
        check_room_for_picture(user)
        try:
            image = add_picture(file, user)
        except OSError as error:
            logger.exception("A picture could not be stored")
            again = _("The pictures could not be prepared. Send this again.")
            raise ValidationError(not_saved(error, str(again)), code="not_stored") from error
        self.widget.stored = image
        return image


@require_safe
def preview_view(request: HttpRequest, public_id: str) -> HttpResponse:
    """Return a preview of an original, for those who may see it. To others it does not exist."""
    image = _stored(public_id)
    if image is None or not is_visible_to(user_of(request), image):
        raise Http404
    with image.master.open("rb") as original:
        response = HttpResponse(preview(original.read()), content_type="image/jpeg")
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _image(value: object, user: Actor) -> Image | None:
    """Return the picture of a field's value. What a form names must be visible to its sender."""
    if isinstance(value, Chosen):
        image = _stored(value.stored_id)
        return image if image and user and is_visible_to(user, image) else None
    return value if isinstance(value, Image) else None


def _stored(public_id: str) -> Image | None:
    try:
        return Image.objects.get(public_id=public_id) if public_id else None
    except Image.DoesNotExist:
        return None
