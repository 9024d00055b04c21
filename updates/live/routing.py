from django.urls import URLPattern, path, re_path

from .consumers import NoSuchSocket, ReaderConsumer
from .desk.consumer import DeskConsumer

websocket_urlpatterns: list[URLPattern] = [
    path("ws/events/<slug:slug>/", ReaderConsumer.as_asgi()),
    path("ws/desk/<int:pk>/", DeskConsumer.as_asgi()),
    re_path(r"", NoSuchSocket.as_asgi()),
]
