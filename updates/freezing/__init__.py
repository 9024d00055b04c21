"""Frozen live blogs: folders of static files that need no server, no script and no network.

A folder has ``index.html`` with every update in the order of time, ``event.json`` for ``manage.py import_event``, the
pictures, and a style sheet. It holds only what readers see: public pictures, bylines, notes of corrections and
removals.
"""

from .event import freeze_event
from .folder import FolderInUse, ForeignFolder, Frozen
from .site import freeze_site

__all__ = ["FolderInUse", "ForeignFolder", "Frozen", "freeze_event", "freeze_site"]
