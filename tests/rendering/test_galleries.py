"""Photos that follow each other in an update."""

import pytest

from tests.factories import make_event, make_picture, post
from tests.rendering.test_entry_html import drawn
from updates.publishing import PhotoContent, TextContent

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return make_event()


@pytest.fixture
def editor(event):
    return event.assignments.get().user


@pytest.mark.parametrize(
    ("number", "classes"), [(1, []), (2, ["gallery"]), (3, ["gallery three"]), (4, ["gallery"]), (5, ["gallery three"])]
)
def test_photos_that_follow_each_other_stand_side_by_side(event, editor, number, classes):
    photos = [
        PhotoContent(make_picture(editor).pk, f"Quay {place}", "Lena Orsk", f"At {place}") for place in range(number)
    ]
    article = drawn(post(event, "Quays", blocks=[TextContent("<p>Look.</p>"), *photos]))

    assert [gallery["class"] for gallery in article.all("div", role="group")] == classes
    captions = [figure.one("figcaption").text for figure in article.all("figure")]
    assert captions == [f"At {place} Credit: Lena Orsk" for place in range(number)]
    assert len(article.all("a", cls="zoom")) == number


@pytest.mark.parametrize(("names", "figures"), [(("Lena", "Lena"), 1), (("Lena", "Noor"), 2)])
def test_photos_with_the_same_words_have_them_once(event, editor, names, figures):
    photos = [PhotoContent(make_picture(editor).pk, "A quay", credit, "At noon") for credit in names]
    article = drawn(post(event, "Quays", blocks=photos))
    assert [figure.one("figcaption").text for figure in article.all("figure")] == [
        f"At noon Credit: {credit}" for credit in names[:figures]
    ]
    assert len(article.all("a", cls="zoom")) == 2


def test_text_between_photos_keeps_them_apart(event, editor):
    first, second = (PhotoContent(make_picture(editor).pk, "A quay", "Lena Orsk") for _ in range(2))
    article = drawn(post(event, "Quays", blocks=[first, TextContent("<p>Then.</p>"), second]))
    assert article.all("div", role="group") == []
