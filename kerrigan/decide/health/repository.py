"""Findings about one repository: is it there, may it be written to, which home does it name, what do its rules ask."""

from collections.abc import Iterator
from dataclasses import dataclass

from kerrigan.model.forge.health import Contents, Examined, Finding, Level, Token

GATE = "kerrigan/gate"
JOB = "kerrigan / gate"
"""The job of nearly the same name, which judges once and never again."""

RECONCILED = "its own reconcile, every hour, finds later what would have come at once"


@dataclass(frozen=True, slots=True)
class Subject:
    """One repository and what its standing depends on: its `home`, the `others` of its projects, where one is (`here`).

    `contents` is None where its files were not read. `steers` says whether there is a project at all.
    """

    examined: Examined
    contents: Contents | None
    home: str
    others: tuple[str, ...]
    token: Token | None
    here: str
    steers: bool = True

    @property
    def slug(self) -> str:
        """`owner/name`, as its project calls it."""
        return self.examined.slug

    @property
    def is_home(self) -> bool:
        """Whether projects and journals are kept here."""
        return same(self.slug, self.home)

    def finding(self, level: Level, code: str, message: str, step: str = "") -> Finding:
        """A finding about it."""
        return Finding(level, self.slug, code, message, step)


def repository_findings(subject: Subject) -> Iterator[Finding]:
    """What is the same on every forge, then what only a forge with tokens and rules has."""
    yield from _reach(subject)
    if not subject.examined.reached:
        return
    yield from _configuration(subject)
    if subject.token is not None:
        yield from _write(subject, subject.token)
        yield from _gate(subject)


def may_write(subject: Subject, token: Token) -> bool | None:
    """Whether the token may push and dispatch; None where GitHub tells that only when it is tried."""
    examined = subject.examined
    if token.kind == "none" or (examined.push is False and token.kind == "user"):
        return False
    if token.kind == "installation":
        return False if token.reaches == 1 and not same(subject.slug, subject.here) else None
    if token.scopes is None or examined.push is None:
        return None
    return "repo" in token.scopes or ("public_repo" in token.scopes and not examined.private)


def same(one: str, other: str) -> bool:
    """Whether two slugs mean the same repository: case does not count."""
    return one.casefold() == other.casefold()


def _reach(subject: Subject) -> Iterator[Finding]:
    examined = subject.examined
    if examined.reached is None:
        message = f"it could not be looked at: {examined.why}"
        yield subject.finding(Level.unknown, "repository", message, "try again")
    elif not examined.reached:
        step = "correct its address under 'repositories' in spec.md, or use a token that reaches it"
        message = f"it cannot be reached, so nothing of it is read and no dispatch arrives there: {examined.why}"
        yield subject.finding(Level.problem, "repository", message, step)
    elif examined.archived:
        message = "it is archived: it takes no push, no label, no status and no dispatch"
        yield subject.finding(Level.problem, "repository", message, "unarchive it, or take it out of the project")
    elif not same(examined.name, subject.slug):
        message = f"it is called {examined.name} now; the old name works until someone else takes it"
        yield subject.finding(Level.warning, "repository", message, f"write {examined.name} wherever it is named")
    else:
        yield subject.finding(Level.ok, "repository", "it is there")


def _configuration(subject: Subject) -> Iterator[Finding]:
    contents = subject.contents
    if contents is None:
        return
    if contents.trouble:
        level = Level.unknown if contents.trouble.undecided else Level.problem
        yield subject.finding(level, "configuration", contents.trouble.message, contents.trouble.next)
        return
    if contents.configured:
        yield subject.finding(Level.ok, "configuration", ".github/kerrigan.yml can be read")
    elif subject.is_home:
        message = "there is no .github/kerrigan.yml, so every value has its default"
        yield subject.finding(Level.ok, "configuration", message)
    if not subject.is_home:
        yield _home(subject, contents)


def _home(subject: Subject, contents: Contents) -> Finding:
    if contents.home and same(contents.home, subject.home):
        return subject.finding(Level.ok, "home", f"its .github/kerrigan.yml says that home is {subject.home}")
    said = f"says that home is {contents.home}" if contents.home else "names no home"
    message = f"its .github/kerrigan.yml {said}, expected {subject.home}: its gates do not know their tasks"
    step = f"kerrigan init --home {subject.home}, or write 'home: {subject.home}' into .github/kerrigan.yml; push it"
    return subject.finding(Level.problem, "home", message, step)


def _write(subject: Subject, token: Token) -> Iterator[Finding]:
    allowed = may_write(subject, token)
    if token.kind == "none":
        return
    if allowed:
        yield subject.finding(Level.ok, "write", f"{token.variable} may push, label and send dispatches here")
    elif allowed is None:
        message = (
            f"whether {token.variable} may push, label and send dispatches here is not known: "
            "GitHub tells that only when it is tried"
        )
        step = "the token needs contents, pull requests, issues and statuses: write; checks and actions: read"
        yield subject.finding(Level.unknown, "write", message, step)
    else:
        yield _refused(subject, token)


def _refused(subject: Subject, token: Token) -> Finding:
    step = f"give {token.variable} 'contents: write' here, and pull requests, issues and statuses"
    if subject.is_home:
        message = f"{token.variable} may not write here, so no journal is written: nothing is claimed or completed"
        return subject.finding(Level.problem, "write", message, step)
    message = f"{token.variable} may not write here: dispatches to it are lost, and its labels stay; {RECONCILED}"
    return subject.finding(Level.warning, "write", message, step)


def _gate(subject: Subject) -> Iterator[Finding]:
    examined = subject.examined
    step = f"Settings, Rules of {subject.slug}: require the status {GATE}"
    if GATE in examined.required:
        yield subject.finding(Level.ok, "gate", f"{GATE} is required before a merge")
    elif not examined.all_rules_seen:
        message = f"whether {GATE} is required before a merge is not known: the token may not see all rules"
        yield subject.finding(Level.unknown, "gate", message, step)
    elif JOB in examined.required:
        message = f"required is the job '{JOB}', which judges once; the status {GATE} follows what changes later"
        yield subject.finding(Level.warning, "gate", message, step)
    else:
        message = f"{GATE} is not required: pull requests can be merged whatever it says"
        yield subject.finding(Level.warning, "gate", message, step)
    contents = subject.contents
    if examined.queue and contents and not contents.trouble and not contents.queues:
        message = "the merge queue is on, and kerrigan-check.yml does not run on merge_group: the queue waits for ever"
        yield subject.finding(
            Level.problem, "merge-queue", message, "add 'merge_group:' to its 'on:', as the shipped file has it"
        )
