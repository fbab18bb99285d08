"""The lab configuration."""

from pathlib import Path

import pytest

from image.errors import UsageError
from workflow.laboratory import Laboratory, as_facts, configuration_path, decode_laboratory, read_laboratory

WHOLE = """
agency = "Bureau of Examples"
examiner = "A. Doe"
[letterhead]
address = ["Science Wing", "1 Main Street"]
[defaults]
format = "raw"
verify = false
[hook]
command = ["notify", "--job"]
timeout_seconds = 5
"""


def test_a_configuration_is_read_whole() -> None:
    laboratory = decode_laboratory(WHOLE.encode(), "config.toml")
    assert laboratory.agency == "Bureau of Examples"
    assert laboratory.defaults.verify is False
    assert laboratory.hook.command == ("notify", "--job")


def test_it_is_copied_as_flat_facts() -> None:
    facts = as_facts(decode_laboratory(WHOLE.encode(), "config.toml"))
    assert facts["defaults.format"] == "raw"
    assert facts["letterhead.address"] == "Science Wing\n1 Main Street"
    assert "defaults.compression" not in facts


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("agancy = 'x'", "agancy"),
        ("[defaults]\nverfy = true", "$.defaults"),
        ("agency = 7", "$.agency"),
        ("[hook]\ncommand = 'rm -rf /'", "$.hook.command"),
        ("agency = ", "config.toml"),
    ],
)
def test_what_it_does_not_know_is_refused_by_name(text: str, named: str) -> None:
    with pytest.raises(UsageError) as refused:
        decode_laboratory(text.encode(), "config.toml")
    assert named in str(refused.value)
    assert "\n" not in str(refused.value)


def test_without_a_file_nothing_is_configured(tmp_path: Path) -> None:
    assert read_laboratory(tmp_path / "config.toml") == Laboratory()


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(UsageError):
        read_laboratory(tmp_path / "config.toml")
    with pytest.raises(UsageError):
        read_laboratory(tmp_path)


def test_it_is_looked_for_where_xdg_says() -> None:
    home = {"HOME": "/home/a"}
    assert configuration_path(home) == Path("/home/a/.config/diskwitness/config.toml")
    assert configuration_path(home | {"XDG_CONFIG_HOME": "/x"}) == Path("/x/diskwitness/config.toml")
    assert configuration_path(home | {"XDG_CONFIG_HOME": "x"}) == Path("/home/a/.config/diskwitness/config.toml")
