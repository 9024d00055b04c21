"""Themes: contrast in light and dark, and names of tokens."""

import pytest

from tests.servers import ROOT
from updates.content.theme import contrast, problems_of

TOKENS = (ROOT / "static" / "css" / "tokens.css").read_text()
DARK = "@media screen and (prefers-color-scheme: dark) { :root { %s } }"


def test_our_own_tokens_and_the_example_are_in_order():
    assert problems_of("", TOKENS) == []
    example = ROOT / "examples" / "theme-courier" / "static" / "css" / "theme.css"
    assert problems_of(example.read_text(), TOKENS) == []


@pytest.mark.parametrize(
    ("one", "other", "ratio"), [((0, 0, 0), (255, 255, 255), 21), ((255, 255, 255), (118, 118, 118), 4.54)]
)
def test_contrast_is_that_of_wcag(one, other, ratio):
    assert contrast(one, other) == contrast(other, one) == pytest.approx(ratio, abs=0.01)


@pytest.mark.parametrize(
    ("theme", "problems"),
    [
        (":root { --live: #0a5aa8 }" + DARK % "--live: #74b7ff", []),
        (":root { --mine: navy; --live: var(--mine) }" + DARK % "--mine: #8cf", []),
        (":root { --ink-2: hsl(0 0% 70%) }", ["light: --ink-2 on --paper", "light: --ink-2 on --wash"]),
        (":root { --paper: #f5ecd9 }", [f"dark: {name} on --paper" for name in ("--ink", "--ink-2", "--live")]),
        (":root { --papper: red }", ["--papper is no token of the live blog. Did you mean --paper?"]),
        (":root { --paper: oklch(1 0 0) }" + DARK % "--paper: #111", ["light: --paper: oklch(1 0 0) cannot be"]),
        (":root { --edge: rgba(0, 0, 0, .5) }" + DARK % "--edge: #889", ["light: --edge: rgba(0, 0, 0, .5) "]),
        (":root { --ink: var(--ink) }" + DARK % "--ink: #fff", ["light: --ink uses --ink, which has no value"]),
        ("/* :root { --paper: #000 } */ .box { --paper: #000 } @media print { :root { --ink: #fff } }", []),
        (":root { --serif: 'A;b{c}', serif; --ink: #222 }" + DARK % "--ink: #eee", []),
    ],
)  # fmt: skip
def test_each_problem_is_said_in_words(theme, problems):
    actual = problems_of(theme, TOKENS)
    assert [words[: len(start)] for words, start in zip(actual, problems, strict=True)] == problems


@pytest.mark.parametrize("text", ["{" * 5000, "'" * 5000, ":root{" + "--a:b;" * 5000, "/*" + "*" * 20_000])
def test_odd_style_sheets_end(text):
    problems_of(text, TOKENS)
