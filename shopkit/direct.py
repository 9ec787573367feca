"""HTTP sessions that ignore the environment's proxies and credentials: services are always asked directly."""

import requests


def direct_session() -> requests.Session:
    """Return a session for requests to a service of the shop."""
    session = requests.Session()
    session.trust_env = False
    return session
