"""A correspondent's browser without a screen: signs in and sends the admin's own forms over HTTP."""

import re
from io import BytesIO

from PIL import Image, ImageDraw

from tests.admin.desk_forms import entry_form


class DeskClient:
    def __init__(self, requests, site, user, password):
        self.requests, self.site = requests, site
        self.send("/admin/login/", {"username": user.username, "password": password, "next": "/admin/"})

    def post_entry(self, event, headline, *blocks, key):
        """Publish through “Post an update”; fail with the page's errors if it is refused."""
        address = f"/admin/updates/entry/add/?event={event.pk}"
        answer = self.send(address, entry_form(headline, *blocks, key=key))
        assert "errornote" not in answer, answer
        assert "errorlist" not in answer, answer

    def send(self, address, fields):
        form = self.requests.get(self.site.url + address)
        assert form.ok, f"{form.status} {address}"
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form.text())[1]
        values = {name: value if isinstance(value, dict) else str(value) for name, value in fields.items()}
        answer = self.requests.post(
            self.site.url + address,
            multipart=values | {"csrfmiddlewaretoken": token},
            headers={"Referer": self.site.url + address},
        )
        assert answer.ok, f"{answer.status} {address}: {answer.text()[:2000]}"
        return answer.text()


def drawn_photo(number):
    """A picture that differs from every other one, as a file to upload."""
    canvas = Image.new("RGB", (1280, 853), (40 + 15 * number % 200, 90, 120))
    ImageDraw.Draw(canvas).ellipse((100 + 60 * number, 200, 500 + 60 * number, 600), fill=(230, 200, 40))
    file = BytesIO()
    canvas.save(file, "JPEG")
    return {"name": f"photo-{number}.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}
