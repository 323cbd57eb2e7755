"""One pull request of the local forge: the file `pulls/<number>.json`, and what the branches have made of it since."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace

from kerrigan.local.branches import Branches
from kerrigan.local.store import Store, damaged
from kerrigan.model.forge.facts import PullRequest


@dataclass(frozen=True, slots=True)
class Pull:
    """What the file holds. `base` is where the branch began (empty: nowhere), `head` its last known tip.

    `merged_as` is the commit that brought it to the default branch, empty until then; `comments` are Kerrigan's own,
    by marker.
    """

    number: int
    branch: str
    author: str
    title: str
    body: str
    base: str
    head: str
    labels: tuple[str, ...] = ()
    merged_as: str = ""
    merged_by: str = ""
    comments: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, store: Store, number: int) -> "Pull | None":
        """The record of a number. Raises UnreadableError for a file that is damaged."""
        raw = store.read(_file(number))
        if raw is None:
            return None
        labels = raw.get("labels", [])
        try:
            pull = cls(**raw | {"number": number, "labels": tuple(labels)})
        except TypeError as error:
            raise damaged(store.folder / _file(number), error) from error
        texts = [value for key, value in raw.items() if key not in {"number", "labels", "comments"}]
        if (
            not isinstance(raw.get("comments", {}), dict)
            or not isinstance(labels, list)
            or not all(isinstance(text, str) for text in texts + labels)
        ):
            raise damaged(store.folder / _file(number), "expected text everywhere but in 'number'")
        return pull

    def write(self, store: Store) -> None:
        """Replace the file. The caller holds the store's lock."""
        store.write(_file(self.number), asdict(self))

    def seen(self, branches: Branches) -> "Pull":
        """The record as it stands now: the head follows the branch, and what the default branch holds is merged.

        No one has to report a merge by hand. A branch that is back where it began brought nothing.
        """
        if self.merged_as:
            return self
        head = branches.tips.get(self.branch) or self.head
        merged = branches.delivered(head) if head != self.base else None
        return replace(self, head=head, merged_as=merged or "")

    def public(self, slug: str, branches: Branches) -> PullRequest:
        """The pull request as every forge tells it."""
        return PullRequest(
            repository=slug,
            number=self.number,
            branch=self.branch,
            head=self.head,
            author=self.author,
            title=self.title,
            merged=bool(self.merged_as),
            open=not self.merged_as and self.branch in branches.tips,
            labels=self.labels,
            body=self.body,
            by_member=True,
        )


def _file(number: int) -> str:
    return f"pulls/{number}.json"
