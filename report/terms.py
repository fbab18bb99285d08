"""The words of closed lists that the record holds, such as states and kinds, as they are said in a document.

A word that is not in the list is printed as it is recorded.
"""

from report.wording import english, say

VERDICTS = {
    "PASSED": english("PASSED"),
    "FAILED": english("FAILED"),
    "INDETERMINATE": english("INDETERMINATE"),
}
_STATES = (english("started"), english("complete"), english("stopped"), english("redacted"))
_EVENTS = (
    english("seize"),
    english("receive"),
    english("seal"),
    english("unseal"),
    english("transfer"),
    english("acquire"),
    english("copy"),
    english("verify"),
    english("return"),
    english("dispose"),
)
_JOB_EVENTS = (
    english("resumed"),
    english("paused"),
    english("continued"),
    english("source lost"),
    english("source back"),
    english("source refused"),
    english("output lost"),
    english("next folder"),
    english("space short"),
    english("rescue pass"),
    english("pass limit"),
    english("taken over"),
    english("earlier image"),
    english("clock jumped"),
    english("source compared"),
)
_COMPARED = (english("stored"), english("manifest"), english("source"))
_SOURCES = (english("disk"), english("partition"), english("file"), english("image"))
_FILES = (english("allocated"), english("deleted"), english("orphan"), english("folder"), english("link"))
_HOLDINGS = (english("content"), english("slack"), english("metadata"))
_REPORTS = (
    english("acquisition"),
    english("custody"),
    english("verification"),
    english("receipt"),
    english("statement"),
    english("label"),
    english("summary"),
)
_ROLES = (english("examiner"), english("custodian"), english("officer"), english("witness"))
_REHASHES = (english("match"), english("mismatch"), english("not done"))
TERMS = frozenset(
    (
        *_STATES,
        *_EVENTS,
        *_JOB_EVENTS,
        *_COMPARED,
        *_SOURCES,
        *_FILES,
        *_HOLDINGS,
        *_REPORTS,
        *_ROLES,
        *_REHASHES,
    )
)


def term(word: str) -> str:
    """A word of the record in the language of the document, where it is one of the lists."""
    return say(word) if word in TERMS else word
