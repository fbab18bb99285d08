"""The table of rules: each warning has a code, a meaning, a page that names it, and a chain that brings it up."""

import re
from dataclasses import replace

import pytest

from casedb.custody import custody_warnings, standing_after
from casedb.custody_rules import LATE_RULES, RULES
from casedb.custody_warning import custody_warning_meanings
from casedb.records import CustodyKind, Rehash
from tests.casedb.building import at
from tests.casedb.test_custody import ANNA, BEN, CARA, Chain, seized
from tests.house.sources import ROOT

PAGE = (ROOT / "docs" / "reference" / "custody-warnings.md").read_text(encoding="utf-8")


def codes(chain: Chain) -> list[str]:
    """The codes of what a chain brings up."""
    return [warning.code for warning in custody_warnings(chain.events)]


def returned() -> Chain:
    """Anna took the exhibit in and gave it back."""
    return seized().add(CustodyKind.UNSEAL, seal_out="S-1").add(CustodyKind.RETURN, released_by=ANNA)


CHAINS = {
    "custody-no-beginning": Chain().add(CustodyKind.ACQUIRE),
    "custody-before-intake": seized().add(CustodyKind.UNSEAL, hour=0),
    "custody-after-end": returned().add(CustodyKind.SEAL, seal_in="S-2"),
    "custody-no-holder": Chain().add(CustodyKind.SEIZE),
    "custody-overlap": seized().add(CustodyKind.RECEIVE, received_by=BEN),
    "custody-no-releaser": seized().add(CustodyKind.RETURN),
    "custody-released-by-other": seized().add(CustodyKind.RETURN, released_by=BEN),
    "custody-gap": Chain().add(CustodyKind.RECEIVE).add(CustodyKind.RETURN, released_by=BEN),
    "custody-unheld": Chain().add(CustodyKind.RECEIVE).add(CustodyKind.ACQUIRE),
    "custody-place-gap": seized().add(CustodyKind.SEAL, seal_in="S-1", from_place="Van"),
    "custody-seal-mismatch": seized().add(CustodyKind.UNSEAL, seal_out="S-7"),
    "custody-seal-unrecorded": Chain().add(CustodyKind.SEIZE, received_by=BEN).add(CustodyKind.UNSEAL),
    "custody-seal-broken": seized().add(CustodyKind.SEAL, seal_in="S-2"),
    "custody-time-ahead": seized().add(CustodyKind.VERIFY, hour=13),
    "custody-told-late": seized().add(CustodyKind.VERIFY, hour=0),
}


@pytest.mark.parametrize("code", sorted(CHAINS))
def test_each_rule_has_a_chain_that_brings_it_up(code: str) -> None:
    assert code in codes(CHAINS[code])


def test_a_hash_computed_again_is_warned_of_where_it_differs_or_nothing_proves_it() -> None:
    chain = seized().add(CustodyKind.TRANSFER, released_by=ANNA, received_by=BEN)
    told = chain.events[1]
    for rehash, verification, expected in (
        (None, None, []),
        (Rehash.NOT_DONE, None, []),
        (Rehash.MATCH, 9, []),
        (Rehash.MATCH, None, ["custody-rehash-unproven"]),
        (Rehash.MISMATCH, 9, ["custody-rehash-mismatch"]),
    ):
        chain.events[1] = replace(told, rehash=rehash, verification=verification)
        assert codes(chain) == expected


def test_a_clock_set_back_between_two_entries_is_warned_of() -> None:
    chain = seized().add(CustodyKind.VERIFY)
    chain.events[1] = replace(chain.events[1], recorded=at(11))
    assert codes(chain) == ["custody-clock-backwards"]


def test_a_redacted_event_is_said_and_nothing_is_concluded_from_it() -> None:
    chain = seized().add(CustodyKind.TRANSFER, released_by=ANNA, received_by=BEN)
    gone = replace(chain.events[1], kind=CustodyKind.REDACTED, released_by=None, received_by=None, redacted_by=30)
    chain.events[1] = gone
    chain.add(CustodyKind.ACQUIRE).add(CustodyKind.TRANSFER, released_by=BEN, received_by=CARA)
    assert codes(chain) == ["custody-redacted"]
    assert standing_after(chain.events).keeper == CARA


def test_what_follows_a_return_or_disposal_is_odd_but_for_coming_back_after_a_return() -> None:
    assert codes(returned().add(CustodyKind.RECEIVE, received_by=BEN)) == []
    assert codes(returned().add(CustodyKind.VERIFY).add(CustodyKind.COPY)) == []
    burnt = seized().add(CustodyKind.DISPOSE, performed_by=ANNA, witness=BEN)
    assert codes(burnt) == []
    assert codes(burnt.add(CustodyKind.RECEIVE, received_by=BEN)) == ["custody-after-end"]


def test_who_seizes_an_exhibit_holds_it() -> None:
    chain = Chain().add(CustodyKind.SEIZE, performed_by=ANNA)
    assert codes(chain) == []
    assert standing_after(chain.events).keeper == ANNA


def test_every_rule_has_its_meaning_and_every_meaning_its_rule_and_line_of_the_page() -> None:
    rules = [rule.code for rule in RULES] + [rule.code for rule in LATE_RULES]
    assert len(rules) == len(set(rules))
    rows = dict(re.findall(r"^\| `(custody-[a-z-]+)` \| (.+) \|$", PAGE, re.MULTILINE))
    assert set(rules) == set(custody_warning_meanings())
    assert rows == custody_warning_meanings()
