"""Visitors of a gateway who try nothing twice; Locust's client sends a request again when its connection breaks.

A script for `python -c`, in a container without our packages: the gateway's name and port, then end of input to stop.
It prints how often each kind of connection got each answer.
"""

import json
import random
import sys
import threading
from collections import Counter
from http.client import HTTPConnection, HTTPException

VISITORS_OF_A_KIND = 5
PAUSE_S = (0.1, 0.3)  # shorter than a stopping service keeps an idle connection open


def visit(kind: str, gateway: str, port: int, seen: Counter[str], over: threading.Event) -> None:
    """Ask for one page after the other, on one connection or on new ones."""
    connection = HTTPConnection(gateway, port, timeout=60)
    while not over.wait(random.uniform(*PAUSE_S)):  # noqa: S311 - no secret
        seen[f"{kind}: {answer(connection)}"] += 1
        if kind == "new":
            connection.close()


def answer(connection: HTTPConnection) -> str:
    """Return the status of a page, or what went wrong."""
    try:
        connection.request("GET", "/product-details/1")
        response = connection.getresponse()
        response.read()
    except (OSError, HTTPException) as error:
        connection.close()
        return repr(error)
    return str(response.status)


def main(gateway: str, port: str) -> None:
    """Let the visitors go until the input ends."""
    over = threading.Event()
    counts: list[Counter[str]] = []
    threads = []
    for kind in ["kept", "new"] * VISITORS_OF_A_KIND:
        counts.append(Counter())
        threads.append(threading.Thread(target=visit, args=(kind, gateway, int(port), counts[-1], over)))
        threads[-1].start()
    sys.stdin.read()
    over.set()
    for thread in threads:
        thread.join()
    print(json.dumps(sum(counts, Counter())))


if __name__ == "__main__":
    main(*sys.argv[1:])
