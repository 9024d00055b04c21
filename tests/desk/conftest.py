from tests.admin.conftest import desk, event, noor, own_media, tomas

__all__ = ["desk", "event", "noor", "own_media", "tomas"]
