"""The repository speaks of the product alone, its links lead somewhere, its lists agree."""

import re
import tomllib
from datetime import date
from pathlib import Path

import pytest

from tests.house.sources import ROOT, sources, text_files

# Folders of build machines and addresses of package registries; in pieces, so that this file is not found itself.
MACHINE_PATHS = re.compile(
    "|".join(("/wo" + "rk/", "/fa" + "rm/", "/ro" + "ot/", "/opt/" + "pypi", "/opt/" + "wheels"))
)
REGISTRY = re.compile(
    "index-" + r"url\s*[=:]|find-" + r"links\s*[=:]|https?://[^\s)]*/sim" + r"ple\b", re.IGNORECASE
)
LINK = re.compile(r"\]\((?!https?:|mailto:)([^)\s]+)\)")
HEADING = re.compile(r"^#+\s+(.+?)\s*$", re.MULTILINE)
PAGES = [path for path in text_files() if path.suffix == ".md"]


def named(path: Path) -> str:
    """A path as the test's name."""
    return path.relative_to(ROOT).as_posix()


def test_no_file_names_a_path_of_a_build_machine_or_a_package_registry() -> None:
    naming = [
        f"{named(path)}:{number}"
        for path in text_files()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if MACHINE_PATHS.search(line) or REGISTRY.search(line)
    ]
    assert not naming


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_link_leads_to_a_file_and_a_heading(page: Path) -> None:
    broken = [link for link in LINK.findall(without_code(page)) if not leads_somewhere(page, link)]
    assert not broken


def without_code(page: Path) -> str:
    """The text of a page without its code blocks."""
    return re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)


def leads_somewhere(page: Path, link: str) -> bool:
    """Whether the file of a link is there, and the heading behind its #."""
    target, _, anchor = link.partition("#")
    file = (page.parent / target).resolve() if target else page
    if not file.exists() or ROOT not in file.parents:
        return False
    return not anchor or anchor in {slug(title) for title in HEADING.findall(without_code(file))}


def slug(title: str) -> str:
    """A heading as the anchor that a browser knows it by."""
    return re.sub(r"[\s-]+", "-", re.sub(r"[^\w\s-]", "", title).strip().lower())


def test_the_lock_holds_every_dependency_of_the_project_with_hashes() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {plain(name) for name in project["dependencies"] + project["optional-dependencies"]["dev"]}
    blocks = re.split(r"\n(?=\S)", (ROOT / "requirements.lock").read_text(encoding="utf-8"))
    locked = {plain(block): "--hash=sha256:" in block for block in blocks if re.match(r"[A-Za-z0-9]", block)}
    assert wanted <= locked.keys()
    assert all(locked.values())


def test_what_fuzzing_needs_is_locked_with_hashes() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [item.partition(";")[0] for item in project["optional-dependencies"]["fuzz"]]
    blocks = re.split(r"\n(?=\S)", (ROOT / "requirements-fuzz.lock").read_text(encoding="utf-8"))
    assert [block.partition(" ;")[0] for block in blocks] == wanted
    assert all("--hash=sha256:" in block for block in blocks)


def plain(requirement: str) -> str:
    """The normal name of a requirement."""
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found
    return re.sub(r"[-_.]+", "-", found.group()).lower()


def test_every_package_that_a_skipped_test_asks_for_is_installed_by_system_deps() -> None:
    installed = set((ROOT / "tools" / "system-deps").read_text(encoding="utf-8").split())
    asked = re.compile("Debian packages? " + r"((?:[a-z][a-z0-9.+-]+)(?:, [a-z][a-z0-9.+-]+)*)")
    wanted = {
        name for source in sources("tests") for match in asked.findall(source.text) for name in match.split(", ")
    }
    assert wanted
    assert not wanted - installed


def test_the_dates_of_the_changelog_are_real_and_in_order() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    titles = re.findall(r"^## (.+)$", text, re.MULTILINE)
    dates = [date.fromisoformat(title.rpartition(", ")[2]) for title in titles if title != "Not yet released"]
    assert titles
    assert dates == sorted(dates, reverse=True)
    assert all(day >= date(2026, 1, 1) for day in dates)


def test_every_decision_has_a_number_of_its_own_and_none_is_left_out() -> None:
    numbers = sorted(int(path.name[:4]) for path in (ROOT / "docs" / "adr").glob("[0-9]*.md"))
    assert numbers == list(range(1, len(numbers) + 1))
