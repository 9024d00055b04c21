"""What markup says beside the words: deleted, struck and hidden text goes, figures stay true."""

import pytest

from updates.content.sanitize import clean_html


@pytest.mark.parametrize(
    ("pasted", "cleaned"),
    [
        ("<p>The minister will <del>resign</del><ins>stay</ins>.</p>", "<p>The minister will stay.</p>"),
        ("<p>Price <s>100</s>80 euro</p>", "<p>Price 80 euro</p>"),
        ("<p><strike>Old <b>line</b>.</strike>New line.</p>", "<p>New line.</p>"),
        ('<span style="text-decoration:line-through">twelve </span>nine dead', "<p>nine dead</p>"),
        ('<span style="text-decoration: underline line-through red">twelve </span>nine', "<p>nine</p>"),
        ('<p>Seen<span style="display:none;mso-hide:all"> not seen</span></p>', "<p>Seen</p>"),
        ('<p style="visibility: hidden">not seen</p><p>Seen</p>', "<p>Seen</p>"),
        ('<p>Seen<span style="font-size:0px">not</span></p>', "<p>Seen</p>"),
        ('<p style="font-size:0.8em;opacity:0.5">Seen</p>', "<p>Seen</p>"),
        ("<p hidden>not seen<br>nor this</p><p>Seen</p>", "<p>Seen</p>"),
        ("<ul><li>one</li><li hidden>two</li></ul>", "<ul><li><p>one</p></li></ul>"),
        ("<p>Text<span style='mso-special-character:comment'>[AB1]</span></p>", "<p>Text</p>"),
        ("<del><p>a</p><p>b</p></del><p>c</p>", "<p>c</p>"),
    ],
)
def test_text_that_was_deleted_struck_or_hidden_is_left_out(pasted, cleaned):
    assert clean_html(pasted) == cleaned


@pytest.mark.parametrize(
    ("pasted", "cleaned"),
    [
        ("3 × 10<sup>6</sup> litres", "3 × 10⁶ litres"),
        ("10<sup>&minus;3</sup>", "10⁻³"),
        ("40 m<sup><b>3</b></sup>", "40 m<strong>³</strong>"),
        ("52<sup>1, 2</sup> seats", "52¹, ² seats"),
        ("the 4<sup>th</sup> of July", "the 4th of July"),
        ("CO<sub>2</sub>", "CO₂"),
        ('10<span style="vertical-align:super">6</span>', "10⁶"),
        ("<sup>1</sup>/<sub>2</sub> cup", "½ cup"),
        ("5<sup>3</sup>⁄<sub>4</sub>", "5¾"),
        ("<sup>17</sup>&frasl;<sub>20</sub>", "¹⁷⁄₂₀"),
        ("<math><mfrac><mn>1</mn><mn>2</mn></mfrac></math> cup", "½ cup"),
        ("<math><msup><mi>x</mi><mn>2</mn></msup><mo>+</mo><msub><mi>y</mi><mn>1</mn></msub></math>", "x²+y₁"),
        ("¹/₂ as typed", "¹/₂ as typed"),
    ],
)
def test_superscripts_and_fractions_stay_true(pasted, cleaned):
    assert clean_html(pasted) == f"<p>{cleaned}</p>"


@pytest.mark.parametrize(
    ("pasted", "cleaned"),
    [
        ('Sirens now <img alt="🚨" src="https://example.org/1f6a8.svg"> stay inside', "Sirens now 🚨 stay inside"),
        ('<img alt="🇩🇪"> <img alt="❤️">', "🇩🇪 ❤️"),
        ('Logo: <img alt="A logo"><img alt="12">', "Logo:"),
        ("He said <q>no</q>.", "He said “no”."),
        ("<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>", "漢(kan)"),
    ],
)
def test_signs_that_markup_draws_are_kept(pasted, cleaned):
    assert clean_html(pasted) == f"<p>{cleaned}</p>"


@pytest.mark.parametrize("pasted", ["a&#13;b", "a&#10;b", "a &#13;&#10; b", "a\r\nb"])
def test_line_breaks_of_the_source_become_spaces(pasted):
    assert clean_html(pasted) == "<p>a b</p>"


def test_line_breaks_inside_an_address_are_left_out():
    link = clean_html("<a href='https://example.org/&#13;x' title='a&#13;b'>c</a>")

    assert link == '<p><a href="https://example.org/x" title="a b" rel="noopener noreferrer">c</a></p>'
    assert clean_html(link) == link
