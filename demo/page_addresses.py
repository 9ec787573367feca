"""Where the control room's page is: for the teacher, and in a lecture for the students."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from experiment.errors import UsageError
from experiment.services import CONTROL_ROOM, HOST, urls

ANY_HOST = "0.0.0.0"  # noqa: S104 - only if the user asks for it


class PageAddresses(NamedTuple):
    """The page's addresses; the teacher's one has the token, which a browser does not send by itself."""

    of_teacher: str
    of_students: Sequence[str] = ()


def page_addresses(settings: Mapping[str, str], engine: str = "local") -> PageAddresses:
    """Return where the page will be.

    Raises:
        UsageError: LISTEN_HOST lets other machines in, and a setting that this needs is missing.
    """
    page = urls([CONTROL_ROOM], settings)[CONTROL_ROOM]
    token = settings.get("CONTROL_ROOM_TOKEN")
    of_teacher = f"{page}/#token={token}" if token else page
    host = settings.get("LISTEN_HOST") or HOST
    if host == HOST:
        return PageAddresses(of_teacher)
    if engine != "local":
        raise UsageError(f"LISTEN_HOST={host}: containers are published on {HOST} only; leave out --engine {engine}")
    names = [name.strip() for name in settings.get("CONTROL_ROOM_HOSTS", "").split(",") if name.strip()]
    if host != ANY_HOST or not names or not token:
        raise UsageError(
            f"LISTEN_HOST={host} needs more: LISTEN_HOST={ANY_HOST} CONTROL_ROOM_HOSTS=<name or address that the "
            "students type> CONTROL_ROOM_TOKEN=<a secret of yours> python3 run_demo.py live"
        )
    return PageAddresses(of_teacher, [page.replace(HOST, name) for name in names])
