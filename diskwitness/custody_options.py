"""Options that tell of custody events and of people, for recording them and for correcting them."""

import click

from casedb.records import Rehash, Role
from diskwitness.option_groups import Command, TextOption, with_options, with_texts
from diskwitness.parameters import text

_PEOPLE: tuple[tuple[tuple[str, ...], str], ...] = (
    (("--released-by", "--from", "released_by"), "Who gave it: a name, or a person's id."),
    (("--received-by", "--to", "received_by"), "Who took it."),
    (("--by", "performed_by"), "Who did it: seized, sealed, opened or destroyed it."),
    (("--witness",), "Who saw it; disposal needs one, who is nobody else named."),
)

_TEXTS: tuple[TextOption, ...] = (
    ("--reason", None, "Why."),
    ("--from-place", None, "Where it came from."),
    ("--to-place", None, "Where it went."),
    ("--seal-out", "NUMBER", "The seal that was taken off."),
    ("--seal-in", "NUMBER", "The seal that was put on."),
    ("--condition", None, "The state it was in."),
    ("--authority", None, "By whose order; disposal needs it."),
    ("--method", None, "How it was disposed of; disposal needs it."),
    ("--note", None, "Anything else."),
)

_DETAILS: tuple[TextOption, ...] = (
    ("--identifier", "NUMBER", "Badge or staff number."),
    ("--organisation", None, "Who they work for."),
    ("--phone", None, "Their telephone number."),
    ("--email", None, "Their e-mail address."),
)

_KINDS_OF_REHASH = click.Choice([item.value for item in Rehash])


def people_options(command: Command) -> Command:
    """Add the people of an event, each by name or id."""
    people = [click.option(*names, type=text, metavar="NAME", help=told) for names, told in _PEOPLE]
    return with_options(command, people)


def event_options(command: Command) -> Command:
    """Add the facts of an event but for its kind, time and people."""
    told = "The entry of the verification that was made for it."
    command = click.option("--verification", type=click.IntRange(1), metavar="ENTRY", help=told)(command)
    told = "Whether the hash value was computed again, and what came out."
    command = click.option("--rehash", type=_KINDS_OF_REHASH, help=told)(command)
    return with_texts(command, _TEXTS)


def person_options(command: Command) -> Command:
    """Add what is known of a person but for the name."""
    role = click.Choice([item.value for item in Role])
    command = with_texts(command, _DETAILS)
    return click.option("--role", type=role, help="What they are to the case.")(command)


def because_option(command: Command) -> Command:
    """Add `--because`, which no correction goes without."""
    return click.option("--because", type=text, required=True, help="Why it is corrected.")(command)


def history_option(command: Command) -> Command:
    """Add `--history`."""
    told = "Show also what was said before it was corrected."
    return click.option("--history", is_flag=True, help=told)(command)
