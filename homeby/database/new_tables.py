"""Makes the first tables of a station quickly: a new table is added alone.

For each table that a step creates, Django renders anew every model that hangs together with it.
Here these are nearly all of them: four thousand for a first start, and most of its time. But
nothing can point to a table that was not there. So the models that are there stay as they are, and
the new one is rendered alone. Whatever changes a table that is there goes Django's own way.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from django.db.migrations.state import ModelState, ProjectState


@contextlib.contextmanager
def added_alone() -> Iterator[None]:
    """While this is open, migrations of this process render a new table's model alone."""
    ours, theirs = _add_model, ProjectState.add_model
    ProjectState.add_model = ours  # type: ignore[method-assign]
    try:
        yield
    finally:
        ProjectState.add_model = theirs  # type: ignore[method-assign]


def _add_model(self: ProjectState, model_state: ModelState) -> None:
    """Django's own `add_model`, but for the models that it would render once more."""
    key = model_state.app_label, model_state.name_lower
    assert key not in self.models, f"{key} is new"
    self.models[key] = model_state
    if self._relations is not None:  # type: ignore[attr-defined]
        self.resolve_model_relations(key)
    if "apps" in self.__dict__:  # asking for it in another way would render everything
        self.apps.render_multiple([model_state])
