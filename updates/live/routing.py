from django.conf import settings
from django.urls import URLPattern, path, re_path

from .consumers import NoSuchSocket, reader_socket
from .desk.consumer import DeskConsumer
from .origin import EmbeddedOrigin, SameOrigin

PREFIX = f"{settings.URL_PREFIX}/".lstrip("/")

reader_urlpatterns: list[URLPattern] = [
    path(f"{PREFIX}ws/events/<slug:slug>/", EmbeddedOrigin(reader_socket, settings.SOCKET_ORIGINS, is_required=False)),
]

websocket_urlpatterns: list[URLPattern] = [
    *reader_urlpatterns,
    path(f"{PREFIX}ws/desk/<int:pk>/", SameOrigin(DeskConsumer.as_asgi())),
    re_path("", SameOrigin(NoSuchSocket.as_asgi(), is_required=False)),
]
