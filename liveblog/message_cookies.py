"""Django's messages, in a cookie that only the live blog gets."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage
from django.http import HttpResponse


class OwnCookie(CookieStorage):
    """Messages in a cookie with the path of the live blog: Django gives it to the whole host."""

    cookie_name = "liveblog_messages"

    def _update_cookie(self, encoded_data: str, response: HttpResponse) -> None:
        super()._update_cookie(encoded_data, response)  # type: ignore[misc]  # not in django-stubs
        if self.cookie_name in response.cookies:
            response.cookies[self.cookie_name]["path"] = settings.SESSION_COOKIE_PATH


class OwnMessages(FallbackStorage):
    """Messages in the cookie, or in the session if they are too long for it."""

    storage_classes = (OwnCookie, SessionStorage)
