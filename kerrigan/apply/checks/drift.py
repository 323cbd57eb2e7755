"""The journals that the files of a folder are compared with: those on its repository's remote."""

from collections.abc import Mapping

from kerrigan.apply.state.site import Site
from kerrigan.apply.state.stage import folded, home_of
from kerrigan.git.journal.journals import contents_of, tips_of
from kerrigan.model.state import State


def journals(site: Site) -> Mapping[str, State]:
    """What each journal of the home repository says, by project.

    Raises UndecidedError where the remote does not answer, UnreadableError for a journal that does not hold.
    """
    home = site.address(home_of(site))
    found = contents_of(site.clone, home, tips_of(site.clone, home))
    return {project: folded(journal.state, journal.lines) for project, journal in found.items()}
