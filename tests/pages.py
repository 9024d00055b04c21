"""Reader pages as tests see them."""

from tests.markup import parse


def page(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return parse(response.content)


def headlines(tree):
    return [article.one("h2").text for article in tree.one(data_entries=True).all("article")]


def updates(*numbers):
    """The headlines that ``post_many`` gives."""
    return [f"Update {number}" for number in numbers]
