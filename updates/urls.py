"""Addresses of readers' pages. First segments that are no events are listed in ``choices.RESERVED_SLUGS``."""

from django.urls import include, path, re_path, register_converter

from .live.measurements import measurements
from .live.readiness import readiness
from .live.receipts import receive
from .rendering.feeds import FORMATS
from .views import (
    alerts,
    calendar,
    catch_up,
    corrections,
    embed,
    feeds,
    film_captions,
    front,
    media,
    oembed,
    post_frame,
    reader,
    share_cards,
    site,
    sitemaps,
)
from .views.cached_pages import for_readers


class PublicId:
    regex = "[A-Za-z0-9]{10}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class FeedForm(PublicId):
    regex = "|".join(FORMATS)


register_converter(PublicId, "public_id")
register_converter(FeedForm, "feed_form")

urlpatterns = [
    path("", front.front_page, name="front"),
    path("api/v1/", include("updates.views.api.urls")),
    path("archive/", front.archive, name="archive"),
    path("corrections/", corrections.corrections, name="corrections"),
    path("healthz", for_readers(site.health), name="health"),
    path("service-worker.js", alerts.service_worker, name="service_worker"),
    path("manifest.webmanifest", alerts.manifest, name="manifest"),
    path("readyz", readiness, name="readiness"),
    path("metrics", measurements, name="metrics"),
    re_path(r"^media/(?P<name>pictures/[0-9a-f]{32}\.(?:webp|jpg))\Z", media.rendition, name="rendition"),
    re_path(r"^media/(?P<picture>pictures/[0-9a-f]{32})-(?P<shape>16x9|4x3|1x1)\.jpg\Z", media.crop, name="crop"),
    path("feed.<feed_form:form>", feeds.site_feed, name="site-feed"),
    path("robots.txt", sitemaps.robots, name="robots"),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemap-lists.xml", sitemaps.lists, name="lists-sitemap"),
    path("sitemap-news.xml", sitemaps.news, name="news-sitemap"),
    path("<slug:slug>/sitemap.xml", sitemaps.event, name="event-sitemap"),
    path("<slug:slug>/feed.<feed_form:form>", feeds.event_feed, name="feed"),
    path("<slug:slug>/", reader.event_page, name="event"),
    path("oembed", oembed.oembed, name="oembed"),
    path("<slug:slug>/embed/", embed.embed_page, name="embed"),
    path("<slug:slug>/fragment", embed.fragment, name="fragment"),
    path("<slug:slug>/changes", catch_up.changes, name="changes"),
    path("<slug:slug>/card.jpg", share_cards.event_card, name="event_card"),
    path("<slug:slug>/<public_id:public_id>/card.jpg", share_cards.entry_card, name="entry_card"),
    path(
        "<slug:slug>/<public_id:public_id>/captions-<int:number>.vtt",
        film_captions.film_captions,
        name="film_captions",
    ),
    path("<slug:slug>/<public_id:public_id>/post-<int:number>/", post_frame.post_frame, name="post_frame"),
    path("<slug:slug>/alerts", alerts.alerts, name="alerts"),
    path("<slug:slug>/calendar.ics", calendar.calendar, name="calendar"),
    path("<slug:slug>/seen", receive, name="seen"),
    path("<slug:slug>/<public_id:public_id>/", reader.permalink, name="permalink"),
]
