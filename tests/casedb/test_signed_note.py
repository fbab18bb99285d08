"""Signed notes and checkpoints: the published examples, what is made here, and what is not one."""

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from casedb.checkpoint import Checkpoint, decode_checkpoint
from casedb.inclusion_proof import InclusionProof, decode_proof
from casedb.merkle import GrowingTree, inclusion_path, leaf_hash
from casedb.signed_note import (
    NoteKey,
    SignatureKind,
    SignedNote,
    check_note,
    cosign,
    decode_key,
    decode_note,
    sign_note,
)

EXAMPLE_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
EXAMPLE = (
    "This is an example message.\n\n\u2014 example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)
"""The example of C2SP signed-note."""
COSIGNED = (
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
    "\u2014 example.com/behind-the-sofa "
    "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
    "\u2014 witness.example.com/w1 "
    "jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n"
)
"""The example of C2SP tlog-cosignature, whose keys are not published."""
NOT_NOTES = [
    b"",
    b"text without signatures\n",
    b"text\n\n",
    b"text\n\n\xe2\x80\x94 name\n",
    b"text\n\n\xe2\x80\x94 name !!!!\n",
    b"text\n\n\xe2\x80\x94 name AAAA\n",
    b"text\x00\n\n\xe2\x80\x94 name AAAAAAAA\n",
    b"text\xff\n\n\xe2\x80\x94 name AAAAAAAA\n",
    b"text\n\n\xe2\x80\x94 two names AAAAAAAA\n",
    b"text\n\n\xe2\x80\x94 name AAAAAAAA",
    b"text\n\n\xe2\x80\x94 name AAAAAAB=\n",
]


def check(public_key: bytes, signature: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def made_key(name: str, kind: SignatureKind = SignatureKind.ED25519) -> tuple[Ed25519PrivateKey, NoteKey]:
    key = Ed25519PrivateKey.generate()
    return key, NoteKey(name, key.public_key().public_bytes_raw(), kind)


def test_the_published_example_is_a_note_of_its_key() -> None:
    key, note = decode_key(EXAMPLE_KEY), decode_note(EXAMPLE.encode())
    assert (str(key), str(note)) == (EXAMPLE_KEY, EXAMPLE)
    assert [item.key for item in check_note(note, (key,), check)] == [key]


def test_a_changed_text_is_no_longer_signed() -> None:
    note = decode_note(EXAMPLE.replace("example message", "forged message").encode())
    with pytest.raises(ValueError, match=r"example\.com/foo is not made by its key"):
        check_note(note, (decode_key(EXAMPLE_KEY),), check)


def test_the_published_cosigned_checkpoint_is_read_whole() -> None:
    note = decode_note(COSIGNED.encode())
    checkpoint = decode_checkpoint(note.text)
    assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20852163)
    assert (str(checkpoint), str(note)) == (note.text, COSIGNED)
    assert int.from_bytes(note.signatures[1].signature[:8], "big") == 1679315147
    assert check_note(note, (), check) == ()


def test_several_keys_sign_one_checkpoint_and_an_unknown_one_is_passed_over() -> None:
    log, log_key = made_key("diskwitness.local/ledger/1")
    witness, witness_key = made_key("witness.example/w1", SignatureKind.COSIGNATURE)
    stranger, stranger_key = made_key("stranger.example/s")
    text = str(Checkpoint(log_key.name, 3, bytes(range(32))))
    note = SignedNote(
        text,
        (
            sign_note(text, log_key, log.sign),
            sign_note(text, stranger_key, stranger.sign),
            cosign(text, witness_key, witness.sign, 1_790_000_000),
        ),
    )
    again = decode_note(str(note).encode())
    assert again == note
    signers = check_note(again, (log_key, witness_key), check)
    assert [(item.key, item.at) for item in signers] == [(log_key, None), (witness_key, 1_790_000_000)]


def test_a_cosignature_holds_for_its_own_time_alone() -> None:
    witness, key = made_key("witness.example/w1", SignatureKind.COSIGNATURE)
    text = str(Checkpoint("log", 3, bytes(32)))
    made = cosign(text, key, witness.sign, 1000)
    moved = type(made)(made.name, made.key_id, (1001).to_bytes(8, "big") + made.signature[8:])
    with pytest.raises(ValueError, match="not made by its key"):
        check_note(SignedNote(text, (moved,)), (key,), check)


@pytest.mark.parametrize("data", NOT_NOTES)
def test_what_is_no_note_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"not a signed note|not Base 64|utf-8"):
        decode_note(data)


@pytest.mark.parametrize(
    "text", ["", "name", "name+530d903a", "name+00000000+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", "a b+c+d"]
)
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a key"):
        decode_key(text)


ROOT = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="


@pytest.mark.parametrize(
    "text",
    [
        "",
        "log\n3\n",
        f"log\n03\n{ROOT}\n",
        f"log\n-1\n{ROOT}\n",
        f"\n3\n{ROOT}\n",
        f"log\n3\n{ROOT}",
        "log\n3\nAAAA\n",
        f"log\n3\n{ROOT[:-2]}J=\n",
        f"log\n3\n{ROOT}\n\nmore\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a checkpoint"):
        decode_checkpoint(text)


@given(st.binary(max_size=400))
def test_no_bytes_make_the_readers_stumble(data: bytes) -> None:
    for read in (decode_note, decode_proof):
        try:
            read(data)
        except ValueError:
            continue


def test_a_proof_of_an_entry_is_a_file_that_reads_back_and_shows_that_entry_alone() -> None:
    log, key = made_key("diskwitness.local/ledger/1")
    kept: dict[tuple[int, int], bytes] = {}
    tree, entries = GrowingTree(), [b"entry %d" % number for number in range(11)]
    for entry in entries:
        kept.update({(node.level, node.position): node.sha256 for node in tree.append(leaf_hash(entry))})
    text = str(Checkpoint(key.name, tree.size, tree.root()))
    note = SignedNote(text, (sign_note(text, key, log.sign),))
    proof = InclusionProof(6, inclusion_path(6, 11, lambda level, position: kept[level, position]), note)
    again = decode_proof(str(proof).encode())
    assert again == proof
    assert [number for number, entry in enumerate(entries) if again.shows(entry)] == [6]
