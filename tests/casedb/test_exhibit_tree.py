"""Exhibits as a tree, whatever parents are recorded."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from casedb.exhibit_tree import exhibit_tree, parent_of
from casedb.records import Exhibit
from tests.sim.still_clock import NOON

references = st.sampled_from(["A", "A/1", "A/2", "B", "C"])
exhibits = st.builds(Exhibit, references, st.just("d"), st.just(NOON), st.just(1), parent=st.none() | references)


@settings(deadline=None)
@given(st.lists(exhibits, max_size=5, unique_by=lambda item: item.reference))
def test_every_exhibit_stands_there_once_and_below_its_parent(found: list[Exhibit]) -> None:
    tree = exhibit_tree(found)
    assert sorted(item.reference for _, item in tree) == sorted(item.reference for item in found)
    for index, (depth, item) in enumerate(tree):
        if depth:
            above = next(other for level, other in reversed(tree[:index]) if level == depth - 1)
            assert above.reference == item.parent


def test_two_that_are_parts_of_each_other_are_listed_all_the_same() -> None:
    one = Exhibit("A", "d", NOON, 1, parent="B")
    assert [depth for depth, _ in exhibit_tree([one, replace(one, reference="B", parent="A")])] == [0, 1]


def test_a_reference_tells_its_parent_where_that_is_known() -> None:
    assert parent_of("JB1/2", ["JB1"]) == "JB1"
    assert parent_of("JB1/2/3", ["JB1", "JB1/2"]) == "JB1/2"
    assert parent_of("JB1/2", ["JB2"]) is None
    assert parent_of("JB1", ["JB1"]) is None
