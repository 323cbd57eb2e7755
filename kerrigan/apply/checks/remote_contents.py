"""The files of a repository on the forge, as its default branch has them, read one by one; see `Contents`."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from kerrigan.files import decoded, parted
from kerrigan.model.checks.siblings import Entry
from kerrigan.model.checks.source import START, Diagnostic, Severity


@dataclass(frozen=True, slots=True)
class RemoteContents:
    """What stands at a commit. `ask` looks at a path, and raises UndecidedError or UnreadableError where it cannot."""

    commit: str
    ask: Callable[[str], Entry | None]
    _seen: dict[str, Entry | None] = field(default_factory=dict)

    def kind(self, path: str) -> str:
        """What the commit has there."""
        if path == ".":
            return "folder"
        found = self._at(path)
        return found.kind if found else ""

    def folders(self, path: str) -> Sequence[str]:
        """The folders in it."""
        found = self._at(path)
        return found.folders if found else ()

    def read(self, paths: Iterable[str]) -> tuple[dict[str, str], Sequence[Diagnostic]]:
        """The texts at that commit."""
        found = ((path, self._at(path)) for path in paths)
        return parted((path, _text(path, entry)) for path, entry in found if entry and entry.kind == "file")

    def _at(self, path: str) -> Entry | None:
        if path not in self._seen:
            self._seen[path] = self.ask(path)
        return self._seen[path]


def _text(path: str, entry: Entry) -> str | Diagnostic:
    if entry.content is None:
        message = "found more than the forge hands out in one piece"
        return Diagnostic("unreadable", Severity.error, path, START, message)
    return decoded(path, entry.content)
