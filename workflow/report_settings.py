"""What a report is made from beside the record, as the texts that its ledger entry keeps, and back.

A report is always built from what `issue_from` reads, never from what was asked for: so it can be built again.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from casedb.submissions import NewReport
from image.times import Instant
from report.document import Issue, Letterhead, Paper
from report.statement_template import StatementTemplate, decode_template

ENTERED = "entered."
ATTACHED = "attachment."


@dataclass(frozen=True)
class Wanted:
    """What is to be printed: everything that `settings_of` writes down. `template` is a statement's TOML."""

    issuer: str
    version: int
    paper: Paper
    letterhead: Letterhead
    entered: Mapping[str, str]
    about: str | None = None
    supersedes: str | None = None
    amendment: str | None = None
    checkpoint: str | None = None
    stamped: str | None = None
    template: str | None = None
    language: str = "en"


def settings_of(wanted: Wanted) -> dict[str, str]:
    """The texts of the ledger entry; what is not known is left out."""
    head = wanted.letterhead
    texts = {
        "paper": wanted.paper.name,
        "version": str(wanted.version),
        "language": wanted.language,
        "issuer": wanted.issuer,
        "about": wanted.about,
        "supersedes": wanted.supersedes,
        "amendment": wanted.amendment,
        "agency": head.agency,
        "address": "\n".join(head.address),
        "accreditation": head.accreditation,
        "checkpoint": wanted.checkpoint,
        "stamped": wanted.stamped,
        "template": wanted.template,
        **{f"{ENTERED}{name}": text for name, text in wanted.entered.items()},
    }
    return {name: _recordable(text) for name, text in texts.items() if text}


def issue_from(report_id: str, issued: Instant, settings: Mapping[str, str], logo: bytes | None = None) -> Issue:
    """The issue that these settings describe; the logo is no part of what a report says.

    Raises:
        ValueError: settings that no version of ours wrote.
    """
    try:
        paper = Paper[settings.get("paper", "A4")]
    except KeyError as error:
        raise ValueError(f"no such paper: {settings['paper']}") from error
    about = settings.get("about", "")
    return Issue(
        report_id=report_id,
        issued=issued,
        issuer=settings.get("issuer", ""),
        version=int(settings.get("version", "1")),
        paper=paper,
        letterhead=_letterhead(settings, logo),
        supersedes=settings.get("supersedes"),
        amendment=settings.get("amendment"),
        language=settings.get("language", "en"),
        about=int(about) if about.isdecimal() else None,
        entered={name[len(ENTERED) :]: text for name, text in settings.items() if name.startswith(ENTERED)},
        checkpoint=settings.get("checkpoint"),
        stamped=settings.get("stamped"),
        statement=_template(settings),
    )


def issue_of(facts: NewReport, logo: bytes | None = None) -> Issue:
    """The issue of a report that was handed out.

    Raises:
        ValueError: settings that no version of ours wrote.
    """
    return issue_from(facts.report_id, facts.issued, facts.settings, logo)


def _letterhead(settings: Mapping[str, str], logo: bytes | None) -> Letterhead:
    """The laboratory's head."""
    address = tuple(settings["address"].split("\n")) if "address" in settings else ()
    return Letterhead(settings.get("agency"), address, settings.get("accreditation"), logo)


def _template(settings: Mapping[str, str]) -> StatementTemplate | None:
    """The template of a statement, as it was on that day."""
    return decode_template(settings["template"]) if "template" in settings else None


def _recordable(text: str) -> str:
    """A text as the ledger can keep it: half a surrogate pair is spelled out."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
