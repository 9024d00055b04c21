"""What a reader's browser really loads, from a real server."""

import pytest

from tests.factories import make_event
from updates.bench.events import content
from updates.bench.weight import weigh
from updates.publishing import publish

pytestmark = pytest.mark.django_db(transaction=True)


def test_event_page_of_twenty_updates_is_light(site):
    event = make_event(page_size=20)
    author = event.assignments.get().user
    for number in range(20):
        publish(event.pk, content(number), author)

    weight = weigh(site.url + event.get_absolute_url())

    assert weight.js < 12_000
    assert weight.css < 14_000
    assert weight.total < 35_000
    assert min(weight.html, weight.css, weight.js) > 2_000  # else it was not found


def test_scripts_of_the_page_are_one_file(site):
    """With the rest fetched when a reader needs it, by the name it has after collecting."""
    page = site.get(make_event().get_absolute_url())
    script = page.partition('<script type="module" src="')[2].partition('"')[0]
    text = site.get(script)
    assert 'from"' not in text
    for later in ("sheets", "press", "clock"):
        name = text.partition(f'import("./page/{later}.')[2].partition('"')[0]
        assert name.endswith(".js")
        assert "export default" in site.get(f"/static/js/page/{later}.{name}")
