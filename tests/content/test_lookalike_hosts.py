"""EntryAccess name a link card may bear: no look-alikes, and nothing that readers cannot reach."""

import re

import idna
import pytest
from django.core.exceptions import ValidationError

from updates.content.embeds import find_embed
from updates.content.providers import PROVIDERS, Provider

VIDEO = "watch?v=dQw4w9WgXcQ"


def refused(url, providers=PROVIDERS):
    with pytest.raises(ValidationError) as caught:
        find_embed(url, providers)
    return caught.value.messages[0]


@pytest.mark.parametrize(
    "host",
    [
        "youtube.com.evil.example",
        "www.youtube.com.evil.example",
        "a.youtube.com-watch.example",
        "tiktok.com.evil.example",
        "www.xn--yutube-wqf.com",
        "www.\u0443\u043eutube.com",  # two Cyrillic letters
        "\u03bdimeo.com",  # a Greek one
        "y\u00f3utube.com",
        "t\u0131ktok.com",
        "y0utube.com",
        "virneo.com",
        "\u0445.com",  # a Cyrillic one
        "\u0430\u0440\u0440\u04cf\u0435.com",  # Cyrillic throughout
        "news.\u0430\u0440\u0440\u04cf\u0435.com",
        "b\u0430nk.example",  # one Cyrillic letter among Latin ones, of no site we know
    ],
)
def test_a_name_that_passes_for_another_is_refused_with_where_it_leads(host):
    assert refused(f"https://{host}/{VIDEO}").endswith(f"it leads to {idna.encode(host, uts46=True).decode()}.")


@pytest.mark.parametrize(
    "host",
    [
        "localhost:8000", "127.0.0.1", "127.1", "2130706433", "0x7f.1", "[::1]", "[2001:db8::1]", "intranet",
        "10.0.0.7:81", "desk.localhost", "printer.local", "wiki.internal",
        "wiki.corp", "nas.home", "stage.test", "nobody.invalid", "desk.intranet", "host.localdomain", "git.private",
    ],
)  # fmt: skip
def test_what_readers_cannot_reach_is_refused(host):
    assert refused(f"http://{host}/admin/").startswith("Readers cannot reach ")


def test_a_name_that_cannot_be_decoded_is_refused():
    assert "does not exist" in refused("https://xn--a99999999.example/")


@pytest.mark.parametrize(
    "host",
    [
        "studio.youtube.com", "notyoutube.com", "vm.tiktok.com", "max.com", "x.company.example", "evil.example",
        "x.com.au", "my.x.com-pany.de", "www.x.com.br", "corp.example", "home.example",
        "\u043f\u0440\u0430\u0432\u0434\u0430.com", "\u0433\u0430\u0437\u0435\u0442\u0430.\u0440\u0444",
        "\u043e\u0441\u0430.ua", "\u0441\u043e\u0440.\u0440\u0444",
        "\u0437\u043d\u0430\u043c\u02bc\u044f.\u0443\u043a\u0440",
        "\u03bd\u03ad\u03b1.gr", "\u03bd\u03cc\u03c4\u03b9\u03b1.com", "\u0627\u0644\u062c\u0632\u064a\u0631\u0629.com",
        "\u671d\u65e5\u30cb\u30e5\u30fc\u30b9.jp", "nhk\u30cb\u30e5\u30fc\u30b9.jp", "\ud55c\uad6d.kr",
        "m\u00fcnchner.de",
        "caf\u00e9.fr", "xn--i-7iq.ws", "\u0939\u093f\u0928\u094d\u0926\u0940.com",
    ],
)  # fmt: skip
def test_a_name_of_its_own_stays_a_link_card_in_any_script(host):
    assert find_embed(f"https://{host}/{VIDEO}").provider == "link"


def test_a_newsrooms_own_player_is_known_too():
    own = Provider(
        "newsroom", frozenset({"player"}), re.compile(r"/(?P<ref>\d+)"), url="https://player/{ref}", player=None
    )
    assert find_embed("https://player/7", (own, *PROVIDERS)).provider == "newsroom"
    assert "it leads to" in refused("https://player.evil.example/7", (own, *PROVIDERS))
