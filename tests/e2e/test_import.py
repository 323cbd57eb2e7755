"""`kerrigan import`: every sample into an empty repository, checked; and what is refused, with nothing written."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.e2e.desk import git
from tests.e2e.test_outputs import assert_fits
from tests.unit.test_import_formats import FORMAT_OF, SAMPLES, WAITS
from tests.warm import python

ISSUE = '{"id": "bd-1", "title": "Begin", "status": "open"}\n'


class Desk:
    """An empty repository, and the commands that run in it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir()
        git("init", "-q", "-b", "main", cwd=path)

    def kerrigan(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [python(), "-m", "kerrigan", *map(str, words)],
            cwd=self.path,
            capture_output=True,
            text=True,
            check=False,
        )

    def files(self) -> list[str]:
        found = (path for path in self.path.rglob("*") if path.is_file() and ".git" not in path.parts)
        return sorted(path.relative_to(self.path).as_posix() for path in found)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "repo")


def test_every_sample_is_imported_and_passes_the_check(desk: Desk) -> None:
    for sample, waits in WAITS.items():
        done = desk.kerrigan(
            "import", FORMAT_OF[sample], SAMPLES / sample, "--project", sample, "--with-finished", "--json"
        )
        assert done.returncode == 0, done.stderr
        assert_fits("import", done.stdout)
        told = json.loads(done.stdout)
        assert (told["project"], told["tasks"], set(told["ids"])) == (sample, len(waits), set(waits))
    checked = desk.kerrigan("check")
    assert checked.returncode == 0, checked.stdout
    assert f"{len(WAITS)} projects" in checked.stdout
    shown = json.loads(desk.kerrigan("graph", "spec-kit", "--json").stdout)
    assert "t009" in json.dumps(shown)


@pytest.mark.parametrize(
    ("form", "file", "text", "kind", "says"),
    [
        (
            "spec-kit",
            "tasks.md",
            "# Tasks\n\n- [ ] Show the list\n",
            "no-tasks",
            "kerrigan import kerrigan-md tasks.md finds",
        ),
        ("kerrigan-md", "tasks.md", "", "no-tasks", "kerrigan import --help"),
        ("beads", "issues.jsonl", "", "no-tasks", "kerrigan import --help"),
        ("spec-kit", "tasks.md", "- [x] T001 Show the list\n", "all-finished", "--with-finished takes"),
    ],
)
def test_a_source_with_nothing_to_import_writes_nothing(
    desk: Desk, form: str, file: str, text: str, kind: str, says: str
) -> None:
    (desk.path / file).write_text(text)
    done = desk.kerrigan("import", form, file, "--json")
    error = json.loads(done.stdout)["error"]
    assert (done.returncode, error["kind"], says in error["next"]) == (2, kind, True)
    assert desk.files() == [file]


def test_what_is_lost_is_said_with_its_place(desk: Desk) -> None:
    done = desk.kerrigan("import", "task-master", SAMPLES / "task-master")
    assert done.returncode == 0
    assert "tasks.json:10: a dependency (task-2): '9' is no task here" in done.stdout
    assert "tasks.json:4: a finished task (task-1 and 2 more): left out" in done.stdout
    assert "also task-1-1 tasks.json:7" in done.stdout
    assert "kerrigan check" in done.stderr


def test_a_dry_run_prints_every_line_and_writes_none(desk: Desk) -> None:
    words = ("import", "beads", SAMPLES / "beads")
    shown = desk.kerrigan(*words, "--dry-run")
    assert (shown.returncode, desk.files()) == (0, [])
    assert desk.kerrigan(*words).returncode == 0
    assert desk.files() == ["specs/projects/ferry/spec.md", "specs/projects/ferry/tasks.yml"]
    for file in desk.files():
        assert all(line in shown.stdout for line in (desk.path / file).read_text().splitlines())


def test_nothing_is_overwritten(desk: Desk) -> None:
    words = ("import", "beads", SAMPLES / "beads")
    assert desk.kerrigan(*words).returncode == 0
    again = desk.kerrigan(*words)
    assert (again.returncode, "unchanged  specs/projects/ferry/tasks.yml" in again.stdout) == (0, True)
    tasks = desk.path / "specs/projects/ferry/tasks.yml"
    tasks.write_text("kerrigan: 7\ntasks: []\n")
    refused = desk.kerrigan(*words)
    assert (refused.returncode, "--project NAME" in refused.stderr) == (2, True)
    assert tasks.read_text() == "kerrigan: 7\ntasks: []\n"
    assert desk.kerrigan(*words, "--project", "other").returncode == 0


def test_an_old_project_gets_its_tasks_yml_beside_its_tasks_md(desk: Desk) -> None:
    folder = desk.path / "specs/projects/timetable"
    folder.mkdir(parents=True)
    (folder / "tasks.md").write_bytes((SAMPLES / "dialect-a/tasks.md").read_bytes())
    (folder / "spec.md").write_text(
        "---\nrepositories:\n  - name: pier\n    url: https://github.com/acme/pier\n---\n# Timetable\n\nWhen they go.\n"
    )
    drawn = desk.kerrigan("graph", "timetable").stdout
    done = desk.kerrigan("import", "kerrigan-md", "specs/projects/timetable", "--with-finished")
    assert (done.returncode, "[becomes-7]" in done.stdout) == (0, True), done.stderr
    assert "write 'kerrigan: 7' into the front matter of specs/projects/timetable/spec.md" in done.stdout
    spec = (folder / "spec.md").read_text()
    assert spec.startswith("---\nrepositories:")
    (folder / "spec.md").write_text(spec.replace("---\n", "---\nkerrigan: 7\n", 1))
    assert '"pier:#9"' in (folder / "tasks.yml").read_text()
    checked = desk.kerrigan("check", "--project", "timetable")
    assert checked.returncode == 0, checked.stdout
    assert desk.kerrigan("graph", "timetable").stdout == drawn
    assert "timetable/notice-what-changed  [repo]  <- timetable/read-the-harbour-s-table" in drawn


def test_the_repositories_of_an_old_spec_come_along(desk: Desk) -> None:
    done = desk.kerrigan("import", "kerrigan-md", SAMPLES / "dialect-b")
    assert (done.returncode, "the repository 'web'" in done.stdout) == (0, False), done.stderr
    assert "repository: web" in (desk.path / "specs/projects/dialect-b/tasks.yml").read_text()
    checked = desk.kerrigan("check")
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("issues.jsonl", b'{"id": 1}\n{"id"\n', "issues.jsonl:2:"),
        ("issues.jsonl", b"[]\n", "issues.jsonl:1:1: error: found a line that is no object"),
        ("issues.jsonl", b'{"id": "a\0b"}\n', "NUL"),
        ("issues.jsonl", b"\xff\xfe\0", "UTF-16"),
        ("issues.jsonl", b" " * 10_000_001, "10,000,001 bytes"),
        ("issues.jsonl", b'{"a": ' * 200 + b"1" + b"}" * 200, "levels of nesting"),
        ("other.txt", b"", "no beads tasks at"),
    ],
)
def test_a_broken_source_is_one_error_and_nothing_is_written(
    desk: Desk, tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / name).write_bytes(content)
    done = desk.kerrigan("import", "beads", tmp_path / "source")
    assert done.returncode == (2 if name == "other.txt" else 3)
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert desk.files() == []
    as_json = desk.kerrigan("import", "beads", tmp_path / "source", "--json")
    assert_fits("error", as_json.stdout)


def test_a_symbolic_link_out_of_the_folder_is_refused(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "outside.jsonl").write_text(ISSUE)
    (tmp_path / "source").mkdir()
    (tmp_path / "source/issues.jsonl").symlink_to(tmp_path / "outside.jsonl")
    done = desk.kerrigan("import", "beads", tmp_path / "source")
    assert (done.returncode, "symbolic link" in done.stderr) == (3, True)
    assert desk.files() == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--project", "../out"), "--project is '../out'"),
        (("--role", "A b"), "--role is 'A b'"),
        (("-C", "nowhere"), "there is no folder nowhere"),
    ],
)
def test_names_that_are_none_are_refused(desk: Desk, words: tuple[str, ...], said: str) -> None:
    done = desk.kerrigan("import", "beads", SAMPLES / "beads", *words)
    assert (done.returncode in (2, 3), said in done.stderr) == (True, True)
    assert desk.files() == []


def test_a_name_that_no_file_can_have_is_refused(desk: Desk) -> None:
    done = desk.kerrigan("import", "beads", "a" * 5000)
    assert (done.returncode, "cannot be read: File name too long" in done.stderr) == (3, True)


def test_the_role_of_tasks_that_name_none_is_asked_for(desk: Desk) -> None:
    assert desk.kerrigan("import", "codemaestro", SAMPLES / "codemaestro", "--role", "docs").returncode == 0
    tasks = (desk.path / "specs/projects/codemaestro/tasks.yml").read_text()
    assert (tasks.count("role: docs"), tasks.count("role: testing")) == (1, 1)


def test_words_of_a_source_reach_the_terminal_without_their_escapes(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "issues.jsonl").write_text(
        '{"id": "a", "title": "\\u001b[31mred", "x\\u001b[2J": 1, "status": "\\u001b[5m"}\n'
    )
    done = desk.kerrigan("import", "beads", tmp_path / "issues.jsonl", "--dry-run")
    assert done.returncode == 0
    assert "\x1b" not in done.stdout + done.stderr


def test_a_circle_is_written_and_the_check_shows_its_edges(desk: Desk, tmp_path: Path) -> None:
    lines = [
        {"id": one, "title": one, "dependencies": [{"depends_on_id": other, "type": "blocks"}]}
        for one, other in (("a", "b"), ("b", "a"))
    ]
    (tmp_path / "issues.jsonl").write_text("\n".join(map(json.dumps, lines)))
    done = desk.kerrigan("import", "beads", tmp_path / "issues.jsonl", "--project", "round")
    assert (done.returncode, "[dependency-cycle]" in done.stdout) == (0, True)
    checked = desk.kerrigan("check")
    assert (checked.returncode, "[dependency-cycle]" in checked.stdout) == (1, True)


def test_what_is_in_the_way_is_said(desk: Desk) -> None:
    (desk.path / "specs").write_text("somebody's own")
    done = desk.kerrigan("import", "beads", SAMPLES / "beads")
    assert (done.returncode, "is not a folder" in done.stderr) == (3, True)
    assert desk.files() == ["specs"]


def test_a_satellite_keeps_no_projects(desk: Desk) -> None:
    (desk.path / ".github").mkdir()
    (desk.path / ".github/kerrigan.yml").write_text("home: acme/ferry\n")
    done = desk.kerrigan("import", "beads", SAMPLES / "beads")
    assert (done.returncode, "satellite of acme/ferry" in done.stderr) == (2, True)
