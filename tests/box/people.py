"""What a user may do in a repository, in the API's words."""

from tests.box.identities import LEGACY, Identities
from tests.box.messages import Answer, said
from tests.box.routes import Call, Route


class People:
    """Answers from the table of roles."""

    def __init__(self, who: Identities) -> None:
        self._who = who

    def routes(self) -> list[Route]:
        """What is answered here."""
        return [Route("GET", "/collaborators/([^/]+)/permission", "metadata", "read", self._permission)]

    def _permission(self, call: Call) -> Answer:
        login = call.words[0]
        if login not in self._who.users:
            return said(404, f"{login} is not a user")
        role = self._who.role(login, call.repo.slug)
        shown = {"permission": LEGACY.get(role, role), "role_name": role, "user": {"login": login, "type": "User"}}
        return Answer(200, shown)
