"""Properties are held to what they say, never to how fast a machine is."""

import ast
from collections.abc import Iterator
from pathlib import Path

from hypothesis import settings

ROOT = Path(__file__).parents[1]
PROFILES = {"register_profile", "load_profile"}


def calls(file: Path) -> Iterator[tuple[str, ast.Call]]:
    """Every call in a file, by the last part of what is called."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            yield node.func.id if isinstance(node.func, ast.Name) else node.func.attr, node


def test_properties_have_one_profile_without_a_time_limit() -> None:
    assert settings.get_current_profile_name() == "kerrigan"
    assert settings().deadline is None
    assert settings(max_examples=3).deadline is None


def test_no_test_sets_a_time_limit_or_a_profile_of_its_own() -> None:
    files = [file for folder in ("tests", "benchmarks") for file in (ROOT / folder).rglob("*.py")]
    found = [(file, name, call) for file in files for name, call in calls(file) if name in {"settings", *PROFILES}]
    assert [file for file, name, _ in found if name in PROFILES] == [ROOT / "tests" / "conftest.py"] * 2
    chosen = [(file.name, key.arg) for file, name, call in found if name == "settings" for key in call.keywords]
    assert [file for file, key in chosen if key == "deadline"] == []
    assert len(chosen) > 10
