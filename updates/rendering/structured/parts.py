"""Parts of structured data that events and entries share: publisher, people, pictures."""

from collections.abc import Iterable

from django.conf import settings
from django.core.files.storage import default_storage
from django.templatetags.static import static
from django.urls import reverse

from updates.content.crops import SHAPES, crop_name
from updates.content.published import BylineJSON, ImageJSON, PhotoJSON
from updates.untyped import JSONObject


def publisher(origin: str) -> JSONObject:
    return {
        "@type": "NewsMediaOrganization",
        "@id": f"{origin}{reverse('front')}#publisher",
        "name": settings.SITE_NAME,
        "url": origin + reverse("front"),
        "logo": {"@type": "ImageObject", "url": absolute(origin, settings.SITE_LOGO or static("img/icon.svg"))},
        "correctionsPolicy": origin + reverse("corrections"),
    }


def authors(bylines: Iterable[BylineJSON], origin: str) -> list[JSONObject]:
    """Return each person once, in order; the publisher where nobody signs."""
    signed = {by["name"]: by for by in bylines}
    people = [_person(by) for by in signed.values()]
    return people or [{"@type": "Organization", "name": settings.SITE_NAME, "url": origin + reverse("front")}]


def _person(byline: BylineJSON) -> JSONObject:
    named = {"jobTitle": byline["role"], "url": byline.get("page")}
    return {"@type": "Person", "name": byline["name"], **{name: value for name, value in named.items() if value}}


def absolute(origin: str, address: str) -> str:
    return origin + address if address.startswith("/") else address


def crops(image: ImageJSON | None, origin: str) -> list[str]:
    """Return a picture's addresses in the three shapes that search engines ask for; none if it is not public."""
    address = picture_address(image, origin)
    return [crop_name(address, shape) for shape in SHAPES] if address else []


def photo(block: PhotoJSON, origin: str) -> JSONObject | None:
    address = picture_address(block["image"], origin)
    if not address:
        return None
    data = {"@type": "ImageObject", "url": address, "creditText": block["credit"]}
    return data | ({"caption": block["caption"]} if block["caption"] else {})


def picture_address(image: ImageJSON | None, origin: str) -> str:
    """Return the address of a picture's largest JPEG, empty without one."""
    sizes = image["renditions"] if image else []
    if not sizes:
        return ""
    return origin + default_storage.url(max(sizes, key=lambda size: size["width"])["jpeg"])
