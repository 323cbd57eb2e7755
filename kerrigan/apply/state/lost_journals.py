"""Journals whose project is gone from the default branch: its tasks are at work, and nothing can be asked of them."""

from collections.abc import Collection, Iterator

from kerrigan.apply.state.site import Site
from kerrigan.apply.state.stage import folded
from kerrigan.errors import KerriganError
from kerrigan.git.journal.journals import contents_of, tips_of
from kerrigan.git.journal.snapshot import JournalSnapshot
from kerrigan.model.state import AT_REST


def lost_journals(site: Site, home: str, names: Collection[str]) -> Iterator[str]:
    """What to say of each journal of home with tasks at work that belongs to none of these projects."""
    url = site.address(home)
    try:
        tips = {project: tip for project, tip in tips_of(site.clone, url).items() if project not in names}
        found = contents_of(site.clone, url, tips)
    except KerriganError as error:
        yield f"whether a journal has lost its project is not known: {error.message}"
        return
    yield from (said for project, journal in found.items() if (said := _said(project, journal)))


def _said(project: str, journal: JournalSnapshot) -> str:
    branch = f"kerrigan-state/{project}"
    step = f"put the folder of {project} back, or give it this name again"
    try:
        tasks = folded(journal.state, journal.lines).tasks
    except KerriganError as error:
        return f"the journal {branch} has no project on the default branch, and cannot be read: {error.message}"
    at_work = sorted(task for task, standing in tasks.items() if standing.status not in AT_REST)
    if not at_work:
        return ""
    named = ", ".join(f"{task} ({tasks[task].status})" for task in at_work[:3])
    more = f" and {len(at_work) - 3} more" if at_work[3:] else ""
    return f"the journal {branch} has tasks at work and no project on the default branch: {named}{more}; {step}"
