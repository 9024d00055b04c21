"""How long it takes to draw a share card."""

import sys
import time
from statistics import quantiles

import pytest

from tests.factories import editor_of, make_event, make_picture, post
from updates.publishing import PhotoContent, QuoteContent

HEADLINES = (
    "Gate holds until the morning tide, says the harbour office",
    "Шлюз выдержал до утреннего прилива",
    "Το φράγμα άντεξε ως την πρωινή παλίρροια",
    "البوابة صامدة حتى مدّ الصباح",
    "השער מחזיק עד גאות הבוקר",
)


@pytest.mark.django_db
def test_cards_are_drawn_quickly(client):
    event = make_event()
    author = editor_of(event)
    picture = make_picture(author, size=(2400, 1600))
    kinds = (
        None,
        (PhotoContent(picture.pk, alt="The gate", credit="Noor Hadad"),),
        (QuoteContent("It holds.", "Ines"),),
    )
    entries = [
        post(event, headline, author=author, blocks=kind, text=headline) for headline in HEADLINES * 3 for kind in kinds
    ]
    taken = [milliseconds(client, f"{entry.get_absolute_url()}card.jpg") for entry in entries][1:]
    p95 = quantiles(taken, n=20)[-1]
    sys.stdout.write(f"{len(taken)} cards, p95 {p95:.0f} ms\n")
    assert p95 <= 150


def milliseconds(client, address):
    began = time.monotonic()
    assert client.get(address).status_code == 200
    return 1000 * (time.monotonic() - began)
