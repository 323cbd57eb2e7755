"""Where Kerrigan keeps what belongs to this machine alone: homes of agents, folders of attempts."""

from collections.abc import Mapping
from pathlib import Path


def state_folder(environment: Mapping[str, str]) -> Path:
    """`KERRIGAN_HOME`, else `kerrigan` below `XDG_STATE_HOME`, else below `~/.local/state`."""
    if own := environment.get("KERRIGAN_HOME"):
        return Path(own)
    home = Path(environment.get("HOME") or Path.home())
    return Path(environment.get("XDG_STATE_HOME") or home / ".local/state") / "kerrigan"


def agent_home(environment: Mapping[str, str], name: str) -> Path:
    """The HOME of an agent that has its key in a variable: one for all its attempts, for some fill it with 240 MB."""
    return state_folder(environment) / "homes" / name
