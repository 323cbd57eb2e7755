"""A mission of spec-kitty: work packages in Markdown, an overview in tasks.md, lanes in status.json."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from kerrigan.load.documents import parse_front_matter, parse_json
from kerrigan.load.foreign.prose import Line, body_of, heading, lines, spec_of, tell_files, tell_unread, title_of
from kerrigan.load.foreign.records import JOURNAL, Record, as_text, described, facts
from kerrigan.load.foreign.remarks import Remarks
from kerrigan.model.checks.source import START, Diagnostic, Severity, Span
from kerrigan.model.imported import Need, Source, SourceTask

TASKS, META, STATUS, SPEC = "tasks.md", "meta.json", "status.json", "spec.md"

_PACKAGE = re.compile(r"(?:Work Package:?\s+)?(WP[0-9]{2,})\b\s*[:\u2013\u2014-]*\s*(.*)", re.IGNORECASE)
_FILE = re.compile(r"tasks/(?:[^/]+/)?(WP[0-9]{2,})[^/]*\.md")
_ID = re.compile(r"\bWP[0-9]{2,}\b")
_AFTER = re.compile(r"(?:[-*+]\s+)?(?:\*\*Dependencies\*\*\s*:|Depends on\b)(.*)")
_TEST = re.compile(r"(?:[-*+]\s+)?\*\*Independent Test\*\*\s*:\s*(.+)")
_NAMES = ("title", "work_package_title")
_TOLD = (
    *("priority", "role", "agent", "agent_profile", "assignee", "model", "task_type", "execution_mode", "tags"),
    *("authoritative_surface", "requirement_refs", "tracker_refs", "subtasks"),
)
_CARRIED = (*_NAMES, *_TOLD, "work_package_id", "wp_code", "dependencies", "phase", "owned_files", "lane")
_REASONS = dict.fromkeys(
    (
        *("history", "activity_log", "created_at", "shell_pid", "shell_pid_created_at", "reviewed_by", "approved_by"),
        *("review_status", "review_feedback", "reviewer", "base_commit", "status"),
    ),
    JOURNAL,
) | dict.fromkeys(
    ("base_branch", "planning_base_branch", "merge_target_branch", "branch_strategy"),
    "Kerrigan names a task's branch kerrigan/PROJECT/TASK, and it ends on the default branch",
)
_ROLES = {"implementer": "swe", "reviewer": "review", "planner": "architect", "architect": "architect"}
_DONE = frozenset({"done", "approved"})


@dataclass(frozen=True, slots=True)
class _Section:
    """What tasks.md says of one work package."""

    title: str
    line: int
    text: str

    @property
    def needs(self) -> tuple[str, ...]:
        """The packages that it declares to wait for; prose is not asked."""
        rows = self.text.split("\n")
        below = ""
        found: list[str] = []
        for row in rows:
            below = row.strip(" #") if row.startswith("#") else below
            declared = _AFTER.match(row.strip())
            if declared or (below == "Dependencies" and row.strip()[:1] in {"-", "*"}):
                found += _ID.findall(declared[1] if declared else row)
        return tuple(dict.fromkeys(found))


def read(path: str, texts: Mapping[str, str]) -> Source:
    """The work packages of a mission's folder; its other files stay where they are, and are named."""
    remarks = Remarks()
    sections = _sections(texts, remarks)
    lanes = _lanes(texts, remarks)
    meta = parse_json(META, texts.get(META, "{}"))
    remarks.take(meta)
    about = Record(meta.data if isinstance(meta.data, dict) else {}, META, meta.positions.key)
    about.leftovers(("friendly_name", "mission_slug", "slug"), {}, remarks, "")
    files = {file: found[1] for file in texts if (found := _FILE.fullmatch(file))}
    tasks = [_package(file, texts[file], name, sections, lanes, remarks) for file, name in files.items()]
    tasks += [_sketch(name, section, lanes) for name, section in sections.items() if name not in files.values()]
    if not tasks:
        message = "found no work package, expected tasks/WP01-….md or headings 'WP01: …' in tasks.md"
        remarks.add([Diagnostic("syntax", Severity.error, path, START, message)])
    tell_files(texts, {*files, TASKS, META, STATUS, SPEC}, remarks)
    title = about.text("friendly_name") or title_of(texts.get(TASKS, ""))
    name = about.text("mission_slug", "slug")
    return Source(tuple(tasks), name, title, spec_of(texts, SPEC, remarks), remarks.told())


def _sections(texts: Mapping[str, str], remarks: Remarks) -> dict[str, _Section]:
    found: dict[str, list[Line]] = {}
    titles: dict[str, str] = {}
    unread: list[Line] = []
    here: list[Line] = unread
    for line in lines(texts.get(TASKS, "")):
        titled = heading(line)
        package = _PACKAGE.match(titled[1]) if titled and titled[0] in (2, 3) else None
        if package:
            name = package[1].upper()
            titles.setdefault(name, package[2].strip())
            here = found.setdefault(name, [])
        elif titled and titled[0] <= 2:
            here = unread
        here.append(line)
    tell_unread(TASKS, unread, remarks)
    return {
        name: _Section(
            titles[name], rows[0].number, "\n".join(row.text for row in rows[1:]).strip().rstrip("-").strip()
        )
        for name, rows in found.items()
    }


def _lanes(texts: Mapping[str, str], remarks: Remarks) -> dict[str, str]:
    document = parse_json(STATUS, texts.get(STATUS, "{}"))
    remarks.take(document)
    packages = document.data.get("work_packages") if isinstance(document.data, dict) else None
    if STATUS in texts:
        remarks.lost(STATUS, START, f"all but the lanes in {STATUS}", JOURNAL)
    entries = packages.items() if isinstance(packages, dict) else ()
    return {name: as_text(entry.get("lane")) for name, entry in entries if isinstance(entry, dict)}


def _package(
    path: str, text: str, name: str, sections: Mapping[str, _Section], lanes: Mapping[str, str], remarks: Remarks
) -> SourceTask:
    document = parse_front_matter(path, text)
    remarks.take(document)
    record = Record(document.data if isinstance(document.data, dict) else {}, path, document.positions.key)
    record.leftovers(_CARRIED, _REASONS, remarks, name)
    section = sections.get(name)
    lane = lanes.get(name) or record.text("lane")
    if record.text("lane") not in ("", lane):
        what = f"the lane '{record.text('lane')[:80]}'"
        remarks.lost(path, record.place(("lane",)), what, f"{STATUS} says '{lane[:80]}', and that counts", name)
    own = record.items("dependencies")
    span = record.place(("dependencies",))
    needs = [as_text(raw) for raw in own] if "dependencies" in record.data else section.needs if section else ()
    return SourceTask(
        title=record.text(*_NAMES) or (section.title if section else "") or title_of(text),
        path=path,
        span=record.place(("work_package_id",)),
        id=name,
        role=_ROLES.get(record.text("role").lower(), ""),
        needs=tuple(Need(part, span=span) for need in needs for part in re.split(r"[,\s]+", need) if part),
        paths=tuple(as_text(raw) for raw in record.items("owned_files") if as_text(raw)),
        acceptance=_tests(section),
        milestone=record.text("phase"),
        description=described(
            body_of(text).strip(), _from_overview(section), facts({key: record.text(key) for key in _TOLD})
        ),
        status="" if lane in ("planned", "genesis") else lane,
        done=lane in _DONE,
    )


def _sketch(name: str, section: _Section, lanes: Mapping[str, str]) -> SourceTask:
    lane = lanes.get(name, "")
    return SourceTask(
        title=section.title,
        path=TASKS,
        span=Span(section.line, 1, section.line, 1),
        id=name,
        needs=tuple(Need(need, span=Span(section.line, 1, section.line, 1)) for need in section.needs),
        acceptance=_tests(section),
        description=section.text,
        status="" if lane == "planned" else lane,
        done=lane in _DONE,
    )


def _tests(section: _Section | None) -> tuple[str, ...]:
    rows = section.text.split("\n") if section else []
    return tuple(found[1].strip() for row in rows if (found := _TEST.match(row.strip())))


def _from_overview(section: _Section | None) -> str:
    return described(f"## From {TASKS}: {section.title}", section.text) if section else ""
