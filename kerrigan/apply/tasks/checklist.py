"""What a role has to leave behind before it hands off, as one comment on the task's pull request."""

from kerrigan.apply.state.site import Site
from kerrigan.apply.state.stage import Stage
from kerrigan.apply.tasks.facts import find_pull_request
from kerrigan.decide.situation import owed
from kerrigan.errors import KerriganError
from kerrigan.model.project import Task
from kerrigan.report.markdown import code

MARKER = "hand-off"


def post_checklist(site: Site, stage: Stage, task: Task) -> None:
    """Say on the pull request which files of the role that hands off are there; nothing where it owes none.

    Nothing, either, where more people can read it than what the home repository asks of a role.
    """
    role = stage.state.task(task.id).role or task.role
    slug = stage.project.slug(task)
    if not stage.workspace.produces.get(role) or not slug:
        return
    try:
        found = find_pull_request(site, slug, task.branch)
        if found and site.disclosure.may_tell(slug, stage.project.home):
            files = site.forge.files(slug, task.branch)
            boxes = [f"- [{'x' if there else ' '}] {code(path)}" for path, there in owed(stage.workspace, role, files)]
            words = f"{code(role)} leaves behind for {code(task.id)}:"
            site.forge.tell(slug, found.number, MARKER, "\n".join([words, "", *boxes]))
    except KerriganError as error:
        site.say(f"no checklist in {slug}: {error.message}")
