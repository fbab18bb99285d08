"""Strips on pages: all of them, in order, none beyond the edge."""

from hypothesis import given
from hypothesis import strategies as st

from report.pdf.sheet import Sheets
from report.pdf.slabs import Placed, Slab, fill_pages, held_at_ends, kept_with_next, with_space

PAGE = 100.0


def nothing(sheets: Sheets, top: float) -> None:
    """Draw nothing."""


def strip(height: float, *, before: float = 0.0, keep: bool = False, begins_page: bool = False) -> Slab:
    """A strip that draws nothing."""
    return Slab(height, nothing, before, keep=keep, begins_page=begins_page)


STRIPS = st.lists(
    st.builds(
        strip,
        st.floats(min_value=1, max_value=60),
        before=st.floats(min_value=0, max_value=20),
        keep=st.booleans(),
        begins_page=st.booleans(),
    )
)


@given(STRIPS)
def test_every_strip_is_placed_once_in_order_and_inside_its_page(strips: list[Slab]) -> None:
    pages = fill_pages(strips, PAGE)
    assert [id(placed.slab) for page in pages for placed in page] == [id(slab) for slab in strips]
    for page in pages:
        ends = [placed.depth + placed.slab.height for placed in page]
        assert all(end <= PAGE + 1e-9 for end in ends)
        assert all(after.depth >= end - 1e-9 for end, after in zip(ends, page[1:], strict=False))


@given(STRIPS)
def test_the_space_above_is_left_out_at_the_top_of_a_page(strips: list[Slab]) -> None:
    assert all(page[0].depth == 0 for page in fill_pages(strips, PAGE) if page)


def test_a_heading_goes_to_the_next_page_with_what_follows_it() -> None:
    body, heading, text = strip(70), strip(20, keep=True), strip(30)
    assert fill_pages([body, heading, text], PAGE) == [[Placed(body, 0)], [Placed(heading, 0), Placed(text, 20)]]


def test_a_group_too_tall_for_any_page_is_parted() -> None:
    strips = [strip(60, keep=True), strip(60, keep=True), strip(60)]
    assert [len(page) for page in fill_pages(strips, PAGE)] == [1, 1, 1]


def test_the_head_of_a_table_is_repeated_where_a_row_begins_a_page() -> None:
    head = strip(10, keep=True)
    rows = [Slab(30, nothing, repeat=head) for _ in range(7)]
    pages = fill_pages([head, *rows], PAGE)
    assert [[placed.slab is head for placed in page] for page in pages] == [
        [True, False, False, False],
        [True, False, False, False],
        [True, False],
    ]


def test_a_strip_that_begins_a_page_does() -> None:
    pages = fill_pages([strip(10), strip(10, begins_page=True)], PAGE)
    assert [len(page) for page in pages] == [1, 1]


def test_the_first_and_last_line_of_a_paragraph_are_never_alone() -> None:
    lines = held_at_ends([strip(10) for _ in range(4)])
    assert [line.keep for line in lines] == [True, False, True, False]
    assert [line.keep for line in held_at_ends([strip(10)])] == [False]
    assert held_at_ends([]) == []


def test_space_is_put_above_the_first_strip_alone() -> None:
    assert [slab.before for slab in with_space([strip(1), strip(1)], 7)] == [7, 0]
    assert [slab.keep for slab in kept_with_next([strip(1), strip(1)])] == [True, True]
    assert with_space([], 7) == []
