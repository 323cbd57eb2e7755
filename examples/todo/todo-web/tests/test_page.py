"""What is there has to be right; what is not there yet is not looked at."""

import unittest
from pathlib import Path

ROOT = Path(__file__).parent.parent


class Page(unittest.TestCase):
    """The page that shows the list."""

    def test_page(self) -> None:
        """The page asks for the list."""
        path = ROOT / "index.html"
        if path.exists():
            self.assertIn("/todos", path.read_text())

    def test_notes(self) -> None:
        """The notes are about something."""
        path = ROOT / "NOTES.md"
        if path.exists():
            self.assertTrue(path.read_text().startswith("# "))


if __name__ == "__main__":
    unittest.main()
