"""What the packages of the images are: their SBOM, their licences, and what is known against them."""

import http.server
import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from support.demo import ROOT

ADVISORY = {
    "id": "GHSA-xxxx",
    "affected": [
        {
            "package": {"name": "flask", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "99.1"}]}],
        }
    ],
}


def run(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run one of the scripts in requirements/ to its end."""
    command = [sys.executable, str(ROOT / "requirements" / script), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=200, check=False)  # noqa: S603 - our own


@pytest.mark.slow
def test_sbom_names_what_the_image_installs(tmp_path: Path) -> None:
    """The SBOM of an image has each package of its lock with version and hashes, no other platform's, no test tool."""
    assert run("sbom.py", str(tmp_path)).returncode == 0
    names = {}
    for path in tmp_path.glob("*.cdx.json"):
        components = json.loads(path.read_text())["components"]
        names[path.name.removesuffix(".cdx.json")] = {component["name"] for component in components}
        assert all(component["externalReferences"][0]["hashes"] for component in components)
    assert names["api-gateway-v2"] - names["api-gateway-v1"] == {"pybreaker"}
    assert "locust" in names["load"]
    assert not {"pytest", "colorama", "pip"} & set.union(*names.values())


@pytest.mark.slow
def test_sbom_is_the_same_each_time(tmp_path: Path) -> None:
    """Two SBOMs of the same locks have the same bytes."""
    written = []
    for folder in (tmp_path / "one", tmp_path / "other"):
        run("sbom.py", str(folder)).check_returncode()
        written.append({path.name: path.read_bytes() for path in folder.iterdir()})
    assert written[0] == written[1]
    assert len(written[0]) == 6


def test_sbom_says_where_it_cannot_be(tmp_path: Path) -> None:
    """A folder that cannot be made is named in one line."""
    (tmp_path / "file").write_text("")
    done = run("sbom.py", str(tmp_path / "file" / "sbom"))
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)


def test_licences_are_listed_as_the_packages_state_them() -> None:
    """docs/licences.md has the version and the licence of each package that is installed, and none is unknown."""
    program = "import json, licences; print(json.dumps(licences.rows()))"
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=ROOT / "requirements", capture_output=True, text=True, timeout=100, check=True)  # noqa: S603 - our own
    rows = json.loads(done.stdout)
    page = (ROOT / "docs" / "licences.md").read_text(encoding="utf-8")
    stale = [row for row in rows.values() if row not in page.splitlines()]
    assert len(rows) > 40
    assert stale == [], "run: .venv/bin/python requirements/licences.py"
    assert "UNKNOWN" not in page
    assert "GPL" not in page


@contextmanager
def database(answer: dict[str, object]) -> Iterator[str]:
    """Serve a database of advisories that answers every question about flask alike, and knows no other package."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            known = answer if asked["package"]["name"] == "flask" else {}
            body = json.dumps(known).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("answer", "status", "said"),
    [({}, 0, " 0 advisories"), ({"vulns": [ADVISORY]}, 1, "GHSA-xxxx, fixed in 99.1\n")],
    ids=["none", "one"],
)
def test_advisories_of_the_database_are_told(answer: dict[str, object], status: int, said: str) -> None:
    """With a copy of the database, the check needs no network; it fails where the database knows an advisory."""
    with database(answer) as url:
        done = run("audit.py", "--osv-url", url)
    assert done.returncode == status, done.stderr
    assert said in done.stdout


def test_says_that_it_could_not_look(free_ports: Callable[[int], list[int]]) -> None:
    """Without an answer from the database, the check says so in one line, and has neither passed nor failed."""
    done = run("audit.py", "--osv-url", f"http://127.0.0.1:{free_ports(1)[0]}/")
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith("could not look for advisories: ")
    assert done.stderr.count("\n") == 1
