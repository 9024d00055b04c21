"""The style sheets of embedded live blogs."""

import re

from tests.servers import ROOT

CSS = ROOT / "static" / "css"


def tokens(text):
    return dict(re.findall(r"(--[a-z0-9-]+):\s*([^;]+);", text))


def test_forced_dark_colours_are_those_of_dark_devices():
    dark = (CSS / "tokens.css").read_text().split("prefers-color-scheme: dark")[1]
    assert tokens((CSS / "embed_dark.css").read_text()) == tokens(dark)


def test_colours_without_tokens_are_the_light_ones():
    light = tokens((CSS / "tokens.css").read_text().split("@media")[0])
    used = dict(re.findall(r"var\((--[a-z0-9-]+), (#[0-9a-f]+)\)", (CSS / "embed.css").read_text()))
    assert used
    assert {name: light[name].split(";")[0] for name in used} == used


def test_every_rule_is_about_the_section_alone():
    """In pages of other sites its rules stand beside theirs."""
    text = re.sub(r"/\*.*?\*/", "", (CSS / "embed.css").read_text(), flags=re.DOTALL)
    selectors = re.findall(r"(?:^|[{}])\s*([^{}@]+?)\s*\{", text)
    assert selectors
    own = (".live-blog", ".framed", "from")
    outer = [re.sub(r"\([^()]*\)", "", selector) for selector in selectors]
    assert [one for selector in outer for one in selector.split(",") if not one.strip().startswith(own)] == []
