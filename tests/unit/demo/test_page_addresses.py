"""Where `live` shows the control room."""

import pytest

from demo.engines.local import listen_host
from demo.page_addresses import page_addresses
from experiment.errors import UsageError
from experiment.services import CONTROL_ROOM, LIVE

LECTURE = {
    "LISTEN_HOST": "0.0.0.0",  # noqa: S104 - what a teacher sets
    "CONTROL_ROOM_HOSTS": "lecture.example, 192.0.2.7",
    "CONTROL_ROOM_TOKEN": "choose-one",
    "CONTROL_ROOM_PORT": "9000",
}


def test_page_is_for_this_machine_alone_by_default() -> None:
    """Without settings the page has one address, on the loopback."""
    assert page_addresses({"CONTROL_ROOM_PORT": "9000"}) == ("http://127.0.0.1:9000", ())


def test_students_and_teacher_get_their_addresses() -> None:
    """In a lecture the students' addresses have the names that were given; the teacher's has the token."""
    assert page_addresses(LECTURE) == (
        "http://127.0.0.1:9000/#token=choose-one",
        ["http://lecture.example:9000", "http://192.0.2.7:9000"],
    )


@pytest.mark.parametrize(
    "wrong", [{"CONTROL_ROOM_TOKEN": ""}, {"CONTROL_ROOM_HOSTS": " ,"}, {"LISTEN_HOST": "192.0.2.7"}]
)
def test_incomplete_settings_are_refused_with_the_whole_line(wrong: dict[str, str]) -> None:
    """Without a token or a name, or on one address only, the error says what to type."""
    with pytest.raises(UsageError, match=r"CONTROL_ROOM_HOSTS=.* CONTROL_ROOM_TOKEN=.* python3 run_demo.py live"):
        page_addresses(LECTURE | wrong)


def test_containers_are_not_published() -> None:
    """With Docker the settings of a lecture are refused, because they would have no effect."""
    with pytest.raises(UsageError, match="leave out --engine docker"):
        page_addresses(LECTURE, "docker")


def test_only_the_control_room_is_published() -> None:
    """Every other service stays on the loopback."""
    hosts = {service: listen_host(service, LECTURE) for service in LIVE}
    assert hosts.pop(CONTROL_ROOM) == LECTURE["LISTEN_HOST"]
    assert set(hosts.values()) == {"127.0.0.1"}
