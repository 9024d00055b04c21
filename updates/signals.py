"""Signals that other apps may listen to; the product itself does not depend on any listener."""

from django.dispatch import Signal

desk_opened = Signal()
"""Sent when somebody is shown the desk of a live blog. Sender: the ``Event`` class; argument: ``event_id``."""
