"""Units are not broken after their slash."""

import pytest

from updates.rendering.units import unbroken_units
from updates.templatetags.directions import unbroken

KMH = '<span class="nb">km/h</span>'
NUMBERED = '<span class="nb"> km/h</span>'


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>128 km/h, and 24 m/s</p>", f'<p>128{NUMBERED}, and 24<span class="nb"> m/s</span></p>'),
        ("<p><b>km/h</b></p>", f"<p><b>{KMH}</b></p>"),
        ("<p>12 µg/m³ in km/h</p>", f'<p>12<span class="nb"> µg/m³</span> in {KMH}</p>'),
        ('<a href="/km/h">km/h</a>', f'<a href="/km/h">{KMH}</a>'),
        ('<a href="km/h">a</a>', '<a href="km/h">a</a>'),
        ("<p>https://a.de/km/h /km/h 24/7 2025/26 a/b/c government/opposition</p>",) * 2,
        ("<p>plain</p>",) * 2,
    ],
)
def test_units_stay_on_one_line_and_addresses_stay_as_they_are(html, expected):
    assert unbroken_units(html) == expected


def test_units_of_a_headline_stay_on_one_line():
    assert unbroken("Gusts of 128 km/h & more") == 'Gusts of 128 <span class="keep">km/h</span> &amp; more'
    assert unbroken("128\u00a0km/h <b>") == '<span class="keep">128 km/h</span> &lt;b&gt;'
