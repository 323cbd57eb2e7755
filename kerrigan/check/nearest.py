"""What somebody probably meant."""

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from itertools import islice

LONGEST = 100
"""Characters of a word that is still worth comparing."""

ALIKE = 0.6
"""How much of a word must be that of another, as difflib measures it, for the one to be the other misspelt."""

LONG, VERY_ALIKE = 6, 0.7
"""The same for a guess at a word of so many letters and more: of these more are alike by chance."""

SHORTEST = 3
"""Letters that have to be the begin of another word for that to be meant."""

MOST = 2_000
"""How many words it is compared with: difflib takes some ten milliseconds for as many."""

_OWNER = re.compile(".*[/:]")


def nearest(word: object, known: Iterable[object], alike: float = ALIKE) -> str | None:
    """The known word that is most like this one, where one is alike: by `alike` of its letters, 1 being all."""
    if not isinstance(word, str) or len(word) > LONGEST:
        return None
    some = [str(k) for k in islice(known, MOST)]
    return next(iter(get_close_matches(word, some, n=1, cutoff=alike)), None)


def did_you_mean(word: object, known: Iterable[object]) -> str:
    """`did you mean …?`, or nothing: a wrong guess is worse than none."""
    some = [str(k) for k in islice(known, MOST)]
    found = _guess(word, some) if isinstance(word, str) else None
    return f"did you mean '{found}'?" if found else ""


def _guess(word: str, known: Sequence[str]) -> str | None:
    """The known word that this one begins, or else is most like; words of one owner are alike in what follows it."""
    owner = _OWNER.match(word)
    its = [k[owner.end() :] for k in known if k.startswith(owner[0])] if owner else []
    if owner and its:
        found = _guess(word[owner.end() :], its)
        return found and f"{owner[0]}{found}"
    begun = [k for k in known if len(word) >= SHORTEST and k.startswith(word)]
    return begun[0] if len(begun) == 1 else nearest(word, known, ALIKE if len(word) < LONG else VERY_ALIKE)
