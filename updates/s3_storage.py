"""Pictures in a bucket of S3 or of anything that speaks its protocol, with ``django-storages`` (the extra ``s3``).

Nothing in the bucket is public. Readers get the public sizes from the site, as they do from a disk, so a removal
deletes the file and its address answers 404 at once. A bucket that fails is an ``OSError``, like a disk that does.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.files.base import ContentFile, File
from s3transfer.exceptions import RetriesExceededError
from storages.backends.s3 import S3Storage

PATIENCE: Final = Config(
    connect_timeout=3,
    read_timeout=10,
    retries={"total_max_attempts": 3, "mode": "standard"},
    s3={"addressing_style": "auto"},
)
"""Seconds and tries of one call."""


class BucketStorage(S3Storage):  # type: ignore[misc]  # it has no types
    """Files of the bucket below a folder, the ``location``."""

    def __init__(self, **options: object) -> None:
        super().__init__(client_config=PATIENCE, default_acl=None, querystring_auth=False, **options)

    def open(self, name: str, mode: str = "rb") -> "File[bytes]":
        """Read a file as a whole: nothing of ours reads parts, and none is larger than an upload may be."""
        with _errors_as_of_a_disk(name), super().open(name, mode) as file:
            return ContentFile(file.read(), name)

    def save(self, name: str, content: "File[bytes]", max_length: int | None = None) -> str:
        with _errors_as_of_a_disk(name):
            return str(super().save(name, content, max_length))

    def delete(self, name: str) -> None:
        with _errors_as_of_a_disk(name):
            super().delete(name)

    def exists(self, name: str) -> bool:
        with _errors_as_of_a_disk(name):
            return bool(super().exists(name))

    def size(self, name: str) -> int:
        with _errors_as_of_a_disk(name):
            return int(super().size(name))

    def get_modified_time(self, name: str) -> datetime:
        with _errors_as_of_a_disk(name):
            modified: datetime = super().get_modified_time(name)
            return modified

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        with _errors_as_of_a_disk(path):
            folders, files = super().listdir(path)
            return list(folders), [file for file in files if file]


class PublicPictures(BucketStorage):
    """The public sizes, which the site itself sends to readers."""

    def url(self, name: str, *_options: object) -> str:
        return f"{settings.MEDIA_URL}{name}"


class PrivateFiles(BucketStorage):
    """Originals, parts of uploads and share cards. They have no address."""

    def url(self, name: str, *_options: object) -> str:
        raise ValueError(f"{name} is private")


@contextmanager
def _errors_as_of_a_disk(name: str) -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        response = error.response
        if response["ResponseMetadata"]["HTTPStatusCode"] == 404 and response["Error"]["Code"] != "NoSuchBucket":
            raise FileNotFoundError(name) from error
        raise OSError(f"The bucket refused {name}: {error}") from error
    except (BotoCoreError, RetriesExceededError) as error:  # the latter where a file breaks off several times
        raise OSError(f"The bucket could not be reached for {name}: {error}") from error
