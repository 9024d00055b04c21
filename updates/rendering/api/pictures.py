"""Pictures in JSON. All addresses are absolute, as far as the site knows its own."""

from django.core.files.storage import default_storage

from updates.content.published import ImageJSON
from updates.rendering.structured.parts import absolute
from updates.untyped import JSONObject


def picture_json(image: ImageJSON | None, origin: str) -> JSONObject | None:
    """Return a picture in its public sizes, the smallest first; ``None`` if none of them is public."""
    if not image or not image["renditions"]:
        return None
    sizes = sorted(image["renditions"], key=lambda size: size["width"])
    return {
        "width": sizes[-1]["width"],
        "height": sizes[-1]["height"],
        "colour": image["colour"],
        "sizes": [
            {
                "width": size["width"],
                "height": size["height"],
                "webp": absolute(origin, default_storage.url(size["webp"])),
                "jpeg": absolute(origin, default_storage.url(size["jpeg"])),
            }
            for size in sizes
        ],
    }
