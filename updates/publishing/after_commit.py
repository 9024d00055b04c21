"""Calls after the commit of an operation."""

from collections.abc import Callable
from functools import partial, update_wrapper
from typing import ParamSpec

from django.db import transaction

P = ParamSpec("P")


def after_commit(function: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
    """Call a function after the commit. Its error is logged, and keeps no other function from being called.

    Django 5.2 names the function in the log. A plain ``partial`` has no name, so that Django fails in its place and
    calls none of those that follow.
    """
    transaction.on_commit(update_wrapper(partial(function, *args, **kwargs), function), robust=True)
