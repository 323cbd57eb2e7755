"""The JSON Schemas that Kerrigan ships, by name."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from kerrigan.files import shipped

SCHEMAS = ("spec", "tasks", "kerrigan", "status")
"""Those of the files that people write."""


def schemas(further: Iterable[str] = ()) -> Mapping[str, Mapping[str, Any]]:
    """The schemas of the files that people write, by name, and the further ones."""
    folder, names = shipped("schemas"), (*SCHEMAS, *further)
    return {name: json.loads((folder / f"{name}.schema.json").read_text(encoding="utf-8")) for name in names}
