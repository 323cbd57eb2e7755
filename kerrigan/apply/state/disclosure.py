"""Who can read which repository, asked once a run, and what may be told there."""

from kerrigan.apply.state.forge import Forge
from kerrigan.decide.disclosure import is_told
from kerrigan.errors import KerriganError
from kerrigan.model.visibility import Visibility


class Disclosure:
    """Answers of one run, and the home repositories that it has read. A repository's own readers may know all of it."""

    def __init__(self, forge: Forge) -> None:
        self._forge = forge
        self._known: dict[str, Visibility | None] = {}
        self._read: set[str] = set()

    def may_tell(self, reader: str, source: str) -> bool:
        """Whether readers of one repository may be told what stands in another."""
        if reader.casefold() == source.casefold():
            return True
        return is_told(self.visibility(reader), self.visibility(source))

    def note(self, home: str) -> None:
        """Note that what this run prints may be of a home repository."""
        self._read.add(home)

    def withheld_from(self, reader: str) -> str | None:
        """A home repository that was read, and that is not for this one's readers; None where there is none."""
        return next((home for home in sorted(self._read) if not self.may_tell(reader, home)), None)

    def knows(self, slug: str) -> bool:
        """Whether it was asked for already who can read a repository."""
        return slug.casefold() in self._known

    def visibility(self, slug: str) -> Visibility | None:
        """Who can read a repository; None where that could not be looked up."""
        if slug.casefold() not in self._known:
            try:
                self._known[slug.casefold()] = self._forge.visibility(slug)
            except KerriganError:
                self._known[slug.casefold()] = None
        return self._known[slug.casefold()]
