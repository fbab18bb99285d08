"""A token in software (SoftHSM), new for each test, and the module that speaks to it.

SoftHSM reads where its tokens lie when it is started, and Python keeps it started: so it is started again for each.
"""

from pathlib import Path

import pytest

from tests.sim.foreign_programs import run_program

MODULE = Path("/usr/lib/softhsm/libsofthsm2.so")
PIN = "1234"


def new_token(folder: Path, label: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A token of this label with nothing in it, the only one there is; skips where SoftHSM is absent."""
    pkcs11 = pytest.importorskip("pkcs11", reason="no python-pkcs11: the extra pkcs11")
    if not MODULE.exists():
        pytest.skip("no SoftHSM: Debian package softhsm2")
    (folder / "tokens").mkdir()
    configuration = folder / "softhsm2.conf"
    configuration.write_text(f"directories.tokendir = {folder / 'tokens'}\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(configuration))
    words = ("--init-token", "--free", "--label", label, "--pin", PIN, "--so-pin", "56789")
    run_program(folder, "softhsm2-util", *words)
    pkcs11.lib(str(MODULE)).reinitialize()
