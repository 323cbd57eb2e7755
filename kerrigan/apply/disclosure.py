"""Who can read which repository, asked once a run, and what may be told there."""

from kerrigan.apply.forge import Forge
from kerrigan.decide.disclosure import is_told
from kerrigan.errors import KerriganError
from kerrigan.model.visibility import Visibility


class Disclosure:
    """Answers of one run. Nothing is asked about a repository's own readers."""

    def __init__(self, forge: Forge) -> None:
        self._forge = forge
        self._known: dict[str, Visibility | None] = {}

    def may_tell(self, reader: str, source: str) -> bool:
        """Whether readers of one repository may be told what stands in another."""
        if reader.casefold() == source.casefold():
            return True
        return is_told(self.visibility(reader), self.visibility(source))

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
