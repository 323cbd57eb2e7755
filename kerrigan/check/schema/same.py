"""A key for what was found out about a part of a schema: a list of thousands is not compared to be found again."""


class Same:
    """A value that is the same as itself, and as no other."""

    def __init__(self, value: object) -> None:
        self.value = value

    def __hash__(self) -> int:
        return id(self.value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and other.value is self.value
