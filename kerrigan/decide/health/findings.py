"""From what was looked at to findings: what works, what does not, what will be lost, and how to fix it."""

from collections.abc import Iterable, Iterator

from kerrigan.decide.health.actions import actions_findings
from kerrigan.decide.health.definition import definition_findings, project_finding
from kerrigan.decide.health.journal import journal_finding
from kerrigan.decide.health.repository import Subject, repository_findings
from kerrigan.model.forge.health import Checkup, DefinitionHealth, Finding, Here, Level, ProjectHealth, Token, Trouble

HERE = "here"
OLDEST_GIT = (2, 38)


def findings(checkup: Checkup) -> tuple[Finding, ...]:
    """All findings: first about the clone, its projects and the token, then about each repository."""
    token = checkup.examination.token
    slugs = tuple(found.slug for found in checkup.examination.repositories)
    found = [*clone_findings(checkup.here), *_place(checkup.here), *_projects(checkup)]
    if token is not None:
        found += _token(token, checkup.here.slug, len(slugs))
    steers = bool(checkup.projects or checkup.trouble)
    for examined in checkup.examination.repositories:
        others = tuple(slug for slug in slugs if slug != examined.slug)
        contents = checkup.contents.get(examined.slug)
        subject = Subject(examined, contents, checkup.home, others, token, checkup.here.slug, steers)
        found += repository_findings(subject)
        found += actions_findings(subject)
    return tuple(found)


def exit_code(found: Iterable[Finding]) -> int:
    """0 without a problem, 1 with one, 4 when the forge did not answer for a single repository."""
    listed = list(found)
    reached = [finding.level is not Level.unknown for finding in listed if finding.code == "repository"]
    if reached and not any(reached):
        return 4
    return int(any(finding.level is Level.problem for finding in listed))


def clone_findings(here: Here) -> Iterator[Finding]:
    """What git says of itself and of who works here."""
    shown = ".".join(map(str, here.git))
    if here.git < OLDEST_GIT:
        message = f"git {shown} is too old: Kerrigan needs {'.'.join(map(str, OLDEST_GIT))}"
        yield Finding(Level.problem, HERE, "git-version", message, "install a newer git")
    else:
        yield Finding(Level.ok, HERE, "git-version", f"git {shown}")
    if here.name and here.email:
        yield Finding(Level.ok, HERE, "identity", f"git knows you as {here.name} <{here.email}>")
    else:
        missing = [f"user.{key}" for key, value in (("name", here.name), ("email", here.email)) if not value]
        yield Finding(
            Level.warning,
            HERE,
            "identity",
            f"git has no {' and no '.join(missing)}: commits and, in a local project, claims need to know who acts",
            "git config --global user.name NAME; git config --global user.email ADDRESS",
        )


def broken(about: str, code: str, trouble: Trouble) -> Finding:
    """The finding of something that could not be read."""
    return Finding(Level.unknown if trouble.undecided else Level.problem, about, code, trouble.message, trouble.next)


def _place(here: Here) -> Iterator[Finding]:
    yield Finding(Level.ok, HERE, "origin", f"origin is {here.slug}, {here.server}")
    if not here.default:
        return
    if here.ahead is None or here.behind is None:
        away = f"on {here.branch or 'no branch'}; state is decided from origin/{here.default}"
        yield Finding(Level.ok, HERE, "work-tree", away)
        return
    if here.behind:
        message = f"HEAD lacks {_commits(here.behind)} of origin/{here.default}, which decides"
        yield Finding(Level.warning, HERE, "work-tree", message, "git pull")
    if here.ahead:
        are = "is" if here.ahead == 1 else "are"
        message = f"{_commits(here.ahead)} {are} not on origin/{here.default}, which decides"
        yield Finding(
            Level.warning, HERE, "work-tree", message, "git pull, then git push" if here.behind else "git push"
        )
    if not (here.ahead or here.behind):
        yield Finding(Level.ok, HERE, "work-tree", f"HEAD is origin/{here.default}")


def _commits(count: int) -> str:
    return f"{count} commit{'' if count == 1 else 's'}"


def _projects(checkup: Checkup) -> Iterator[Finding]:
    if checkup.trouble:
        yield broken(checkup.home, "projects", checkup.trouble)
    elif not checkup.projects:
        message = "no project is on the default branch: pull requests are checked and gated, nothing else happens"
        yield Finding(Level.warning, checkup.home, "projects", message, "kerrigan init PROJECT")
    if isinstance(checkup.definition, Trouble) and not checkup.trouble:
        yield broken(checkup.home, "definition", checkup.definition)
    elif isinstance(checkup.definition, DefinitionHealth):
        yield from definition_findings(checkup.home, checkup.definition)
    for project in checkup.projects:
        yield from _project(checkup.home, project)
        if checkup.examination.token is not None and not project.trouble:
            yield journal_finding(checkup.home, project)
    for lost in checkup.lost:
        yield Finding(Level.problem, checkup.home, "lost-journal", lost, "git log --diff-filter=D -- specs/projects")
    if checkup.examination.token is not None:
        yield from _tests(checkup)


def _tests(checkup: Checkup) -> Iterator[Finding]:
    """Which checks count on a forge that runs them; a project that could not be read says nothing of it."""
    readable = [project for project in checkup.projects if not project.trouble]
    if not readable:
        return
    if names := readable[0].tests:
        yield Finding(Level.ok, checkup.home, "tests", f"these checks pass the tests: {', '.join(names)}")
        return
    message = "no check is named in kerrigan.yml: any one that succeeds passes the tests, a lone lint or CLA status too"
    step = "name those that test the work in .github/kerrigan.yml, as pull requests show them: tests: [unit tests]"
    yield Finding(Level.warning, checkup.home, "tests", message, step)


def _project(home: str, project: ProjectHealth) -> Iterator[Finding]:
    if project.trouble:
        yield broken(home, "project", project.trouble)
        return
    yield project_finding(home, project)
    if project.unpublished:
        yield Finding(Level.warning, home, "unpublished", project.unpublished, project.publish)
    if project.rewritten:
        message = f"the journal of {project.name} was rewritten since this clone saw it"
        yield Finding(Level.problem, home, "journal", message, f"kerrigan audit verify {project.name}")
    else:
        known = "whether a rule or a hook refuses pushes to it shows only when something is written"
        message = f"kerrigan-state/{project.name} can be read, {project.events} events; {known}"
        yield Finding(Level.ok, home, "journal", message)


def _token(token: Token, here: str, repositories: int) -> Iterator[Finding]:
    set_it = "set KERRIGAN_TOKEN, GITHUB_TOKEN or GH_TOKEN"
    match token.kind:
        case "none":
            message = "no token is set: only what is public can be read, 60 times an hour, and nothing is written"
            yield Finding(Level.problem, HERE, "token", message, set_it)
        case "refused":
            message = (
                f"GitHub refuses the token in {token.variable}: it is wrong, expired or revoked. Nothing else was asked"
            )
            yield Finding(Level.problem, HERE, "token", message, set_it)
        case "unknown":
            message = f"the token in {token.variable} cannot be identified: {token.why}"
            yield Finding(Level.unknown, HERE, "token", message, "try again")
        case "user":
            yield Finding(Level.ok, HERE, "token", f"{token.variable} is {_kind(token)}; it acts as {token.login}")
        case _:
            yield _installation(token, here, repositories)


def _kind(token: Token) -> str:
    if token.scopes is None:
        return "a user's token, fine-grained or of an app"
    return f"a classic token ({', '.join(sorted(token.scopes)) or 'no scopes'})"


def _installation(token: Token, here: str, repositories: int) -> Finding:
    if token.reaches is None:
        message = f"{token.variable} is a workflow's own token or an app's; which repositories it reaches is not told"
        return Finding(Level.unknown, HERE, "token", message)
    if token.reaches > 1:
        message = f"{token.variable} is an app's token for {token.reaches} repositories; it acts as the app"
        return Finding(Level.ok, HERE, "token", message)
    message = (
        f"{token.variable} is a token for {here} alone. If it is the workflow's own, what it does starts no workflow "
        "but dispatches to itself, and pull requests that it opens wait for approval before their tests run"
    )
    level = Level.warning if repositories > 1 else Level.ok
    return Finding(level, HERE, "token", message, "docs/github.md says how to give it a token of an app or a person")
