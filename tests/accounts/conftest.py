import pytest


@pytest.fixture(autouse=True)
def quick_hashes(settings):
    """These tests sign in hundreds of times; a hash that is slow by design is not their matter."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
