"""Nothing moves under the eye, in any engine: a session that has each kind of change once."""

from tests.engines.conftest import EACH_ENGINE
from tests.engines.session import WAITING, Session
from tests.factories import editor_of, make_event

ENTRIES = "[data-entries] > article"

READS_ON = [
    ("1400", ["publish", "edit", "grow", "grow_at_start", "points", "title"]),
    ("300", ["pin", "key", "correct", "remove_under_eye", "edit", "points"]),
    ("-500", ["sensitive", "restore", "unpin", "move", "sensitive"]),
]


@EACH_ENGINE
def test_text_under_the_eye_stays_where_it_is(page, site, transactional_db):
    event = make_event(page_size=20, key_points=("<p>The gate is down.</p>",), standfirst="What is known.")
    session = Session(page, event, editor_of(event))
    for _ in range(12):
        session.publish()
    session.open(f"{site.url}/{event.slug}/")
    for pixels, deeds in READS_ON:
        session.scroll(pixels)
        for deed in deeds:
            session.work(deed)
            page.evaluate("eye.frames(6)")
    session.settle()
    assert session.moved()[0] <= 1, "\n".join(session.moved()[1])


@EACH_ENGINE
def test_who_follows_along_gets_the_next_update_by_the_button(page, site, transactional_db):
    """After a press the newest stands below the sticky line; the next one neither throws it away nor hides above."""
    event = make_event(page_size=20)
    session = Session(page, event, editor_of(event))
    for _ in range(8):
        session.publish()
    session.open(f"{site.url}/{event.slug}/")
    session.scroll("1500")
    session.work("publish")
    page.wait_for(WAITING)
    session.press(".pill")
    for way in (stays_where_the_press_led, goes_to_the_newest):
        way(page)
        newest = page.texts(f"{ENTRIES} h2")[0]
        session.work("publish")
        page.wait_for(WAITING)
        assert page.texts(f"{ENTRIES} h2")[0] == newest
    assert session.moved()[0] <= 1, "\n".join(session.moved()[1])


def stays_where_the_press_led(page):
    assert page.evaluate("scrollY > 52")


def goes_to_the_newest(page):
    """As the link “Latest” does, which is absent where the newest is on the first screen."""
    page.evaluate(f"eye.after(() => {{ location.hash = document.querySelector('{ENTRIES}').id; }})")
