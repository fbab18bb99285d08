"""The workstation's key: Ed25519, made silently at first need, in a file of its owner alone or in a token.

A passphrase stands in the file that DISKWITNESS_KEY_PASSPHRASE_FILE names; the program never asks for one.
"""

import os
import secrets
import stat
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from casedb.checkpointing import GetSigner, Signer
from casedb.facts import PublicKey
from casedb.token_key import URI_SCHEME, TokenKey, decode_uri, has_token_key, rename_token_key, token_signer
from image.durability import sync_folder
from image.errors import CaseError
from image.user_folders import configuration_folder

KEY_VARIABLE = "DISKWITNESS_KEY"
PASSPHRASE_VARIABLE = "DISKWITNESS_KEY_PASSPHRASE_FILE"  # noqa: S105  # the name of a variable
KEY_FILE = "ledger-key.pem"
NEXT_SUFFIX = ".next"
MAXIMUM_KEY_FILE_BYTES = 64 * 1024
ENCRYPTED_MARK = b"BEGIN ENCRYPTED PRIVATE KEY"


def key_path(environment: Mapping[str, str]) -> Path:
    """The file of the key: what `DISKWITNESS_KEY` names, else `ledger-key.pem` under the XDG config folder."""
    if named := environment.get(KEY_VARIABLE):
        return Path(named)
    return configuration_folder(environment) / KEY_FILE


def workstation_key(environment: Mapping[str, str]) -> Ed25519PrivateKey:
    """The key of this workstation, made now where there is none.

    Raises:
        CaseError: the key cannot be read or made, is open to others, or is no Ed25519 key.
    """
    path = key_path(environment)
    try:
        if not path.exists():
            _make_key(path, _passphrase(environment))
        return _read_key(path, _passphrase(environment))
    except OSError as error:
        raise CaseError(f"cannot use the workstation's key ({error.strerror or error})", str(path)) from error


def key_place(environment: Mapping[str, str]) -> str:
    """Where the key lies, in words: its file, or its token.

    Raises:
        CaseError: the name of a token that is none.
    """
    token = _token_key(environment)
    return str(token if token is not None else key_path(environment))


def has_key(environment: Mapping[str, str]) -> bool:
    """Whether the workstation has a key already.

    Raises:
        CaseError: the token that should hold it cannot be used.
    """
    token = _token_key(environment)
    return has_token_key(token) if token is not None else key_path(environment).exists()


def workstation_public(environment: Mapping[str, str]) -> PublicKey:
    """The public half of the workstation's key, which is made now where there is none.

    Raises:
        CaseError: as for the workstation's key.
    """
    return workstation_signer(environment)().key


def _token_key(environment: Mapping[str, str]) -> TokenKey | None:
    """The key in a token, where one is named."""
    named = environment.get(KEY_VARIABLE, "")
    if not named.startswith(URI_SCHEME):
        return None
    try:
        return decode_uri(named, _passphrase(environment))
    except OSError as error:
        raise CaseError(f"cannot read the passphrase ({error.strerror or error})", KEY_VARIABLE) from error


def public_half(key: Ed25519PrivateKey) -> PublicKey:
    """The half of the key that stands in the ledger."""
    return PublicKey("ed25519", key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex())


def workstation_signer(environment: Mapping[str, str]) -> GetSigner:
    """What gives the workstation's key for signing, read (or made) once, when it is first needed."""

    @cache
    def get() -> Signer:
        if (token := _token_key(environment)) is not None:
            return token_signer(token)
        key = workstation_key(environment)
        return Signer(public_half(key), key.sign)

    return get


def signature_holds(public_key: bytes, signature: bytes, message: bytes) -> bool:
    """Whether the Ed25519 key of these 32 bytes made this signature over this message."""
    try:
        _public_key(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@lru_cache(maxsize=64)
def _public_key(raw: bytes) -> Ed25519PublicKey:
    """The key of these bytes; a ledger has few, and each checks many signatures.

    Raises:
        ValueError: not 32 bytes.
    """
    return Ed25519PublicKey.from_public_bytes(raw)


def next_key(environment: Mapping[str, str]) -> Signer:
    """The key that is to take the place of the workstation's, made where there is none yet beside it.

    Raises:
        CaseError: as for the workstation's key.
    """
    if (token := _token_key(environment)) is not None:
        return token_signer(token.labelled(token.label + NEXT_SUFFIX))
    path = _next_path(environment)
    key = workstation_key({**environment, KEY_VARIABLE: str(path)})
    return Signer(public_half(key), key.sign)


def take_next_key(environment: Mapping[str, str]) -> str:
    """Let the next key be the workstation's; gives the new name of the old one, which is kept.

    Raises:
        CaseError: the files cannot be renamed, or the token refuses.
    """
    if (token := _token_key(environment)) is not None:
        return _take_next_in_token(token)
    path, old = key_path(environment), public_half(workstation_key(environment)).public
    kept = path.with_name(f"{path.stem}-{old[:16]}{path.suffix}")
    try:
        kept.unlink(missing_ok=True)
        kept.hardlink_to(path)
        _next_path(environment).replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise CaseError(f"the key cannot be renamed ({error.strerror or error})", str(path)) from error
    return str(kept)


def _take_next_in_token(token: TokenKey) -> str:
    """Exchange the labels of both keys of a token."""
    kept = token.labelled(f"{token.label}-{token_signer(token).key.public[:16]}")
    rename_token_key(token, kept.label)
    rename_token_key(token.labelled(token.label + NEXT_SUFFIX), token.label)
    return str(kept)


def _next_path(environment: Mapping[str, str]) -> Path:
    """Where the next key lies until every case knows it."""
    path = key_path(environment)
    return path.with_name(path.name + NEXT_SUFFIX)


def _passphrase(environment: Mapping[str, str]) -> bytes | None:
    """The passphrase of the key, without the end of its line; None where none is named.

    Raises:
        OSError: the file cannot be read.
    """
    named = environment.get(PASSPHRASE_VARIABLE)
    return Path(named).read_bytes()[:MAXIMUM_KEY_FILE_BYTES].rstrip(b"\r\n") or None if named else None


def _make_key(path: Path, passphrase: bytes | None) -> None:
    """Make a key file of mode 0600; where another process was faster, its key stays."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    closed = BestAvailableEncryption(passphrase) if passphrase else NoEncryption()
    text = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, closed)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    draft.touch(mode=0o600, exist_ok=False)
    try:
        with draft.open("r+b") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        _keep_first(draft, path)
    finally:
        draft.unlink()


def _keep_first(draft: Path, path: Path) -> None:
    """Give the draft its final name, unless somebody has it."""
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        return


def _read_key(path: Path, passphrase: bytes | None) -> Ed25519PrivateKey:
    """The key in this file; a passphrase that it does not need is left aside.

    Raises:
        CaseError: open to others, no Ed25519 key, or closed by another passphrase.
    """
    found = path.stat()
    if found.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise CaseError("the workstation's key is open to other users", str(path), f"Close it: chmod 600 {path}")
    with path.open("rb") as file:
        text = file.read(MAXIMUM_KEY_FILE_BYTES)
    try:
        key = load_pem_private_key(text, password=passphrase if ENCRYPTED_MARK in text else None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        advice = f"It must be an Ed25519 key in PEM; {PASSPHRASE_VARIABLE} names the file of its passphrase"
        raise CaseError("not a usable key, or not its passphrase", str(path), advice) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise CaseError(
            f"not an Ed25519 key ({type(key).__name__})", str(path), f"Name another with {KEY_VARIABLE}"
        )
    return key
