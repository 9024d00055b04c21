"""Output of ``manage.py demo``."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.factories import make_event
from updates.demo.player import take_turn
from updates.demo.storm_future import FUTURE_STEPS
from updates.models import Event

pytestmark = [pytest.mark.django_db, pytest.mark.database, pytest.mark.django]


@pytest.fixture(autouse=True)
def data_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"
    settings.PORT = 8123
    return settings.DATA_DIR


def demo(*options):
    output = StringIO()
    call_command("demo", *options, stdout=output)
    return output.getvalue()


@pytest.mark.once
def test_it_shows_where_to_look_and_who_to_be(data_folder, settings):
    settings.DEMO_EVERY = 20.0

    page = demo()

    words = {name: entry["password"] for name, entry in json.loads((data_folder / "demo.json").read_text()).items()}
    assert page == (
        "The demo, a made-up newsroom called Ellery Signal:\n"
        "\n"
        "  All live blogs   http://127.0.0.1:8123/\n"
        "  The storm        http://127.0.0.1:8123/storm-maren/\n"
        "  The desk         http://127.0.0.1:8123/admin/\n"
        "\n"
        "  Account        Password         Name and role\n"
        f"  editor         {words['editor']}   Ines Calder, editor\n"
        f"  moderator      {words['moderator']}   Noor Hadad, moderator\n"
        f"  correspondent  {words['correspondent']}   Tomas Wrede, correspondent\n"
        "\n"
        f"The storm continues by itself. A new step every 20 s, {len(FUTURE_STEPS)} to come. "
        "It pauses while somebody works at the desk.\n"
    )


def test_second_start_shows_the_same():
    assert demo() == demo()


@pytest.mark.once
def test_it_says_when_the_story_is_over_and_tells_it_again():
    demo()
    for _ in FUTURE_STEPS:
        take_turn()

    assert "The storm is finished." in demo()
    second = demo("--again")

    assert "http://127.0.0.1:8123/storm-maren-2/" in second
    assert f"{len(FUTURE_STEPS)} to come" in second
    assert Event.objects.get(slug="storm-maren").status == "ended"


def test_it_gives_way_to_a_live_blog_that_is_not_the_demos():
    make_event(slug="storm-maren")

    with pytest.raises(CommandError, match="“storm-maren” belongs to a live blog that the demo did not create"):
        demo()
