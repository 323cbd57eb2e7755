"""Text inside of GitHub's Markdown: what someone wrote stays what it is, whatever it looks like."""


def code(text: str) -> str:
    """A code span that holds the text on one line: nothing in it is a link, a mention or a command."""
    plain = " ".join(text.split())
    runs = "".join(character if character == "`" else " " for character in plain).split()
    fence = "`" * (max(map(len, runs), default=0) + 1)
    return f"{fence} {plain} {fence}"
