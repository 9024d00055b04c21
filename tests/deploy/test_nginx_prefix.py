"""The two configurations of nginx that we ship say the same: one for a host, one for a path of another site."""

import re

import pytest

from tests.nginx import PREFIXED, SHIPPED

pytestmark = pytest.mark.once

OF_A_WHOLE_HOST = re.compile(
    r"listen|server_name|client_header_timeout|keepalive_timeout|large_client_header_buffers|reset_timedout_connection"
)
"""What nginx allows for a server only, and the server that includes the other file decides."""


def blocks(text):
    """Return the directives of each block by its name, without those of the blocks inside it."""
    directives, around = {}, []
    for line in (line.partition("  #")[0].strip() for line in text.splitlines()):
        if line.endswith("{"):
            around.append(line.removesuffix("{").strip().replace("/live", "", 1))
        elif line == "}":
            around.pop()
        elif line and not line.startswith("#") and around:
            directives.setdefault(around[-1], set()).add(re.sub(r"\s+", " ", line))
    return directives


def test_both_configurations_have_the_same_directives():
    whole, below = blocks(SHIPPED.read_text()), blocks(PREFIXED.read_text())
    places = {name for name in whole if name.startswith("location")}
    assert places == set(below)
    server = {line for line in whole["server"] if not OF_A_WHOLE_HOST.match(line)}
    assert below["location /"] == whole["location /"] | server
    for place in places - {"location /"}:
        assert below[place] - {"proxy_cache off;"} == whole[place], place
