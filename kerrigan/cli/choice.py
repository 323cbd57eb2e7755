"""One word out of a few, and the one that was probably meant where it is none of them."""

from typing import Any

import click


class Choice(click.Choice[str]):
    """A `click.Choice` that suggests."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The word. Raises BadParameter, with a suggestion where there is one."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            from kerrigan.check.suggestion import did_you_mean  # imported late: start-up is a feature

            if meant := did_you_mean(value, self.choices):
                self.fail(f"'{value[:80]}' is not known; {meant}", param, ctx)
            raise
