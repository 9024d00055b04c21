from django.conf import settings
from django.urls import URLPattern, path, re_path

from .consumers import NoSuchSocket, ReaderConsumer
from .desk.consumer import DeskConsumer
from .origin import SameOrigin

PREFIX = f"{settings.URL_PREFIX}/".lstrip("/")

websocket_urlpatterns: list[URLPattern] = [
    path(
        f"{PREFIX}ws/events/<slug:slug>/",
        SameOrigin(ReaderConsumer.as_asgi(), settings.SOCKET_ORIGINS, is_required=False),
    ),
    path(f"{PREFIX}ws/desk/<int:pk>/", SameOrigin(DeskConsumer.as_asgi())),
    re_path("", SameOrigin(NoSuchSocket.as_asgi(), is_required=False)),
]
