"""The workstation's key inside a token: a smart card, a hardware module, SoftHSM (PKCS#11), named as RFC 7512 says.

    pkcs11:token=bench-2;object=ledger-key?module-path=/usr/lib/softhsm/libsofthsm2.so&pin-source=file:/etc/diskwitness/pin

The private half never leaves the token; it signs by CKM_EDDSA (PKCS#11 3.0, section 2.3.14). Needs the extra
`pkcs11`. The PIN stands in the file that `pin-source` names, else in that of the passphrase; never in the URI.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from casedb.checkpointing import Signer
from casedb.facts import PublicKey
from image.bounded_files import read_bounded
from image.errors import CaseError, ImageNotReadError

if TYPE_CHECKING:
    from pkcs11 import Session

URI_SCHEME = "pkcs11:"
DEFAULT_LABEL = "diskwitness-ledger-key"
EDWARDS25519 = "1.3.101.112"
KEY_BYTES = 32
MAXIMUM_PIN_BYTES = 4096
EXAMPLE = "pkcs11:token=LABEL;object=NAME?module-path=FILE&pin-source=file:FILE"

Halves: TypeAlias = tuple[Any, Any]
"""A public and a private key of python-pkcs11, whose classes are put together when a token is asked."""

_ESCAPED = re.compile(rb"%([0-9a-fA-F]{2})")


@dataclass(frozen=True)
class TokenKey:
    """Where a key is: the module's file, the labels of token and key, and the PIN that opens the token."""

    module: str
    token: str
    label: str
    pin: str | None

    def labelled(self, label: str) -> "TokenKey":
        """Another key of the same token."""
        return replace(self, label=label)

    def __str__(self) -> str:
        """The place in words, without the PIN."""
        return f"token {self.token}, key {self.label}"


def decode_uri(uri: str, passphrase: bytes | None) -> TokenKey:
    """The key that a URI names; the passphrase is its PIN where the URI names no file of one.

    Raises:
        CaseError: not such a URI, it holds a PIN itself, or the file of the PIN cannot be read.
    """
    path, _, query = uri.removeprefix(URI_SCHEME).partition("?")
    given = _attributes(uri, path.split(";")) | _attributes(uri, query.split("&"))
    if "pin-value" in given:
        raise CaseError("a PIN does not belong into the name of a key", URI_SCHEME, "Give pin-source=file:FILE")
    if "module-path" not in given or "token" not in given:
        raise CaseError("the key is not named well enough", uri, f"Name it as {EXAMPLE}")
    source = given.get("pin-source")
    pin = _read_pin(source) if source else passphrase
    return TokenKey(
        given["module-path"], given["token"], given.get("object", DEFAULT_LABEL), pin.decode() if pin else None
    )


def _attributes(uri: str, parts: list[str]) -> dict[str, str]:
    """Names and values of one half of a URI, percent signs resolved."""
    pairs = [part.partition("=") for part in parts if part]
    if not all(name and sign for name, sign, _ in pairs):
        raise CaseError("not the name of a key in a token", uri, f"Name it as {EXAMPLE}")
    return {name: _plain(value) for name, _, value in pairs}


def _plain(value: str) -> str:
    """A value with its percent signs resolved (RFC 3986 section 2.1)."""
    data = _ESCAPED.sub(lambda found: bytes.fromhex(found[1].decode()), value.encode())
    return data.decode("utf-8", "replace")


def _read_pin(source: str) -> bytes:
    """The PIN in a file, without the end of its line."""
    try:
        return read_bounded(Path(source.removeprefix("file:")), MAXIMUM_PIN_BYTES, "file of the PIN").rstrip(
            b"\r\n"
        )
    except ImageNotReadError as error:
        raise CaseError(error.what, error.where, "Name a file that holds the PIN with pin-source") from error


def token_signer(key: TokenKey) -> Signer:
    """The key for signing, made in the token where it is not there yet.

    Raises:
        CaseError: the extra or the module is absent, or the token refuses.
    """
    with _session(key) as session:
        found = _find(session, key.label) or _make(session, key.label)
        public = _public_half(found)
    return Signer(public, lambda message: _sign(key, message))


def has_token_key(key: TokenKey) -> bool:
    """Whether the key is in the token.

    Raises:
        CaseError: the token cannot be used.
    """
    with _session(key) as session:
        return _find(session, key.label) is not None


def rename_token_key(key: TokenKey, label: str) -> None:
    """Give both halves of a key another label.

    Raises:
        CaseError: the token refuses, or the key is not there.
    """
    from pkcs11 import Attribute

    with _session(key) as session:
        for half in _find(session, key.label) or _absent(key):
            half[Attribute.LABEL] = label


def _absent(key: TokenKey) -> Halves:
    raise CaseError("the key is not in the token", str(key))


def _sign(key: TokenKey, message: bytes) -> bytes:
    """Let the token sign."""
    from pkcs11 import Mechanism

    with _session(key) as session:
        _, private = _find(session, key.label) or _absent(key)
        return bytes(private.sign(message, mechanism=Mechanism.EDDSA))


def _find(session: "Session", label: str) -> Halves | None:
    """Both halves of the Ed25519 key of this label.

    Raises:
        CaseError: several have it.
    """
    from pkcs11 import Attribute, KeyType, ObjectClass

    halves = []
    for kind in (ObjectClass.PUBLIC_KEY, ObjectClass.PRIVATE_KEY):
        wanted = {Attribute.CLASS: kind, Attribute.LABEL: label, Attribute.KEY_TYPE: KeyType.EC_EDWARDS}
        halves.append(list(session.get_objects(wanted)))
    if any(len(found) > 1 for found in halves):
        raise CaseError("several keys of the token have this label", label, "Give each its own")
    return (halves[0][0], halves[1][0]) if all(halves) else None


def _make(session: "Session", label: str) -> Halves:
    """A new key, inside the token."""
    from pkcs11 import Attribute, KeyType, Mechanism
    from pkcs11.util.ec import encode_named_curve_parameters

    curve = {Attribute.EC_PARAMS: encode_named_curve_parameters(EDWARDS25519)}
    domain = session.create_domain_parameters(KeyType.EC_EDWARDS, curve, local=True)
    made = domain.generate_keypair(mechanism=Mechanism.EC_EDWARDS_KEY_PAIR_GEN, store=True, label=label)
    return made[0], made[1]


def _public_half(halves: Halves) -> PublicKey:
    """The half that stands in the ledger: the token tells it as an octet string (PKCS#11 3.0, section 2.3.3)."""
    from pkcs11 import Attribute

    return PublicKey("ed25519", bytes(halves[0][Attribute.EC_POINT])[-KEY_BYTES:].hex())


@contextmanager
def _session(key: TokenKey) -> Iterator["Session"]:
    """The token, open; whatever it refuses becomes one clear line.

    Raises:
        CaseError: the extra or the module is absent, or the token refuses.
    """
    try:
        import pkcs11
    except ImportError as error:
        what = "a key in a token needs the extra pkcs11"
        raise CaseError(what, str(key), "Install it: pip install 'diskwitness[pkcs11]'") from error
    try:
        token = pkcs11.lib(key.module).get_token(token_label=key.token)
        with token.open(rw=True, user_pin=key.pin) as session:
            yield session
    except (pkcs11.PKCS11Error, RuntimeError) as error:
        told = " ".join(str(error).split())[:200] or type(error).__name__
        advice = "See that the module's file, the token's label and the PIN are right"
        raise CaseError(f"the token cannot be used ({told})", f"{key.module}, {key}", advice) from error
