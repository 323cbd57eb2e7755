"""What somebody probably meant."""

from collections.abc import Iterable
from difflib import get_close_matches
from itertools import islice

LONGEST = 100
"""Characters of a word that is still worth comparing."""

ALIKE = 0.6
"""How much of a word must be that of another, as difflib measures it, for the one to be the other misspelt."""

MOST = 2_000
"""How many words it is compared with: difflib takes some ten milliseconds for as many."""


def nearest(word: object, known: Iterable[object], alike: float = ALIKE) -> str | None:
    """The known word that is most like this one, where one is alike: by `alike` of its letters, 1 being all."""
    if not isinstance(word, str) or len(word) > LONGEST:
        return None
    some = [str(k) for k in islice(known, MOST)]
    return next(iter(get_close_matches(word, some, n=1, cutoff=alike)), None)


def did_you_mean(word: object, known: Iterable[object]) -> str:
    """`did you mean …?`, or nothing."""
    found = nearest(word, known)
    return f"did you mean '{found}'?" if found else ""
