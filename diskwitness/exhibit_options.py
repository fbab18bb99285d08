"""Options that tell of an exhibit, for adding and for correcting it."""

from diskwitness.option_groups import Command, TextOption, with_texts

_OPTIONS: tuple[TextOption, ...] = (
    ("--kind", None, "Hard disk, telephone, computer ..."),
    ("--make", None, "The maker, as on the label."),
    ("--model", None, "The model, as on the label."),
    ("--serial", None, "The serial number, as on the label."),
    ("--capacity", None, "The capacity, as on the label."),
    ("--condition", None, "The state it is in."),
    ("--seal-number", None, "The number of its seal."),
    ("--location", None, "Where it was found."),
    ("--parent", "REF", "The exhibit it was found in."),
)


def exhibit_options(command: Command) -> Command:
    """Add the facts of an exhibit but for its description."""
    return with_texts(command, _OPTIONS)
