"""Rows that are still to be inserted, made without asking each field for its default."""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar

from django.db import models
from django.db.models.base import ModelState

M = TypeVar("M", bound=models.Model)


def made(model: type[M], **values: Any) -> M:
    """The row that `model(...)` makes, where every column is given by its attribute name: a tap
    makes several, and Django's way looks at each field, its default and who listens."""
    assert values.keys() == _attnames(model), "every column is given"
    row = model.__new__(model)
    row._state = ModelState()
    row.__dict__.update(values)
    return row


@cache
def _attnames(model: type[models.Model]) -> frozenset[str]:
    return frozenset(one.attname for one in model._meta.concrete_fields)
