"""The product's addresses, and before them the editors' and the readings, behind a token that the rehearsal makes."""

import os

from django.urls import include, path

from . import office

token = os.environ["REHEARSAL_TOKEN"]

urlpatterns = [
    path(f"rehearsal/{token}/act", office.act),
    path(f"rehearsal/{token}/queries", office.queries),
    path("", include("liveblog.urls")),
]
