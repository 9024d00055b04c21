from django.conf import settings
from django.urls import URLPattern, path, re_path

from .consumers import NoSuchSocket, ReaderConsumer
from .desk.consumer import DeskConsumer
from .origin import SameOrigin

websocket_urlpatterns: list[URLPattern] = [
    path(
        "ws/events/<slug:slug>/",
        SameOrigin(ReaderConsumer.as_asgi(), settings.SOCKET_ORIGINS, is_required=False),
    ),
    path("ws/desk/<int:pk>/", SameOrigin(DeskConsumer.as_asgi())),
    re_path("", SameOrigin(NoSuchSocket.as_asgi(), is_required=False)),
]
