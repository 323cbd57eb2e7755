"""The agents of this machine and of kerrigan.yml: what is here, and whether each works."""

import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kerrigan.agents.acp import over_acp
from kerrigan.agents.detect import Detected, detect
from kerrigan.agents.prepare import Request, prepare
from kerrigan.agents.process import Limits
from kerrigan.agents.profile import Profile
from kerrigan.agents.profiles import PROFILES
from kerrigan.agents.profiles.command import profile as program_profile
from kerrigan.agents.run import read, run
from kerrigan.apply.checks.run import findings, tree_of_texts
from kerrigan.apply.work.places import agent_home, state_folder
from kerrigan.check.suggestion import did_you_mean
from kerrigan.errors import KerriganError, UsageError
from kerrigan.files import read_files
from kerrigan.git.repo import git
from kerrigan.load.documents import parse_yaml
from kerrigan.load.workspace import workspace
from kerrigan.model.attempt import AttemptRecord, Outcome, Purpose
from kerrigan.model.checks.source import Severity
from kerrigan.model.project import Agent
from kerrigan.report.agents import AgentRow

CONFIG = ".github/kerrigan.yml"
CHECK_FILE = "kerrigan-check.txt"
CHECK_PROMPT = f"""\
Create a file named {CHECK_FILE} in the current folder. It holds the single word ok and nothing else.
Change no other file and start nothing else. When the file is there, answer with the word done.
"""
CHECK_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Checked:
    """The result of one harmless task: the record of the run, and whether the file is there that it asks for."""

    record: AttemptRecord
    written: bool

    @property
    def passed(self) -> bool:
        """Whether the agent works."""
        return self.record.outcome is Outcome.ok and self.written


@dataclass(frozen=True, slots=True)
class Known:
    """An agent: what was found of it here, and its entry in kerrigan.yml, if it has one."""

    name: str
    detected: Detected | None
    agent: Agent | None = None
    problem: str = ""
    checked: Checked | None = None


def configured(root: Path) -> Mapping[str, Agent]:
    """The agents that the kerrigan.yml of a work tree names; none where there is no such file."""
    texts, _ = read_files(root, [CONFIG])
    return workspace(parse_yaml(CONFIG, texts[CONFIG])).agents if CONFIG in texts else {}


def problems_of(root: Path) -> int:
    """How many errors a check finds in the kerrigan.yml of a work tree: agents may be missing for them."""
    texts, problems = read_files(root, [CONFIG])
    found = findings(tree_of_texts(root, texts, problems))
    return sum(one.path == CONFIG and one.severity is Severity.error for one in found)


def known(root: Path, environment: Mapping[str, str], only: str | None = None) -> list[Known]:
    """Every agent that Kerrigan ships a profile of, or that the kerrigan.yml of `root` names; or `only` one.

    Raises UsageError for a name that is neither.
    """
    agents = configured(root)
    names = list(dict.fromkeys([*PROFILES, *agents]))
    if only is not None:
        if only.casefold() not in names:
            step = did_you_mean(only, names) or f"kerrigan agents; known are {', '.join(names)}"
            raise UsageError(f"there is no agent '{only}'", kind="unknown-agent", next_step=step)
        names = [only.casefold()]
    profiles = {name: found for name in names if (found := profile_of(name, agents.get(name), root))}
    detected = dict(zip(profiles, detect(profiles.values(), environment), strict=True))
    return [Known(name, detected.get(name), agents.get(name), _problem(name, agents.get(name))) for name in names]


def profile_of(name: str, agent: Agent | None, root: Path) -> Profile | None:
    """The profile that an agent runs by; None for one that is only an account of the forge."""
    if agent and agent.command:
        return program_profile(name, agent.command, root)
    profile = PROFILES.get(name)
    return (over_acp(profile) or profile) if profile and agent and agent.via == "acp" else profile


def _problem(name: str, agent: Agent | None) -> str:
    if agent is None:
        return ""
    profile = PROFILES.get(name)
    if agent.via == "acp" and (profile is None or profile.acp is None):
        return "it is not proven with ACP: it is started headless"
    if profile is None and not agent.command and not agent.account:
        return "kerrigan.yml names neither a command nor an account for it"
    return ""


def checked(listed: Sequence[Known], environment: Mapping[str, str], say: Callable[[str], None]) -> list[Known]:
    """The same agents, each of those that are here after one run on a harmless task."""
    return [_checked(one, environment, say) for one in listed]


def _checked(one: Known, environment: Mapping[str, str], say: Callable[[str], None]) -> Known:
    if one.detected is None or not one.detected.path:
        return one
    say(f"{one.name}: running one harmless task")
    try:
        result = check(one.detected.profile, one.agent or _unnamed(one.detected.profile), environment)
    except KerriganError as error:
        return Known(one.name, one.detected, one.agent, error.message)
    return Known(one.name, one.detected, one.agent, one.problem, result)


def _unnamed(profile: Profile) -> Agent:
    """An agent that kerrigan.yml does not name: it gets the variables that its profile knows."""
    return Agent(profile.name, environment=(*profile.keys, *profile.passes))


def check(profile: Profile, agent: Agent, environment: Mapping[str, str]) -> Checked:
    """Run an agent once in a repository of its own, with the arguments, environment and limits of an attempt."""
    above = state_folder(environment) / "checks"
    above.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(prefix=f"{agent.name}-", dir=above) as folder:
        tree, own = Path(folder, "tree"), Path(folder, "attempt")
        own.mkdir()
        _repository(Path(folder, "repository"), tree)
        prompt = own / "prompt.md"
        prompt.write_text(CHECK_PROMPT, encoding="utf-8")
        request = Request(
            purpose=Purpose.implement,
            tree=tree,
            folder=own,
            prompt=prompt,
            environment=environment,
            names=agent.environment,
            home=home_of(profile, agent, environment),
            model=agent.model,
        )
        limits = Limits(min(agent.timeout, CHECK_SECONDS), agent.silence)
        record = read(profile, run(profile, prepare(profile, request), limits, own / "log"))
        return Checked(record, _holds_ok(tree / CHECK_FILE))


def home_of(profile: Profile, agent: Agent, environment: Mapping[str, str]) -> Path | None:
    """The HOME that an agent gets: one of its own where its key is in a variable, else None for the user's."""
    has_key = any(name in profile.keys and environment.get(name) for name in agent.environment)
    uses_key = agent.auth == "env" or (agent.auth != "home" and has_key)
    return agent_home(environment, agent.name) if uses_key else None


def _repository(root: Path, tree: Path) -> None:
    """A repository with one commit, and a linked work tree of it, as an attempt has one."""
    git("init", "-q", "-b", "main", str(root), cwd=root.parent)
    (root / "README.md").write_text("# A check of an agent\n", encoding="utf-8")
    git("add", ".", cwd=root)
    identity = ("-c", "user.name=kerrigan", "-c", "user.email=kerrigan@localhost", "-c", "commit.gpgsign=false")
    git(*identity, "commit", "-q", "-m", "Start", cwd=root)
    git("worktree", "add", "-q", "--detach", str(tree), cwd=root)


def _holds_ok(path: Path) -> bool:
    try:
        return not path.is_symlink() and path.read_text(encoding="utf-8").strip() == "ok"
    except (OSError, ValueError):
        return False


def all_passed(listed: Iterable[Known], only: str | None) -> bool:
    """Whether every agent that was checked works; one that was named has to be here."""
    found = list(listed)
    return all(one.checked is None or one.checked.passed for one in found) and (
        only is None or all(one.checked is not None for one in found)
    )


def row(one: Known) -> AgentRow:
    """An agent as it is reported."""
    found, agent = one.detected, one.agent
    if found is None:
        return AgentRow(one.name, agent is not None, agent.roles if agent else (), problem=one.problem)
    profile = found.profile
    return AgentRow(
        name=one.name,
        configured=agent is not None,
        roles=agent.roles if agent else (),
        via=agent.via if agent else "headless",
        program=profile.program,
        path=found.path,
        install=profile.package,
        version=found.version,
        tried=profile.tried,
        is_tried=found.is_tried,
        proven=profile.proven,
        login=found.login,
        limits=profile.limits,
        instructions=profile.instructions,
        problem=one.problem or found.problem,
        check=one.checked.record if one.checked else None,
        written=one.checked.written if one.checked else False,
    )
