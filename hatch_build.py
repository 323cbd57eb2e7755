"""Writes the commit that a wheel or an sdist is built from into it: `kerrigan init` pins the action to it."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CommitHook(BuildHookInterface):
    """The commit goes to `kerrigan/_data/commit` of a wheel, and to `COMMIT` of an sdist for the wheels made of it."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the file, unless no one else has this commit."""
        commit = self._commit()
        if commit is None or version == "editable":
            return
        self._folder = TemporaryDirectory()
        file = Path(self._folder.name) / "commit"
        file.write_text(f"{commit}\n", encoding="utf-8")
        build_data["force_include"][str(file)] = "COMMIT" if self.target_name == "sdist" else "kerrigan/_data/commit"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove the file that was added."""
        if hasattr(self, "_folder"):
            self._folder.cleanup()

    def _commit(self) -> str | None:
        root = Path(self.root)
        if (root / "COMMIT").is_file():
            return (root / "COMMIT").read_text(encoding="utf-8").strip()
        sys.path.insert(0, str(root))
        from kerrigan.git.published import published_commit

        return published_commit(root, "kerrigan-dev/kerrigan")
