from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils.module_loading import import_string


class UserSession(AbstractBaseSession):
    """A login in one browser, and what its owner is shown of it. Written by ``updates/accounts/sessions.py`` only."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="sessions", null=True)
    signed_in_at = models.DateTimeField(null=True)
    last_seen = models.DateTimeField(null=True)
    address = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=255, blank=True)

    class Meta(AbstractBaseSession.Meta):
        abstract = False
        db_table = "account_session"  # not one of the tables that only operations write

    @classmethod
    def get_session_store_class(cls) -> type[SessionBase]:
        store: type[SessionBase] = import_string(f"{settings.SESSION_ENGINE}.SessionStore")
        return store
