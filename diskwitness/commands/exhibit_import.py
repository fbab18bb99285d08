"""`diskwitness exhibit import`: an image made elsewhere becomes part of the record."""

from pathlib import Path

import click

from diskwitness.answer import Answer, answering
from diskwitness.case_options import case_option, progress_option
from diskwitness.end_of_job import stamp_recorded
from diskwitness.image_answer import VERDICT_CODES, verification_json, verification_lines
from diskwitness.image_options import digests_option
from diskwitness.import_answer import import_json, import_lines
from diskwitness.option_groups import Command, with_texts
from diskwitness.parameters import path, text
from diskwitness.progress_display import progress_display
from diskwitness.stop_signals import stop_requests
from image.imported import A_PERSON, StatedFact
from image.log_facts import normal_time
from workflow.case_folder import require_case_folder
from workflow.clock import SystemClock
from workflow.import_image import ImageImport, ImportOrder, import_image
from workflow.pace import Pace
from workflow.verify_exhibit import VerifyOptions

ENTERED = {
    "acquired": ("started", "When it was acquired, ISO 8601; without an offset its zone counts as not stated."),
    "program": ("program", "The program that made it, with its version."),
    "examiner": ("examiner", "Who made it."),
    "host": ("host", "The computer that it was made on."),
    "source": ("source", "The device that was read."),
    "blocker": ("write_blocker", "The hardware write blocker that was in use."),
    "note": ("notes", "Anything else."),
}
"""Option -> the name of the fact that a person enters by it, and its help."""


def entered_options(command: Command) -> Command:
    """Add the options by which a person states facts."""
    return with_texts(command, [(f"--{name}", "TEXT", line) for name, (_, line) in ENTERED.items()])


@click.command("import")
@click.argument("reference", type=text, metavar="REF")
@click.argument("image", type=path, metavar="IMAGE")
@click.option(
    "--log",
    "logs",
    type=path,
    multiple=True,
    metavar="FILE",
    help="A log of the program that made it, or the map of a ddrescue; repeatable.",
)
@entered_options
@click.option("--verify/--no-verify", default=True, help="Re-read the image before it is recorded. Default: yes.")
@digests_option("Digests to compute, beside those stated.")
@case_option
@progress_option
@answering
def command(
    answer: Answer,
    /,
    reference: str,
    image: Path,
    logs: tuple[Path, ...],
    verify: bool,
    names: tuple[str, ...],
    case_folder: Path | None,
    progress: str,
    **entered: str | None,
) -> None:
    """Record IMAGE, named by its first segment, as an image of the exhibit REF.

    The image stays where it is. Each fact says who states it: image header, manifest, log, a person, or what was
    computed now; what disagrees is a warning.
    """
    order = ImportOrder(image, reference, logs, _entered(entered), verify, VerifyOptions(names))
    clock, case = SystemClock(), require_case_folder(case_folder)
    with stop_requests() as stop, progress_display(progress) as listener:
        done = import_image(case, order, clock, Pace(listener, clock), stop)
    _answer(answer, done)
    stamp_recorded(answer, case)


def _entered(given: dict[str, str | None]) -> tuple[StatedFact, ...]:
    """What a person states, by the names of facts."""
    found = ((ENTERED[option][0], value) for option, value in given.items() if value)
    return tuple(
        StatedFact(name, normal_time(value) if name == "started" else value, A_PERSON) for name, value in found
    )


def _answer(answer: Answer, done: ImageImport) -> None:
    """What was recorded, what disagrees, and the verdict."""
    for note in done.notes:
        answer.warn(note)
    for warning in done.imported.warnings:
        answer.warn(warning)
    for line in import_lines(done.imported):
        answer.say(line)
    answer.facts |= verification_json(done.result) if done.result is not None else {"verdict": None}
    answer.facts["import"] = import_json(done.imported)
    if done.result is None:
        answer.warn("the image was not read: nothing is proven of it until `verify` has passed")
        return
    for line in verification_lines(done.result):
        answer.say(line)
    answer.apply(VERDICT_CODES[done.result.verdict])
