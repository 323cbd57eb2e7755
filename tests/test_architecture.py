"""The rules that keep the code a pleasure to read: who may import whom, what touches nothing, how long things are."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "kerrigan"

EVERYWHERE = {"model", "errors"}
MAY_IMPORT: dict[str, set[str]] = {
    "errors": set(),
    "model": set(),
    "load": EVERYWHERE,
    "check": EVERYWHERE,
    "decide": EVERYWHERE,
    "report": EVERYWHERE,
    "files": EVERYWHERE,
    "git": EVERYWHERE,
    "local": EVERYWHERE | {"git"},
    "github": EVERYWHERE,
    "agents": EVERYWHERE | {"git"},
}
"""What each room may import besides itself. Rooms that are not listed bring the others together."""
BRINGS_TOGETHER = {"apply", "demo", "cli", "__main__", "__init__"}

PURE = ("model", "load", "check", "decide", "report")
TOUCHES_THE_WORLD = {
    "asyncio", "getpass", "glob", "http", "os", "pathlib.Path", "platform", "random", "secrets", "shutil", "signal",
    "socket", "subprocess", "sys", "tempfile", "threading", "time", "urllib.request", "uuid",
}  # fmt: skip
ASKS_THE_WORLD = {"open", "input", "print", "now", "utcnow", "today", "read_text", "write_text", "getenv", "environ"}

NOT_OURS_TO_NAME = re.compile(
    r"(?<![\w./-])/(?:work|shared)(?![\w-])|pypi\W+org|pythonhosted\W+org|registry\W+npmjs|proxy\W+golang|deb\W+debian"
)
"""Folders of a machine, and the hosts of package registries: an installer's settings name those, a project does not."""

OLD_FRONT_MATTER = PACKAGE / "check" / "legacy" / "front_matter.py"
"""Reads what Milestones 1 to 6 read as they did, for their verdict; the places come from the document."""

LONGEST_FILE = 300
LONGEST_FUNCTION = 50
MOST_FILES = 20
CATALOG = PACKAGE / "check" / "rules"
"""One file a rule: the folder may hold any number."""

MODULES = sorted(PACKAGE.rglob("*.py"))
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in MODULES}


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def test_every_room_imports_only_what_it_may() -> None:
    wrong = []
    for path, tree in TREES.items():
        here = room(path)
        if here in BRINGS_TOGETHER:
            continue
        allowed = MAY_IMPORT[here] | {here}
        for module in imports(tree):
            if module.startswith("kerrigan.") and module.split(".")[1] not in allowed:
                wrong.append(f"{name(path)} imports {module}; {here} may import {', '.join(sorted(allowed))}")
    assert wrong == []


@pytest.mark.parametrize("here", PURE)
def test_a_pure_room_touches_nothing(here: str) -> None:
    wrong = []
    for path in (path for path in MODULES if room(path) == here):
        wrong += [f"{name(path)} imports {found}" for found in imports(TREES[path]) if found in TOUCHES_THE_WORLD]
        for called, call in calls(TREES[path]):
            if called.rpartition(".")[2] in ASKS_THE_WORLD:
                wrong.append(f"{name(path)}:{call.lineno} calls {called}")
    assert wrong == []


def test_no_module_needs_itself_to_be_imported() -> None:
    names = {module_name(path): imported_modules(path) for path in MODULES}
    done: set[str] = set()

    def visit(module: str, above: tuple[str, ...]) -> None:
        assert module not in above, " -> ".join([*above[above.index(module) :], module])
        if module not in done:
            for other in names[module] & names.keys():
                visit(other, (*above, module))
            done.add(module)

    for module in names:
        visit(module, ())


def test_no_module_needs_itself_by_an_import_in_a_function() -> None:
    names = {module_name(path): imported_late(path) for path in MODULES}
    circles = {name for name, found in names.items() for other in found & names.keys() if name in names[other]}
    assert circles == set()


def imported_late(path: Path) -> set[str]:
    """All that a module imports when it runs, also within functions; not what only types need."""
    types = [node for node in ast.walk(TREES[path]) if _is_type_checking(node)]
    return set(imports(TREES[path])) - {name for node in types for name in imports(node)} - {module_name(path)}


def test_no_folder_has_too_many_files() -> None:
    folders = {path.parent for path in MODULES} - {CATALOG}
    files = {name(folder): sum(path.parent == folder for path in MODULES) for folder in folders}
    assert {folder: count for folder, count in files.items() if count > MOST_FILES} == {}


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imported_modules(path: Path) -> set[str]:
    """What runs when this module is imported: its imports outside of functions, and the packages above those."""
    found: set[str] = set()
    waiting: list[ast.AST] = [TREES[path]]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.Lambda) or _is_type_checking(node):
            continue
        if isinstance(node, ast.ImportFrom):
            found |= {node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        waiting += ast.iter_child_nodes(node)
    return found - {module_name(path)}


def _is_type_checking(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")


def test_files_and_functions_are_short() -> None:
    wrong = [f"{name(path)} has {length} lines" for path in MODULES if (length := lines(path)) > LONGEST_FILE]
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > LONGEST_FUNCTION:
                    wrong.append(f"{name(path)}:{node.lineno} {node.name} has {length} lines")
    assert wrong == []


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_every_module_and_public_name_says_what_it_is() -> None:
    wrong = [f"{name(path)} has no docstring" for path in MODULES if not ast.get_docstring(TREES[path])]
    for path, tree in TREES.items():
        for node in _public(tree):
            if not ast.get_docstring(node):
                wrong.append(f"{name(path)}:{node.lineno} {node.name} has no docstring")
    assert wrong == []


def _public(tree: ast.Module | ast.ClassDef) -> Iterator[ast.FunctionDef | ast.ClassDef]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from _public(node)


def test_no_yaml_is_loaded_without_places_and_no_shell_is_asked() -> None:
    wrong = []
    for path, tree in TREES.items():
        for called, call in calls(tree):
            is_load = re.fullmatch(r"yaml\.(\w*load\w*)", called) and path != OLD_FRONT_MATTER
            if is_load or called in {"os.system", "os.popen", "eval", "exec"}:
                wrong.append(f"{name(path)}:{call.lineno} calls {called}")
            if any(keyword.arg == "shell" for keyword in call.keywords):
                wrong.append(f"{name(path)}:{call.lineno} asks for a shell")
    assert wrong == []


def test_no_file_names_the_place_it_was_written_at_or_a_package_registry() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    wrong = []
    for file in sorted(set(listed.split("\0")) - {""}):
        content = (ROOT / file).read_bytes() if (ROOT / file).is_file() else b""
        for number, line in enumerate(content.decode("utf-8", "ignore").splitlines(), 1):
            if found := NOT_OURS_TO_NAME.search(line):
                wrong.append(f"{file}:{number} says {found[0]!r}")
    assert wrong == []


WRITES_TO_A_FORGE = {"set_labels", "set_status", "tell", "react", "dispatch", "open_pull_request", "create", "change"}
"""What a forge offers for writing: all who read the repository read that."""


def test_what_writes_to_a_forge_asks_who_may_read_it() -> None:
    found = {}
    for path in sorted((PACKAGE / "apply").rglob("*.py")):
        calls = [node.func for node in ast.walk(TREES[path]) if isinstance(node, ast.Call)]
        named = [f for f in calls if isinstance(f, ast.Attribute) and f.attr in WRITES_TO_A_FORGE]
        if any("forge" in ast.unparse(f.value) or ast.unparse(f.value) == "issues" for f in named):
            found[path.name] = "disclosure.may_tell" in path.read_text(encoding="utf-8")
    assert found == dict.fromkeys(("checklist.py", "effects.py", "issues.py", "response.py", "transition.py"), True)
