"""What the walk over the chain keeps of all that it finds."""

from casedb.chain_check import ChainWalk, first_bad_entry


def test_a_clock_that_was_often_set_back_does_not_hide_an_altered_entry() -> None:
    walk = ChainWalk()
    for sequence in range(2, 1702):
        walk.report("ledger-time-backwards", "earlier than the entry before it", sequence)
    walk.report("ledger-entry-altered", "not the one that was written", 1702)
    codes = [item.finding.code for item in walk.findings]
    assert codes[-2:] == ["ledger-entry-altered", "findings-capped"]
    assert first_bad_entry(walk.findings[-2:]) == 1702
