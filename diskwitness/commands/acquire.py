"""`diskwitness acquire`: images a drive or file, verifies the image and records it."""

from collections.abc import Callable
from typing import Any

import click

from diskwitness.acquire_answer import answer_acquired, answer_plan
from diskwitness.acquire_options import AcquireChoice, acquisition_order
from diskwitness.answer import Answer, answering
from diskwitness.case_options import case_option, progress_option
from diskwitness.clock_options import clock_options
from diskwitness.end_of_job import call_hook, time_stamp
from diskwitness.job_control import job_control
from diskwitness.making_options import MATTER_TEXTS, image_options, matter_options, proof_options
from diskwitness.parameters import text
from diskwitness.rescue_options import rescue_options
from diskwitness.resume_options import given_names, go_on_command, resume_options
from diskwitness.source_options import source_options
from workflow.acquire_exhibit import acquire_exhibit, plan_exhibit
from workflow.acquisition_order import AcquisitionOrder, ExhibitAcquired
from workflow.clock import SystemClock
from workflow.laboratory import TEMPERATURE_LIMITS_CELSIUS, Laboratory, read_laboratory
from workflow.pace import Pace
from workflow.ready_job import Hands

MAXIMUM_WAIT_SECONDS = 30 * 24 * 3600

Making = Callable[[AcquisitionOrder, Laboratory, Hands], ExhibitAcquired]


@click.command("acquire")
@click.argument("source", type=click.Path(readable=False), metavar="SOURCE")
@click.option("--exhibit", type=text, metavar="REF", help="The exhibit that SOURCE is, in the case.")
@image_options
@source_options
@rescue_options
@proof_options
@click.option(
    "--temperature-limit",
    type=click.IntRange(*TEMPERATURE_LIMITS_CELSIUS),
    metavar="CELSIUS",
    help="Pause above so many degrees of the drive until it is 5 degrees cooler.",
)
@click.option("--blocker", type=text, metavar="TEXT", help="The hardware write blocker in use, as a fact.")
@clock_options
@matter_options(MATTER_TEXTS)
@resume_options
@click.option(
    "--wait-for-device",
    type=click.IntRange(0, MAXIMUM_WAIT_SECONDS),
    default=0,
    show_default=True,
    metavar="SECONDS",
    help="Wait so long for a source that was lost, and go on when it is back.",
)
@click.option("--dry-run", is_flag=True, help="Tell what would be done, and write nothing.")
@case_option
@progress_option
@answering
def command(answer: Answer, /, **given: Any) -> None:  # noqa: ANN401  # click hands over what it parsed
    """Image SOURCE, a block device or a file, sector by sector; then verify the image.

    The source is only ever read. With a case, the image goes to the case's folder and into its ledger.
    """
    choice, laboratory, clock = AcquireChoice(**given), read_laboratory(), SystemClock()
    order = acquisition_order(choice, laboratory, given_names(click.get_current_context()))
    if choice.retry_bad is not None:
        from workflow.retry_bad import retry_order

        order = retry_order(order, choice.retry_bad, resumes=choice.resume)
    if choice.dry_run:
        answer_plan(answer, plan_exhibit(order, clock))
        return
    with job_control(choice.progress) as control:
        hands = Hands(clock, Pace(control.listener, clock), control.stop, answer.warn, control.pauses)
        acquired = _making(resume=choice.resume)(order, laboratory, hands)
    answer_acquired(answer, acquired, lambda outputs: f"Go on with: {go_on_command(order, outputs)}")
    time_stamp(answer, laboratory.timestamps, order.case_folder)
    call_hook(answer, laboratory.hook, exhibit=order.exhibit, case=order.case_folder)


def _making(*, resume: bool) -> Making:
    """What carries the order out; going on is loaded only where it is asked for."""
    if not resume:
        return acquire_exhibit
    from workflow.resume_exhibit import resume_exhibit

    return resume_exhibit
