"""Set-ups of real virtual environments, with one small package from a folder instead of an index."""

import hashlib
import os
import zipfile
from pathlib import Path

import pytest

from demo.virtual_environment import VirtualEnvironment
from experiment.errors import EnvironmentProblem

WHEEL = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
HOSTILE = {
    "PIP_USER": "1",
    "PIP_TARGET": "/elsewhere",
    "PIP_DRY_RUN": "1",
    "PIP_CONSTRAINT": "/no/such/file",
    "PIP_REQUIRE_VIRTUALENV": "perhaps",
    "PYTHONHOME": "/no/such/python",
    "PYTHONWARNINGS": "error",
}


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    """Return the lock of one package, whose wheel is beside it."""
    wheel = tmp_path / "small-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as file:
        file.writestr("small.py", "")
        file.writestr("small-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: small\nVersion: 1.0\n")
        file.writestr("small-1.0.dist-info/WHEEL", WHEEL)
        file.writestr("small-1.0.dist-info/RECORD", "")
    lock = tmp_path / "small.txt"
    lock.write_text(f"small==1.0 \\\n    --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n")
    return lock


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    """Return a file with pip's settings: where packages come from, and that they go elsewhere."""
    settings = tmp_path / "pip.conf"
    settings.write_text(f"[global]\nno-index = true\n[install]\nfind-links = {tmp_path}\nprefix = /elsewhere\n")
    return settings


@pytest.fixture
def broken(tmp_path: Path) -> VirtualEnvironment:
    """Return an environment that a system's Python has left behind when it was upgraded."""
    venv = VirtualEnvironment(tmp_path / ".venv")
    (venv.folder / "lib" / "python3.2").mkdir(parents=True)
    venv.python.parent.mkdir()
    venv.python.symlink_to("python3")
    venv.python.with_name("python3").symlink_to("/usr/bin/no-such-python3")
    return venv


@pytest.mark.slow
def test_rebuilds_and_survives_the_settings_of_pip(broken: VirtualEnvironment, lock: Path, settings: Path) -> None:
    """A broken environment is made anew, and of the user's settings only those count that say where packages are.

    A wrong hash then fails with the cause and the place of pip's output, and the next set-up begins anew.
    """
    environment = {"PATH": os.environ["PATH"], **HOSTILE, "PIP_CONFIG_FILE": str(settings)}
    broken.install(lock, environment=environment)
    assert (broken.site_packages / "small.py").exists()
    assert not (broken.folder / "lib" / "python3.2").exists()

    lock.write_text(lock.read_text().replace("sha256:", "sha256:0000")[:-5] + "\n")
    (broken.site_packages / "small-1.0.dist-info" / "METADATA").write_text("Name: small\nVersion: 0.9\n")
    with pytest.raises(EnvironmentProblem) as failed:
        broken.install(lock, environment=environment)
    assert "small==1.0 does not have the hash in its lock" in str(failed.value)
    assert str(broken.folder / "setup.log") in str(failed.value)
    assert "Expected sha256 0000" in (broken.folder / "setup.log").read_text()
    assert (broken.folder / "unfinished").exists()


def test_says_what_pip_did_not_install(broken: VirtualEnvironment, lock: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pip that ends well without having installed a package is not believed."""
    monkeypatch.setattr(broken, "_run", lambda *_: None)
    monkeypatch.setattr(broken, "_sources", lambda *_: {})
    with pytest.raises(EnvironmentProblem, match=r"pip did not install small in \.venv"):
        broken.install(lock, environment={})
    assert (broken.folder / "unfinished").exists()


@pytest.mark.parametrize("kind", ["file", "dangling link"])
def test_folder_of_that_name(tmp_path: Path, kind: str) -> None:
    """A link to nothing is replaced by a folder; a file is the user's, and named."""
    venv = VirtualEnvironment(tmp_path / ".venv")
    if kind == "dangling link":
        venv.folder.symlink_to("nowhere")
        venv.make_folder()
        assert venv.folder.is_dir()
    else:
        venv.folder.touch()
        with pytest.raises(EnvironmentProblem, match=r"\.venv is not a folder; rename it"):
            venv.make_folder()
