"""Where a person's own files lie."""

from pathlib import Path

import pytest

from image.user_folders import configuration_folder, state_folder


@pytest.mark.parametrize(
    ("variable", "configuration", "state"),
    [
        ({}, "/home/a/.config/diskwitness", "/home/a/.local/state/diskwitness"),
        ({"XDG_CONFIG_HOME": "/c", "XDG_STATE_HOME": "/s"}, "/c/diskwitness", "/s/diskwitness"),
        (
            {"XDG_CONFIG_HOME": "c", "XDG_STATE_HOME": ""},
            "/home/a/.config/diskwitness",
            "/home/a/.local/state/diskwitness",
        ),
    ],
)
def test_the_folders_are_where_xdg_says_and_relative_ones_do_not_count(
    variable: dict[str, str], configuration: str, state: str
) -> None:
    environment = {"HOME": "/home/a"} | variable
    assert configuration_folder(environment) == Path(configuration)
    assert state_folder(environment) == Path(state)


def test_without_a_home_the_system_is_asked() -> None:
    assert configuration_folder({}) == Path.home() / ".config" / "diskwitness"
