"""The image: its segment files, and what was recorded while it was made."""

from casedb.records import Manifest
from report.document import Block, Column, Fact, Facts, Paragraph, Section, Table, in_words
from report.limits import Limits
from report.phrases import bytes_text, files_text, format_text, image_name, instant_text, segment_files_text
from report.sections.reading import left_out_text
from report.terms import term
from report.wording import english, say, say_number

_SEGMENT_COLUMNS = (
    Column(english("File"), 17, code=True),
    Column(english("Bytes"), 11, right=True),
    Column(english("First sector"), 11, right=True),
    Column(english("SHA-256 of the file"), 61, code=True),
)
_EVENT_COLUMNS = (Column(english("Time"), 22), Column(english("Event"), 14), Column(english("Detail"), 64))
_MESSAGE_COLUMNS = (Column(english("Message"), 100, code=True),)

_HOLDS_ALL = english("the manifest beside the image holds them all")
_HOLDS_FIRST = english("the manifest beside the image holds the first 1,000 of each kind")


def image_facts(manifest: Manifest) -> tuple[Fact, ...]:
    """What the image is: name, format, files, size, and the image it was made of where it was not of a drive."""
    origin = manifest.job.converted_from
    total_bytes = sum(item.size_bytes for item in manifest.segments)
    files, total = segment_files_text(len(manifest.segments)), bytes_text(total_bytes)
    return (
        Fact(say("Image"), image_name(manifest), code=True),
        Fact(say("Format"), format_text(manifest.job.parameters.format)),
        Fact(say("Files"), say("{files}, together {size}", files=files, size=total)),
        Fact(say("Size of the data"), bytes_text(manifest.media.size_bytes)),
        *((Fact(say("Converted from"), origin.path, code=True),) if origin is not None else ()),
    )


def segments_section(manifest: Manifest) -> Section:
    """The section with every segment file and its SHA-256."""
    rows = tuple(
        (item.file, str(item.size_bytes), str(item.first_sector), item.sha256) for item in manifest.segments
    )
    facts = (*image_facts(manifest), *_folder_facts(manifest))
    return Section(
        say("Segment files"),
        (Facts(facts), Table(say("Segment files of the image"), in_words(_SEGMENT_COLUMNS), rows)),
    )


def _folder_facts(manifest: Manifest) -> tuple[Fact, ...]:
    """Where the segment files were written, of a set that went on in another folder."""
    folders: dict[str | None, list[str]] = {}
    for item in manifest.segments:
        folders.setdefault(item.folder, []).append(item.file)
    if not set(folders) - {None}:
        return ()
    return tuple(
        Fact(say("Written to"), f"{folder or say('the folder of the manifest')}: {_files_text(files)}")
        for folder, files in folders.items()
    )


def _files_text(files: list[str]) -> str:
    """A run of segment files in words."""
    if len(files) == 1:
        return files[0]
    return say("{first} to {last} ({files})", first=files[0], last=files[-1], files=files_text(len(files)))


def events_section(manifest: Manifest, limits: Limits) -> Section:
    """The section about what happened during the job: its events and the kernel's messages."""
    events, messages = manifest.read.events, manifest.read.kernel_messages
    where = say(_HOLDS_ALL)
    blocks: list[Block] = []
    if events:
        rows = tuple((instant_text(item.at), term(item.kind), item.detail) for item in events[: limits.events])
        left_out = _left_out_events(manifest, len(rows))
        blocks.append(Table(say("Events of the job"), in_words(_EVENT_COLUMNS), rows, left_out))
    else:
        blocks.append(Paragraph(say("No event of the job is recorded: no stop, no lost output, no warning.")))
    if messages:
        lines = tuple((line,) for line in messages[: limits.messages])
        every = say_number("{count} message", "{count} messages", len(messages))
        left_out = left_out_text(len(lines), len(messages), every, where)
        blocks.append(Table(say("Kernel messages about the source"), in_words(_MESSAGE_COLUMNS), lines, left_out))
    else:
        blocks.append(Paragraph(say("No kernel message about the source is recorded.")))
    return Section(say("Events and kernel messages"), tuple(blocks))


def _left_out_events(manifest: Manifest, printed: int) -> str | None:
    """The line under the events where some are not printed, or were too many to be kept."""
    kept, more = len(manifest.read.events), manifest.read.left_out_events
    held = say(_HOLDS_FIRST) if more else say(_HOLDS_ALL)
    every = say_number("{count} event", "{count} events", kept + more)
    return left_out_text(printed, kept + more, every, held)
