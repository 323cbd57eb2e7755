"""JSON Schemas of every dialect, and values to ask them about, made at random from a seed: ten thousand a second."""

from collections.abc import Callable
from random import Random
from typing import Any

NAMES = ("a", "b", "1", "é", "x y")
TEXTS = (
    "", "a", "ab", "b", "é", "\uff11", "1", "a\n", "b\u2028", "2026-01-01", "2026-13-01", "2026-01-01T06:00:00Z",
    "06:00:00Z", "P3D", "a@b.c", "192.168.0.1", "::1", "http://x.y", "example.com", "(", "/a", "19.99",
    "12345678-1234-5678-1234-567812345678",
)  # fmt: skip
NUMBERS = (0, 1, 2, -1, 1.0, 1.5, 0.1, 0.3, 19.99, -0.0, 2**53 + 1, 10**20, 10**40, -(10**299), 1e-7, 1e300)
PATTERNS = ("^a", "b$", "^[a-z]+$", r"\d", "^.$", r"\w", "é", r"^\S*$", "^$", r"\bb", "^(?!a)", r"\p{L}", "(a)\\1")
FORMATS = (
    "date", "time", "date-time", "duration", "email", "hostname", "ipv4", "ipv6", "uri", "uri-reference", "uuid",
    "regex", "json-pointer", "unheard-of",
)  # fmt: skip
TYPES = ("integer", "number", "string", "null", "object", "array", "boolean")
SIZES = (0, 1, 2, 1.0)
LIMITS = (0, 1, 1.5, 19.99, 2**53, 10**20)
STEPS = (0.01, 0.1, 1, 1.5, 3, 1e-7, 10**20)


class Maker:
    """Makes schemas of one dialect. Few of them are refused by it; whether one is, the validators say."""

    def __init__(self, dialect: str, seed: int) -> None:
        self._random = Random(f"{dialect} {seed}")
        self._has_booleans = dialect != "Draft4Validator"
        self._has_listed_items = dialect != "Draft202012Validator"
        self._keywords = sorted(self._about_values() | self._about_parts())

    def schema(self) -> dict[str, Any]:
        """A schema, with two that it may refer to."""
        some = {**self._rule(3), "$defs": {"x": self._below(2), "y": self._below(1)}}
        if self._random.random() < 0.3:
            some["$ref"] = self._of(("#/$defs/x", "#/$defs/y"))
        return some

    def value(self, depth: int = 3) -> Any:
        """A value of JSON's types."""
        kind = self._random.random()
        if depth == 0 or kind < 0.5:
            return self._of((None, True, False, *NUMBERS, *TEXTS))
        if kind < 0.75:
            return [self.value(depth - 1) for _ in range(self._random.randint(0, 3))]
        return {name: self.value(depth - 1) for name in self._some(NAMES, 0, 3)}

    def _of(self, several: Any) -> Any:
        return self._random.choice(several)

    def _some(self, several: Any, least: int = 1, most: int = 2) -> list[Any]:
        return self._random.sample(several, self._random.randint(least, most))

    def _below(self, depth: int) -> Any:
        if self._has_booleans and self._random.random() < 0.15:
            return self._of((True, False))
        return self._rule(depth)

    def _rule(self, depth: int) -> dict[str, Any]:
        keywords = self._some(self._keywords, 0, 3)
        makers = self._about_values() | (self._about_parts(depth - 1) if depth else {})
        return {name: makers[name]() for name in keywords if name in makers}

    def _about_values(self) -> dict[str, Callable[[], Any]]:
        return {
            "type": lambda: self._of((self._of(TYPES), self._some(TYPES))),
            "enum": lambda: [self.value(1)],
            "const": lambda: self.value(1),
            "multipleOf": lambda: self._of(STEPS),
            **dict.fromkeys(("minimum", "maximum"), lambda: self._of(LIMITS)),
            **dict.fromkeys(("exclusiveMinimum", "exclusiveMaximum"), lambda: self._of(LIMITS)),
            **dict.fromkeys(("minLength", "maxLength", "minItems", "maxItems"), lambda: self._of(SIZES)),
            **dict.fromkeys(("minProperties", "maxProperties", "minContains", "maxContains"), lambda: self._of(SIZES)),
            "pattern": lambda: self._of(PATTERNS),
            "format": lambda: self._of(FORMATS),
            "uniqueItems": lambda: self._of((True, True, False)),
            "required": lambda: self._some(NAMES),
            "dependentRequired": lambda: {self._of(NAMES): self._some(NAMES)},
        }

    def _about_parts(self, depth: int = 0) -> dict[str, Callable[[], Any]]:
        def below() -> Any:
            return self._below(depth)

        def some() -> list[Any]:
            return [below() for _ in range(self._random.randint(1, 3))]

        def named() -> dict[str, Any]:
            return {name: below() for name in self._some(NAMES, 0, 3)}

        def closed() -> Any:
            return below() if self._random.random() < 0.3 else False

        return {
            **dict.fromkeys(("allOf", "anyOf", "oneOf", "prefixItems"), some),
            **dict.fromkeys(("not", "if", "then", "else", "contains", "propertyNames"), below),
            **dict.fromkeys(("properties", "dependentSchemas"), named),
            **dict.fromkeys(("additionalProperties", "additionalItems"), closed),
            **dict.fromkeys(("unevaluatedProperties", "unevaluatedItems"), closed),
            "patternProperties": lambda: {pattern: below() for pattern in self._some(PATTERNS)},
            "items": lambda: some() if self._has_listed_items and self._random.random() < 0.5 else below(),
            "dependencies": lambda: {self._of(NAMES): self._of((below(), self._some(NAMES)))},
            "definitions": named,
        }
