"""The catalogues of what documents say: whole, up to date, and each translation with the places of its text."""

import re

import pytest
from babel.messages.catalog import Message

from acquire.event_kinds import EventKind
from casedb.custody_records import Rehash, Role
from casedb.records import AcquisitionState, CustodyKind
from report.document import ReportKind
from report.terms import TERMS, VERDICTS
from report.wording import ENGLISH, LANGUAGES, catalogue_of, say, say_number, speaking
from tests.report.speech import PLACE
from tools.messages import (
    TRANSLATED,
    language_path,
    mo_bytes,
    po_bytes,
    read_catalogue,
    template,
    template_path,
    texts_of,
    updated,
)
from verify.files.located import Holding
from verify.verdict import Verdict

ADVICE = "run make messages"
LEAST_TRANSLATED = 0.97


def forms_of(message: Message) -> list[str]:
    """The forms of a translation: one, or as many as the language has for numbers."""
    return [message.string] if isinstance(message.string, str) else list(message.string or ("",))


def test_the_template_holds_every_text_that_the_code_says() -> None:
    assert template_path().read_bytes() == po_bytes(template()), ADVICE


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalogue_is_up_to_date_and_compiled(language: str) -> None:
    path = language_path(language, ".po")
    assert path.read_bytes() == po_bytes(updated(read_catalogue(path, language))), ADVICE
    compiled = mo_bytes(read_catalogue(path, language))
    assert language_path(language, ".mo").read_bytes() == compiled, ADVICE


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_has_the_places_of_its_text_and_no_other(language: str) -> None:
    catalogue = read_catalogue(language_path(language, ".po"), language)
    for message in catalogue:
        if not message.id:
            continue
        texts = [message.id] if isinstance(message.id, str) else [message.id[1]]
        for form in filter(None, forms_of(message)):
            assert set(PLACE.findall(form)) == set(PLACE.findall(texts[0])), message.id
            assert not re.sub(PLACE, "", form).count("{"), message.id


@pytest.mark.parametrize("language", TRANSLATED)
def test_nearly_every_text_is_translated(language: str) -> None:
    messages = [item for item in read_catalogue(language_path(language, ".po"), language) if item.id]
    done = sum(all(forms_of(item)) for item in messages)
    assert done / len(messages) >= LEAST_TRANSLATED


@pytest.mark.parametrize("language", TRANSLATED)
def test_commands_and_codes_stand_in_a_translation_as_they_are_typed(language: str) -> None:
    kept = re.compile(
        r"diskwitness [a-z]+(?: [a-z]+)?(?: --[a-z]+)?|sha256sum|pdfdetach|\b[a-z]+\.(?:txt|tsr|pem)\b"
    )
    for message in read_catalogue(language_path(language, ".po"), language):
        if isinstance(message.id, str) and isinstance(message.string, str) and message.id and message.string:
            assert kept.findall(message.string) == kept.findall(message.id)


def test_texts_inside_formatted_strings_are_found_too() -> None:
    code = "x = f\"{say('Case {number}', number=1)}: {say_number('one', 'many', 2)}\""
    assert sorted(map(str, texts_of(code))) == ["('one', 'many')", "Case {number}"]


def test_every_word_of_the_closed_lists_of_the_record_can_be_said() -> None:
    lists = (EventKind, AcquisitionState, Role, Holding, ReportKind)
    words = {item.value for kind in lists for item in kind}
    words |= {item.value for item in CustodyKind} | {item.value.replace("-", " ") for item in Rehash}
    assert words <= TERMS
    assert set(VERDICTS) == {item.value for item in Verdict}


def test_values_are_put_in_and_never_looked_up_or_filled_again() -> None:
    with speaking("de"):
        assert say("Case {number}", number="Case {number} {0}") == "Fall Case {number} {0}"
        assert say("a text that nobody translated") == "a text that nobody translated"
        assert say_number("{count} sector", "{count} sectors", 1) == "1 Sektor"
    assert say("Case {number}", number="7") == "Case 7"


def test_a_language_is_spoken_only_while_its_document_is_made() -> None:
    with speaking("de"), speaking("fr"):
        assert say("Page {number} of {count}", number=1, count=2) == "Page 1 sur 2"
    assert say("Page {number} of {count}", number=1, count=2) == "Page 1 of 2"


def test_english_and_unknown_languages_are_the_text_of_the_code() -> None:
    assert LANGUAGES[0] == ENGLISH
    for language in (ENGLISH, "", "xx", "../../de", "de/../fr"):
        assert catalogue_of(language).gettext("Exhibit") == "Exhibit"
