"""What real CLIs printed, as `tests/agents/capture.py` has written it down, and readings of it."""

import json
from pathlib import Path
from typing import Any

from kerrigan.agents.process import Cause, Ended
from kerrigan.agents.profiles import PROFILES
from kerrigan.agents.run import Run, read
from kerrigan.model.attempt import AttemptRecord, Spent

DATA = Path(__file__).parents[1] / "data/agents"
CLIS = sorted(path.parent.name for path in DATA.glob("*/cases.json"))


def cases(cli: str) -> dict[str, dict[str, Any]]:
    """The cases of a CLI: exit status, why it was stopped, and how many requests the mock got."""
    found: dict[str, dict[str, Any]] = json.loads((DATA / cli / "cases.json").read_text(encoding="utf-8"))
    return found


def ended(cli: str, case: str, **changes: Any) -> Ended:
    """The run of a case; `changes` to it."""
    about = cases(cli).get(case, {"exit": 0, "cause": None})
    values: dict[str, Any] = {
        "exit": about["exit"],
        "seconds": 1.0,
        "at": 1_796_040_000.0,
        "stdout": DATA / cli / f"{case}.out",
        "stderr": DATA / cli / f"{case}.err",
        "home": DATA / cli,
        "record": DATA / cli / f"{case}.session",
        "cause": Cause(about["cause"]) if about["cause"] else None,
    }
    return Ended(**values | changes)


def record(cli: str, case: str, sessions: dict[str, Spent] | None = None, **changes: Any) -> AttemptRecord:
    """What is read of a case."""
    return read(PROFILES[cli], Run(ended(cli, case, **changes)), sessions=sessions)
