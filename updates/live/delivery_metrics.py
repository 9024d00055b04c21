"""Measures and logs how updates reach the sockets of this process."""

import logging

from django.utils import timezone

from updates.metrics import DELIVERY, FRAME_CHARACTERS, FRAMES

from .frames import EventState, Frame

logger = logging.getLogger(__name__)


def record_frame(frame: Frame, readers: int) -> None:
    """Count a frame that was written to the sockets of so many readers."""
    FRAMES.inc(readers)
    FRAME_CHARACTERS.inc(readers * len(frame.text))


def record_delivery(state: EventState, readers: int) -> None:
    """Measure the time since the newest change began, and log the number by which it can be followed."""
    now = timezone.now()
    seconds = (now - (state.changed_at or now)).total_seconds()
    DELIVERY.observe(seconds)
    logger.info("Number %d of %s sent to %d, %.0f ms", state.head, state.slug, readers, 1000 * seconds)
