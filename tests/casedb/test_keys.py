"""The workstation's key: made once, silently, and closed to others."""

import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from casedb.keys import key_path, public_half, workstation_key
from image.errors import CaseError


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"HOME": "/home/lab"}, "/home/lab/.config/diskwitness/ledger-key.pem"),
        ({"HOME": "/home/lab", "XDG_CONFIG_HOME": "/etc/lab"}, "/etc/lab/diskwitness/ledger-key.pem"),
        ({"HOME": "/home/lab", "XDG_CONFIG_HOME": "not/absolute"}, "/home/lab/.config/diskwitness/ledger-key.pem"),
        ({"HOME": "/home/lab", "DISKWITNESS_KEY": "/media/key.pem"}, "/media/key.pem"),
    ],
)
def test_the_key_lies_where_the_environment_says(environment: dict[str, str], expected: str) -> None:
    assert key_path(environment) == Path(expected)


def test_the_key_is_made_at_first_need_and_stays_the_same(tmp_path: Path) -> None:
    environment = {"XDG_CONFIG_HOME": str(tmp_path)}
    made, found = workstation_key(environment), workstation_key(environment)
    path = key_path(environment)
    assert public_half(made) == public_half(found)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [item.name for item in path.parent.iterdir()] == [path.name]


def test_the_public_half_belongs_to_the_key(tmp_path: Path) -> None:
    key = workstation_key({"XDG_CONFIG_HOME": str(tmp_path)})
    half = public_half(key)
    public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(half.public))
    public.verify(key.sign(b"text"), b"text")
    assert half.algorithm == "ed25519"


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    environment = {"DISKWITNESS_KEY": str(tmp_path / "key.pem")}
    workstation_key(environment)
    (tmp_path / "key.pem").chmod(0o640)
    with pytest.raises(CaseError, match=r"open to other users.*chmod 600"):
        workstation_key(environment)


def test_what_is_no_ed25519_key_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    path.touch(0o600)
    path.write_bytes(X25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    with pytest.raises(CaseError, match="not an Ed25519 key"):
        workstation_key({"DISKWITNESS_KEY": str(path)})
    path.write_bytes(b"nothing of the kind")
    with pytest.raises(CaseError, match="not a usable key"):
        workstation_key({"DISKWITNESS_KEY": str(path)})


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CaseError, match="cannot use the workstation's key"):
        workstation_key({"DISKWITNESS_KEY": str(tmp_path / "file" / "key.pem")})
