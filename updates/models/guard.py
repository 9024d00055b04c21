"""Guards: rows that readers depend on change only inside an operation.

``save()``, ``delete()``, ``QuerySet.update()`` and the bulk methods of a guarded model raise ``OutsideOperation``
unless ``updates.publishing`` has allowed it with ``writing()``. So the admin's bulk delete, a cascade,
``loaddata`` or a hasty line in a shell cannot change what readers see without a number in the log.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Never, TypeVar

from django.db import models
from django.db.models.signals import pre_save
from django.dispatch import receiver

_open: ContextVar[bool] = ContextVar("an operation is writing", default=False)

M_co = TypeVar("M_co", bound=models.Model, covariant=True)


class OutsideOperation(RuntimeError):
    """A guarded row was written outside ``updates.publishing``."""


@contextmanager
def writing() -> Iterator[None]:
    """Allow writing; only ``updates.publishing`` calls this."""
    token = _open.set(True)
    try:
        yield
    finally:
        _open.reset(token)


def check_writing(what: str) -> None:
    if not _open.get():
        raise OutsideOperation(f"{what} is written by updates.publishing only: call an operation instead")


class GuardedQuerySet(models.QuerySet[M_co]):
    """A QuerySet that writes only inside an operation."""

    def update(self, **kwargs: object) -> int:
        check_writing(self.model.__name__)
        return super().update(**kwargs)

    def bulk_create(self, *args: Any, **kwargs: Any) -> list[M_co]:  # as Django’s own, which has many
        check_writing(self.model.__name__)
        return super().bulk_create(*args, **kwargs)

    def bulk_update(self, *args: Any, **kwargs: Any) -> int:  # as above
        check_writing(self.model.__name__)
        return super().bulk_update(*args, **kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        check_writing(self.model.__name__)
        return super().delete()

    def _raw_delete(self, using: str | None) -> int:
        check_writing(self.model.__name__)
        return super()._raw_delete(using)


class PermanentQuerySet(GuardedQuerySet[M_co]):
    """A guarded QuerySet whose rows are never deleted."""

    def delete(self) -> Never:
        _refuse_deletion(self.model)

    def _raw_delete(self, using: str | None) -> Never:
        _refuse_deletion(self.model)


def _refuse_deletion(model: type[models.Model]) -> Never:
    raise OutsideOperation(f"{model.__name__} is never deleted")


class Guarded(models.Model):
    """A row that only operations write."""

    class Meta:
        abstract = True

    def delete(self, using: str | None = None, keep_parents: bool = False) -> tuple[int, dict[str, int]]:
        check_writing(type(self).__name__)
        return super().delete(using, keep_parents)


class Permanent(Guarded):
    """A guarded row that is never deleted, not even by an operation: its number or address was given to readers."""

    class Meta:
        abstract = True

    def delete(self, *args: object, **kwargs: object) -> Never:
        _refuse_deletion(type(self))


@receiver(pre_save, dispatch_uid="updates.guard")
def _check_saving(sender: type[models.Model], **_signal: object) -> None:
    """Check every save, also that of ``loaddata``, which does not call the model's own methods."""
    if issubclass(sender, Guarded):
        check_writing(sender.__name__)
