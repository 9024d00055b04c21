"""An update as a ``BlogPosting``: in the list of its live blog, and on its own page."""

from updates.content.published import BlockJSON, EmbedJSON, ImageJSON, PhotoJSON
from updates.content.sanitize import plain_text
from updates.models import Entry
from updates.rendering.corrections import corrections_of
from updates.rendering.dates import iso_local
from updates.rendering.entries import time_of
from updates.untyped import JSONObject

from .parts import authors, crops, photo, picture_address, publisher


def entry_page(entry: Entry, origin: str, card: str) -> list[JSONObject]:
    """Return the data of an update's own page. The address of its share card stands for a picture if there is none."""
    event, address = entry.event, origin + entry.get_absolute_url()
    own = next(filter(None, (crops(image, origin) for image in _images(entry))), [])
    data = entry_data(entry, origin) | {
        "description": entry_text(entry) or entry.title,
        "mainEntityOfPage": {"@type": "WebPage", "@id": address},
        "inLanguage": event.language,
        "isAccessibleForFree": True,
        "publisher": publisher(origin),
        "isPartOf": {
            "@type": "LiveBlogPosting",
            "@id": origin + event.get_absolute_url(),
            "url": origin + event.get_absolute_url(),
            "headline": event.title,
        },
        "image": own or crops(event.lead or None, origin) or [card],
    }
    return [data, news_article(data)]


def news_article(data: JSONObject) -> JSONObject:
    """Return the same posting, by its ``@id``, as the type that every reader of structured data knows."""
    names = (
        "@id", "url", "headline", "description", "image", "datePublished", "dateModified", "author", "publisher",
        "mainEntityOfPage", "inLanguage", "isAccessibleForFree",
    )  # fmt: skip
    return {"@context": "https://schema.org", "@type": "NewsArticle"} | {
        name: data[name] for name in names if name in data
    }


def entry_data(entry: Entry, origin: str) -> JSONObject:
    address, published = origin + entry.get_absolute_url(), time_of(entry)
    data: JSONObject = {
        "@context": "https://schema.org",
        "@type": "BlogPosting",
        "@id": address,
        "url": address,
        "headline": entry.title,
        "datePublished": iso_local(published),
        "dateModified": iso_local(max(published, entry.changed_at or published)),
        "author": authors(entry.content["bylines"], origin),
        "articleBody": entry_text(entry) or entry.title,
    }
    data |= _media(entry, origin)
    if wrong := [fix for fix in corrections_of(entry) if not fix.clarifies]:
        data["correction"] = [
            {"@type": "CorrectionComment", "text": fix.note, "datePublished": iso_local(fix.at)} for fix in wrong
        ]
    return data


def entry_text(entry: Entry) -> str:
    """Return what an update says, as plain text without its headline."""
    return "\n".join(filter(None, map(_words, entry.content["blocks"])))


def _words(block: BlockJSON) -> str:
    match block["kind"]:
        case "text":
            return plain_text(block["html"])
        case "quote":
            return f"{block['text']} – {block['attribution']}"
        case "photo":
            return block["caption"]
        case "embed":
            return " ".join(filter(None, [block["lead_in"], block["title"]]))


def _media(entry: Entry, origin: str) -> JSONObject:
    blocks = entry.content["blocks"]
    photos: list[PhotoJSON] = [block for block in blocks if block["kind"] == "photo"]
    embeds: list[EmbedJSON] = [block for block in blocks if block["kind"] == "embed"]
    media: JSONObject = {}
    if images := [data for block in photos if (data := photo(block, origin))]:
        media["image"] = images
    if videos := [data for block in embeds if (data := _video(entry, block, origin))]:
        media["video"] = videos
    return media


def _video(entry: Entry, block: EmbedJSON, origin: str) -> JSONObject | None:
    """Return a video; ``None`` for other embeds, and where there is no picture of it, which search engines require."""
    if block["aspect"] not in {"16/9", "9/16"} or not (block["provider"] == "file" or block["player"]):
        return None
    pictures = [block["poster"], *_images(entry), entry.event.lead or None]
    thumbnail = next(filter(None, (picture_address(image, origin) for image in pictures)), "")
    if not thumbnail:
        return None
    return {
        "@type": "VideoObject",
        "name": block["title"] or entry.title,
        "description": block["lead_in"] or block["title"] or entry.title,
        "thumbnailUrl": thumbnail,
        "uploadDate": iso_local(time_of(entry)),
        ("contentUrl" if block["provider"] == "file" else "embedUrl"): block["player"] or block["url"],
    }


def _images(entry: Entry) -> list[ImageJSON]:
    return [block["image"] for block in entry.content["blocks"] if block["kind"] == "photo"]
