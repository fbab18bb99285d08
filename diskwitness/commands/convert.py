"""`diskwitness convert`: makes another image of an image, verifies it and records where it comes from."""

from typing import Any

import click

from diskwitness.acquire_answer import answer_plan
from diskwitness.answer import Answer, answering
from diskwitness.case_options import case_option, progress_option
from diskwitness.convert_answer import answer_converted, answer_refused
from diskwitness.convert_options import ConvertChoice, conversion_order
from diskwitness.end_of_job import call_hook, time_stamp
from diskwitness.image_options import also_option, expect_option, manifest_option
from diskwitness.job_control import job_control
from diskwitness.making_options import CARRIED_TEXTS, image_options, matter_options, proof_options
from diskwitness.parameters import path, text
from diskwitness.source_options import pad_option, sector_size_option
from workflow.clock import SystemClock
from workflow.convert_image import convert_image, plan_conversion
from workflow.laboratory import read_laboratory
from workflow.pace import Pace
from workflow.ready_job import Hands
from workflow.source_check import DamagedImageError


@click.command("convert")
@click.argument("image", type=path, metavar="IMAGE")
@click.argument("output", type=path, required=False, metavar="[OUTPUT]")
@click.option("--exhibit", type=text, metavar="REF", help="The exhibit that IMAGE is of, in the case.")
@image_options
@manifest_option
@also_option
@expect_option
@sector_size_option("an IMAGE that does not say")
@pad_option
@click.option(
    "--accept-damage",
    is_flag=True,
    help="Convert an IMAGE that is damaged or not whole too, and list what is not to be relied on.",
)
@proof_options
@matter_options(CARRIED_TEXTS)
@click.option("--dry-run", is_flag=True, help="Tell what would be done, and write nothing.")
@case_option
@progress_option
@answering
def command(answer: Answer, /, **given: Any) -> None:  # noqa: ANN401  # click hands over what it parsed
    """Convert IMAGE, named by its first segment, to E01 or raw: OUTPUT, or each --output, without extension.

    Case data, drive, dates and unreadable sectors are carried over, every digest that IMAGE stores or that is
    recorded of it is compared with what was read, and the new image is verified. IMAGE is only ever read.
    """
    choice, laboratory, clock = ConvertChoice(**given), read_laboratory(), SystemClock()
    order = conversion_order(choice, laboratory)
    try:
        if choice.dry_run:
            answer_plan(answer, plan_conversion(order, clock))
            return
        with job_control(choice.progress) as control:
            hands = Hands(clock, Pace(control.listener, clock), control.stop, answer.warn, control.pauses)
            converted = convert_image(order, laboratory, hands)
    except DamagedImageError as error:
        answer_refused(answer, error)
        return
    answer_converted(answer, converted)
    time_stamp(answer, laboratory.timestamps, order.making.case_folder)
    call_hook(answer, laboratory.hook, exhibit=order.making.exhibit, case=order.making.case_folder)
