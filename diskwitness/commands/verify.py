"""`diskwitness verify`: re-reads images for proof."""

from typing import Any

import click

from casedb.json_values import Json, json_value
from diskwitness.answer import Answer, answering, error_json
from diskwitness.case_options import case_option, progress_option
from diskwitness.end_of_job import call_hook, time_stamp
from diskwitness.image_answer import VERDICT_CODES, verification_json, verification_lines, worst_verdict
from diskwitness.image_options import also_option, digests_option, expect_option, manifest_option
from diskwitness.parameters import path
from diskwitness.progress_display import progress_display
from diskwitness.stop_signals import stop_requests
from diskwitness.verify_options import VerifyChoice
from image.errors import StoppedError
from workflow.case_folder import find_case_folder
from workflow.clock import SystemClock
from workflow.laboratory import read_laboratory
from workflow.pace import Pace
from workflow.verify_exhibit import UNKNOWN_IMAGE, ImageVerified, verify_exhibit

MAXIMUM_JOBS = 64


@click.command("verify")
@click.argument("images", type=path, nargs=-1, required=True, metavar="IMAGE...")
@manifest_option
@also_option
@click.option(
    "--map",
    "bad_sector_map",
    type=path,
    metavar="FILE",
    help="The bad-sector map; default: the one beside the image.",
)
@click.option(
    "--checksum-file",
    "checksum_files",
    type=path,
    multiple=True,
    metavar="FILE",
    help="Digests or a log of another program; those beside the image are found.",
)
@expect_option
@digests_option("Digests to compute, beside those that are stored or expected.")
@click.option(
    "--source", type=click.Path(readable=False), metavar="DEVICE", help="Also compare with this drive or file."
)
@click.option("--force-mounted", is_flag=True, help="Compare with a source that is in use.")
@click.option("--from-medium", is_flag=True, help="Read from the medium, past the page cache.")
@click.option(
    "--second-opinion/--no-second-opinion", default=False, help="Let libewf decode the E01 too. Default: no."
)
@click.option(
    "--files", is_flag=True, help="Name the files, structures and partitions that hold damaged or unread sectors."
)
@click.option(
    "--segments-only", is_flag=True, help="Compare the segment files with their recorded digests; decode nothing."
)
@click.option(
    "--jobs",
    type=click.IntRange(1, MAXIMUM_JOBS),
    metavar="N",
    help="Threads that decode, or hash segment files; default: as many as there are cores.",
)
@case_option
@progress_option
@answering
def command(answer: Answer, /, **given: Any) -> None:  # noqa: ANN401  # click hands over what it parsed
    """Verify each IMAGE, named by its first segment; its siblings, manifest and checksum files are found.

    The verdict is PASSED, FAILED or INDETERMINATE; a case that knows the image records it.
    """
    laboratory, clock, choice = read_laboratory(), SystemClock(), VerifyChoice(**given)
    case, options = find_case_folder(choice.case_folder), choice.options()
    verified: list[ImageVerified] = []
    with stop_requests() as stop, progress_display(choice.progress) as listener:
        for image in choice.images:
            verified.append(verify_exhibit(image, options, case, clock, Pace(listener, clock), stop))
            if isinstance(verified[-1].error, StoppedError):
                break
    if case is None:
        _name_silent_cases(answer, verified)
    _answer(answer, verified, is_single=len(choice.images) == 1)
    time_stamp(answer, laboratory.timestamps, case)
    call_hook(answer, laboratory.hook, exhibit=None, case=case)


def _name_silent_cases(answer: Answer, verified: list[ImageVerified]) -> None:
    """Warn of each case that holds an image and was not asked: its ledger may know better than the manifest."""
    folders = dict.fromkeys(item.path.parent for item in verified if item.result is not None)
    for case in dict.fromkeys(find_case_folder(None, {}, folder) for folder in folders):
        if case is not None:
            answer.warn(f"not compared with the ledger of the case in {case}: give --case {case}")


def _answer(answer: Answer, verified: list[ImageVerified], *, is_single: bool) -> None:
    """Tell every image's verdict; of several the worst stands above them."""
    for item in verified:
        _answer_image(answer, item)
    if is_single:
        answer.facts |= _image_json(verified[0])
        return
    verdicts = [item.result.verdict for item in verified if item.result]
    worst = worst_verdict(verdicts).value if verdicts else None
    answer.facts |= {"verdict": worst, "images": [_image_json(item) for item in verified]}


def _answer_image(answer: Answer, item: ImageVerified) -> None:
    """One image's lines, warnings and exit codes."""
    if item.error is not None:
        answer.fail(item.error)
    if item.case_error is not None:
        answer.fail(item.case_error)
    if item.not_recorded not in (None, UNKNOWN_IMAGE):
        answer.warn(f"not recorded: {item.not_recorded}")
    if item.result is None:
        return
    for line in verification_lines(item.result):
        answer.say(line)
    if item.recorded is not None:
        answer.say(f"  Recorded in the case: ledger entry {item.recorded.sequence}")
    elif item.not_recorded is not None:
        answer.say(f"  Not recorded: {item.not_recorded}")
    answer.apply(VERDICT_CODES[item.result.verdict])


def _image_json(item: ImageVerified) -> dict[str, Json]:
    """One image as a JSON object."""
    if item.result is None:
        told = json_value(error_json(item.error)) if item.error else None
        return {"verdict": None, "image": {"path": str(item.path)}, "error": told}
    recorded = item.recorded.sequence if item.recorded else None
    return verification_json(item.result) | {"ledger_entry": recorded, "not_recorded": item.not_recorded}
