"""Addresses of the product and those of ``editor_api``, which a random token protects."""

import os

from django.urls import include, path

from . import editor_api

token = os.environ["REHEARSAL_TOKEN"]

urlpatterns = [
    path(f"rehearsal/{token}/act", editor_api.act),
    path(f"rehearsal/{token}/queries", editor_api.queries),
    path("", include("liveblog.urls")),
]
