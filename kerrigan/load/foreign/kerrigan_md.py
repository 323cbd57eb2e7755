"""tasks.md of Kerrigan's Milestones 1 to 6, in any of its dialects: checkboxes, headed tasks, and boards of lists."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from kerrigan.load.foreign.prose import Line, heading, is_rule, lines, spec_of, tell_unread, title_of
from kerrigan.load.foreign.remarks import Remarks
from kerrigan.load.foreign.waits import needs_of
from kerrigan.model.checks.source import Span
from kerrigan.model.imported import Need, Source, SourceTask

SPEC = "spec.md"

_BOX = re.compile(r"(\s*)[-*+]\s+\[([ xX])\]\s+(?:Task:\s*)?(.*)")
_HEADED = re.compile(r"Task(?:\s+([0-9][\w.]*))?\s*:\s*(.+)", re.IGNORECASE)
_BULLET = re.compile(r"(\s*)[-*+]\s+(.*)")
_FIELD = re.compile(r"\*{0,2}([A-Z][A-Za-z /-]{1,40}?)\*{0,2}:\*{0,2}(?:\s+(.*))?$")
_MARKER = re.compile(r"<!--\s*AUTO-ISSUE:\s*(.*?)\s*-->")
_DONE_SIGN = re.compile(r"\s*(?:✅|✔️?|☑️?)\s*(?:COMPLETED?)?\s*$")
_NOTHING = re.compile(r"(?:none|n/a|-)\b.*|-", re.IGNORECASE)

_ACCEPTANCE = frozenset({"done when", "done criteria", "acceptance criteria", "acceptance"})
_NEEDS = frozenset({"dependencies", "depends on", "blocked by", "dependency"})
_BLOCKS = ("Blocks:", "- Blocks:")
_BOARD = frozenset({"in progress", "blocked", "backlog", "todo", "to do", "doing", "done", "completed"})
_FINISHED = frozenset({"done", "completed", "complete"})
_ROLES = frozenset(
    ("spec", "architect", "swe", "testing", "debugging", "security", "deployment", "design", "triage", "review")
)


@dataclass
class _Draft:
    """A task while its lines are read. `about` is what the next lines belong to."""

    title: str
    line: Line
    indent: int
    id: str = ""
    whole: Line | None = None
    milestone: str = ""
    status: str = ""
    done: bool = False
    role: str = ""
    repository: str = ""
    about: str = ""
    acceptance: list[str] = field(default_factory=list)
    needs: list[Need] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    ticked: list[Line] = field(default_factory=list)

    def take(self, name: str, value: str, line: Line) -> None:
        """One field with its value, which may come in the lines below."""
        self.about = name.strip().lower()
        if value.strip():
            self.add(value.strip(), line, f"{name}: ")
        elif self.about not in _ACCEPTANCE | _NEEDS:
            self.words.append(f"{name}:")

    def add(self, text: str, line: Line, label: str = "") -> None:
        """One line of the field that is open."""
        match self.about:
            case name if name in _ACCEPTANCE:
                self.acceptance.append(text)
            case name if name in _NEEDS:
                self.needs += needs_of(text, _span(line))
                # What stands in brackets is for people, and nothing reads it.
                self.words += [f"- Dependency: {text}"] if "(" in text else []
            case "status":
                self.status, self.done = text, self.done or text.split()[0].lower() in _FINISHED
            case "owner" if (role := text.split()[0].lower()) in _ROLES:
                self.role = role
                self.words.append(f"- {label}{text}")
            case "repository":
                self.repository = text
            case _:
                self.words.append(f"- {label}{text}" if label else text)


def read(path: str, texts: Mapping[str, str]) -> Source:
    """The tasks of one tasks.md. What stands outside of tasks is named by its section."""
    remarks = Remarks()
    reader = _Reader()
    for line in lines(texts[path]):
        reader.read(line)
    tell_unread(path, reader.unread, remarks)
    tasks = []
    for draft in reader.drafts:
        if draft.title.strip(". …") or draft.acceptance[:1] not in ([], ["..."]):
            tasks.append(_task(path, draft))
            for line in draft.ticked:
                remarks.lost(path, _span(line), "a ticked box", "what is done is the journal's to say", draft.title)
            if any(word.startswith(_BLOCKS) for word in draft.words):
                why = "tasks.yml says what a task waits for, not what waits for it; the description keeps the list"
                remarks.changed(path, _span(draft.line), "the list 'Blocks'", why, draft.title)
        else:
            remarks.lost(path, _span(draft.line), "a task without words", "it is a place to fill in")
    title = title_of(texts.get(SPEC, "")) or title_of(texts[path])
    return Source(tuple(tasks), "", title, spec_of(texts, SPEC, remarks), remarks.told())


class _Reader:
    """Goes over the lines, knowing which sections and which tasks it is in."""

    def __init__(self) -> None:
        self.drafts: list[_Draft] = []
        self.unread: list[Line] = []
        self._sections: list[tuple[int, str]] = []
        self._open: list[_Draft] = []
        self._headed = False

    def read(self, line: Line) -> None:
        """One line: a heading, a task, something about the task that is open, or nothing of these."""
        titled = heading(line)
        if titled:
            self._heading(line, *titled)
        elif is_rule(line):
            self._open, self._headed = [], False
        elif not line.text.strip():
            return
        elif not self._task(line) and not self._detail(line):
            self.unread.append(line)

    def _heading(self, line: Line, level: int, title: str) -> None:
        self._open = []
        headed = _HEADED.fullmatch(title)
        self._headed = headed is not None
        if headed:
            self._begin(line, -1, headed[2], bool(_DONE_SIGN.search(headed[2])), headed[1] or "")
        else:
            self._sections = [section for section in self._sections if section[0] < level] + [(level, title)]
            self.unread.append(line)

    def _task(self, line: Line) -> bool:
        if not line.is_prose or self._headed:
            return False
        box = _BOX.fullmatch(line.text)
        if box:
            self._begin(line, len(box[1].expandtabs()), box[3], bool(box[2].strip()))
            return True
        bullet = _BULLET.fullmatch(line.text)
        board = self._board()
        if bullet is None or not board or bullet[1] or _NOTHING.fullmatch(bullet[2]):
            return bool(bullet and board and not bullet[1])
        self._begin(line, 0, bullet[2], board in _FINISHED)
        if board in ("in progress", "doing", "blocked"):
            self.drafts[-1].status = board
        return True

    def _board(self) -> str:
        names = (title.lower() for level, title in self._sections if level > 1)
        return next((name for name in names if name in _BOARD), "")

    def _begin(self, line: Line, indent: int, title: str, done: bool, name: str = "") -> None:
        self._open = [draft for draft in self._open if draft.indent < indent]
        milestone = " / ".join(section for level, section in self._sections if level > 1)
        draft = _Draft(_DONE_SIGN.sub("", title).strip(), line, indent, name, milestone=milestone, done=done)
        draft.whole = self._open[-1].line if self._open else None
        draft.status = "done" if done else ""
        self._open.append(draft)
        self.drafts.append(draft)

    def _detail(self, line: Line) -> bool:
        draft = self._open[-1] if self._open else None
        if draft is None or not (self._headed or line.text[:1].isspace()):
            return False
        if marker := _MARKER.search(line.text):
            for label in marker[1].split():
                kind, _, value = label.partition(":")
                draft.role = value if kind == "role" else draft.role
                draft.words += [] if kind == "role" else [f"- label: {label}"]
            return True
        bullet = _BULLET.fullmatch(line.text) if line.is_prose else None
        text = bullet[2] if bullet else line.text.strip() if line.is_prose else line.text
        if bullet and (box := _BOX.fullmatch(line.text)):
            text = box[3]
            draft.ticked += [line] if box[2].strip() else []
        named = _FIELD.match(text.rstrip())
        # In a list below a field a colon is only a colon.
        if named and line.is_prose and (not bullet or not self._headed or text.startswith("**")):
            draft.take(named[1], named[2] or "", line)
        elif not bullet and draft.about in _ACCEPTANCE and draft.acceptance:
            draft.acceptance[-1] = f"{draft.acceptance[-1]} {text}"
        else:
            draft.add(f"- {text}" if bullet and draft.about not in _ACCEPTANCE | _NEEDS else text, line)
        return True


def _task(path: str, draft: _Draft) -> SourceTask:
    return SourceTask(
        title=draft.title,
        path=path,
        span=_span(draft.line),
        id=draft.id,
        parent=f"{path}:{draft.whole.number}" if draft.whole else "",
        role=draft.role,
        repository=draft.repository,
        needs=tuple(draft.needs),
        acceptance=tuple(draft.acceptance),
        milestone=draft.milestone,
        description="\n".join(draft.words),
        status=draft.status,
        done=draft.done,
    )


def _span(line: Line) -> Span:
    return Span(line.number, 1, line.number, len(line.text) + 1)
