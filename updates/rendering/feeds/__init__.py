"""Feeds of an event and of the site, in three formats, from the published content of their entries."""

from .feed import Feed, FeedItem, RemovedItem, feed_of_event, feed_of_site
from .formats import FORMATS, FeedFormat

__all__ = ["FORMATS", "Feed", "FeedFormat", "FeedItem", "RemovedItem", "feed_of_event", "feed_of_site"]
