"""The record of an exhibit as one page for a browser: no script, nothing fetched, every string escaped.

The policy in its head (Content Security Policy Level 3) forbids everything but its own style, known by digest.
"""

import base64
import hashlib

from report.document import Report
from report.interchange.exported import Exported
from report.interchange.html_blocks import block_html, element, shown_html
from report.interchange.html_style import STYLE
from report.phrases import ledger_text
from report.wording import say, speaking


def render_html(exported: Exported) -> str:
    """The record as one HTML document that needs no other file."""
    with speaking(exported.report.issue.language):
        return "\n".join(_lines(exported.report)) + "\n"


def _lines(report: Report) -> list[str]:
    """The lines of the document."""
    named = f"{report.running.case_number}, {report.running.exhibit_reference}"
    return [
        "<!DOCTYPE html>",
        f'<html lang="{report.issue.language if report.issue.language.isalpha() else "en"}">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy()}">',
        '<meta name="referrer" content="no-referrer">',
        '<meta name="viewport" content="width=device-width">',
        f"<title>{shown_html(f'{report.title}: {named}')}</title>",
        f"<style>{STYLE}</style>",
        "</head>",
        "<body>",
        *_body(report),
        "</body>",
        "</html>",
    ]


def policy() -> str:
    """What the page may load: nothing but the style that it holds."""
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def _body(report: Report) -> list[str]:
    """Letterhead, head, contents, sections and end mark."""
    head, running = report.issue.letterhead, report.running
    stated = [line for line in (head.agency, *head.address, head.accreditation) if line]
    where = ledger_text(running.ledger_size, running.ledger_root)
    lines = ["<header>", *(element("p", line) for line in stated), "</header>", "<main>"]
    lines += [element("h1", report.title), *block_html(report.head), element("p", where), "<nav><ol>"]
    for number, section in enumerate(report.sections, start=1):
        lines.append(f'<li><a href="#s{number}">{shown_html(section.title)}</a></li>')
    lines.append("</ol></nav>")
    for number, section in enumerate(report.sections, start=1):
        lines.append(f'<section id="s{number}">')
        lines.append(element("h2", f"{number} {section.title}"))
        lines += [line for block in section.blocks for line in block_html(block)]
        lines.append("</section>")
    return [*lines, element("p", say("END OF THE RECORD")), "</main>"]
