"""The two live blogs that are measured: a short one and a long one."""

from dataclasses import dataclass
from datetime import timedelta
from random import Random

from django.utils import timezone

from updates.choices import ORDER_STEP, EventStatus
from updates.models import Event
from updates.publishing import EntryContent, EventDetails, QuoteContent, TextContent
from updates.publishing.imports import EntryRecord, EventRecord, import_event
from updates.types import User

PAGE_SIZE = 20
AUTHOR = "bench"
"""Username of the account that publishes."""

WORDS = """
water stands harbour gauge rises hour office says gates inner basin shut since noon ferries cancelled until morning tide
residents quay street asked move cars keep doors yards closed council meets evening mayor expects wind turn north
power lines down near station trains replaced buses crews work through night pumps brought from towns along coast
schools stay shut children teachers hospital moved patients upper floors nobody hurt police warn bridge road flooded
sandbags handed out volunteers soup kitchen church hall open warm beds insurers forecast model peak midnight metres
lighthouse keeper fishing boats moored double ropes islanders radio contact lost restored engineers dam spillway steady
"""


@dataclass(frozen=True)
class Newsroom:
    """Author, short and long live blog, and their numbers of updates."""

    author: User
    small: Event
    large: Event
    few: int
    many: int


def create_newsroom(few: int, many: int) -> Newsroom:
    author = User.objects.create_superuser(AUTHOR, password=None)
    return Newsroom(author, create_event("young", few, author), create_event("long", many, author), few, many)


def create_event(slug: str, entries: int, author: User) -> Event:
    began = timezone.now() - timedelta(minutes=entries + 1)
    records = tuple(
        EntryRecord(content(number), began + timedelta(minutes=number), number * ORDER_STEP)
        for number in range(1, entries + 1)
    )
    details = EventDetails(title="Storm over the coast", slug=slug, time_zone="UTC", page_size=PAGE_SIZE)
    return import_event(EventRecord(details, EventStatus.LIVE, records, ordinals=entries, started_at=began), author)


def content(number: int) -> EntryContent:
    """Return a typical update: a headline, two paragraphs and in every fifth a quote. All differ."""
    random = Random(number)  # noqa: S311 – seeded, so that all runs measure the same texts
    text = TextContent(f"<p>{_sentence(random, 30)}</p><p>{_sentence(random, 25)}</p>")
    quote = QuoteContent(_sentence(random, 9), "Mara Lindqvist, harbour master")
    return EntryContent(_sentence(random, 8)[:-1], (text, quote) if number % 5 == 0 else (text,))


def _sentence(random: Random, words: int) -> str:
    return f"{' '.join(random.choices(WORDS.split(), k=words)).capitalize()}."
