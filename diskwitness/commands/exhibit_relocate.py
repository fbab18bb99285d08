"""`diskwitness exhibit relocate`: an image of an exhibit lies elsewhere now."""

from pathlib import Path

import click

from casedb.json_values import json_value
from diskwitness.answer import Answer, answering
from diskwitness.case_options import case_option, progress_option
from diskwitness.end_of_job import stamp_recorded
from diskwitness.image_answer import finding_json
from diskwitness.parameters import path, text
from diskwitness.progress_display import progress_display
from diskwitness.stop_signals import stop_requests
from workflow.case_folder import require_case_folder
from workflow.clock import SystemClock
from workflow.pace import Pace
from workflow.relocate_image import relocate_image
from workflow.source_check import DamagedImageError


@click.command("relocate")
@click.argument("reference", type=text, metavar="REF")
@click.argument("image", type=path, metavar="IMAGE")
@click.argument("place", type=path, metavar="NEW_PLACE")
@case_option
@progress_option
@answering
def command(
    answer: Answer, reference: str, image: Path, place: Path, case_folder: Path | None, progress: str
) -> None:
    """Record that IMAGE of the exhibit REF lies at NEW_PLACE now: its first segment there, or the folder.

    Every segment at the new place is read and compared with its recorded digest first.
    """
    clock, case = SystemClock(), require_case_folder(case_folder)
    try:
        with stop_requests() as stop, progress_display(progress) as listener:
            moved = relocate_image(case, reference, image, place, clock, Pace(listener, clock), stop)
    except DamagedImageError as error:
        answer.facts["findings"] = [finding_json(item) for item in error.findings]
        raise
    for warning in moved.warnings:
        answer.warn(warning)
    answer.facts |= {"move": json_value(moved.move), "paths": json_value(moved.paths)}
    answer.say(f"Recorded: {moved.move.old_path} lies at {moved.paths[0]} now")
    answer.say(f"  {moved.move.segment_count} segment files compared by {moved.move.verified_by}")
    stamp_recorded(answer, case)
