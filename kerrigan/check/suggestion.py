"""What someone probably meant."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import cached_property, lru_cache
from itertools import islice, pairwise, takewhile

LONGEST = 100
"""Characters of a word that is still worth comparing."""

ALIKE = 0.6
"""How much of a word must be that of another, as difflib measures it, for the one to be the other misspelt."""

LONG, VERY_ALIKE = 6, 0.7
"""The same for a guess at a word of so many letters and more: of these more are alike by chance."""

SHORTEST = 3
"""Letters that have to be the begin of another word for that to be meant."""

MOST = 2_000
"""How many words are looked at."""

FEW, BEST, COMMON = 50, 10, 100
"""A word is compared with FEW others; of more with the BEST, by the pairs of letters that it shares with them, where a
pair counts that no more than COMMON of them have. difflib takes a hundredth of a second for a thousand."""

SHOWN = 20
"""How many words a message lists: each finding has its own."""

_OWNER = re.compile(".*[/:]")


class _Words:
    """Words that another may mean, ready for many questions."""

    def __init__(self, words: tuple[str, ...]) -> None:
        self.words = words
        self._owned: dict[str, _Words] = {}

    def owned(self, owner: str) -> "_Words":
        """Those that begin with an owner, without it."""
        if owner not in self._owned:
            self._owned[owner] = _Words(tuple(word[len(owner) :] for word in self.beginning(owner)))
        return self._owned[owner]

    def beginning(self, begin: str) -> Iterator[str]:
        """Those that begin so, in order."""
        at = bisect_left(self._in_order, begin)
        return takewhile(lambda word: word.startswith(begin), islice(self._in_order, at, None))

    def like(self, word: str) -> Sequence[str]:
        """Those that are worth comparing with a word."""
        if len(self.words) <= FEW:
            return self.words
        shared = Counter(number for pair in set(_pairs(word)) for number in self._by_pair.get(pair, ()))
        return [self.words[number] for number, _ in shared.most_common(BEST)]

    @cached_property
    def _in_order(self) -> Sequence[str]:
        return sorted(self.words)

    @cached_property
    def _by_pair(self) -> Mapping[str, Sequence[int]]:
        index: dict[str, list[int]] = {}
        for number, word in enumerate(self.words):
            for pair in set(_pairs(word)):
                index.setdefault(pair, []).append(number)
        return {pair: numbers for pair, numbers in index.items() if len(numbers) <= COMMON}


def _pairs(word: str) -> Iterator[str]:
    return map("".join, pairwise(f"^{word}$"))


@lru_cache(maxsize=8)
def _words(known: tuple[object, ...]) -> _Words:
    return _Words(tuple(map(str, known)))


def nearest(word: object, known: Iterable[object], alike: float = ALIKE) -> str | None:
    """The known word that is most like this one, where one is alike: by `alike` of its letters, 1 being all."""
    return _nearest(word, _words(tuple(islice(known, MOST))), alike) if isinstance(word, str) else None


def longer(word: str, known: Iterable[object]) -> Iterator[str]:
    """The known words that begin with this one, in order."""
    return _words(tuple(islice(known, MOST))).beginning(word)


def did_you_mean(word: object, known: Iterable[object]) -> str:
    """`did you mean …?`, or nothing: a wrong guess is worse than none."""
    found = _guess(word, _words(tuple(islice(known, MOST)))) if isinstance(word, str) else None
    return f"did you mean '{found}'?" if found else ""


def _nearest(word: str, known: _Words, alike: float) -> str | None:
    if len(word) > LONGEST:
        return None
    return next(iter(get_close_matches(word, known.like(word), n=1, cutoff=alike)), None)


def _guess(word: str, known: _Words) -> str | None:
    """The known word that this one begins, or else is most like; words of one owner are alike in what follows it."""
    owner = _OWNER.match(word)
    if owner and known.owned(owner[0]).words:
        found = _guess(word[owner.end() :], known.owned(owner[0]))
        return found and f"{owner[0]}{found}"
    begun = list(islice(known.beginning(word), 2)) if len(word) >= SHORTEST else []
    return begun[0] if len(begun) == 1 else _nearest(word, known, ALIKE if len(word) < LONG else VERY_ALIKE)


def listed(words: Collection[object], between: str = ", ", show: Callable[[object], str] = str) -> str:
    """Words as a message lists them: some of them, and how many more there are."""
    more = [f"{len(words) - SHOWN:,} more"] if len(words) > SHOWN else []
    return between.join([*map(show, islice(words, SHOWN)), *more])
