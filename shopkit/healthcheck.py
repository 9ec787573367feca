"""`python -m shopkit.healthcheck PORT`, for container engines: exit with 0 when the service is ready, else 1."""

import http.client
import sys


def main(port: str) -> int:
    """Ask /ready on this machine; return the exit status."""
    connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=2)
    try:
        connection.request("GET", "/ready", headers={"X-Request-ID": "healthcheck"})
        return 0 if connection.getresponse().status == http.client.OK else 1
    except OSError:
        return 1
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
