"""The environment of docker's commands."""

from demo.engines.compose import environment


def test_which_daemon_is_the_users_choice_and_which_stack_is_not() -> None:
    """Docker gets the user's daemon, project name and proxies, but no other Compose file, profile or platform."""
    kept = {"DOCKER_HOST": "ssh://far", "COMPOSE_PROJECT_NAME": "mine", "HTTPS_PROXY": "http://proxy:3128"}
    others = {"COMPOSE_FILE": "other.yml", "COMPOSE_PROFILES": "all", "DOCKER_DEFAULT_PLATFORM": "linux/amd64"}
    assert environment({**kept, **others}) == kept
