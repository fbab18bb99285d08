"""The image: its segment files, and what was recorded while it was made."""

from casedb.records import Manifest
from report.document import Block, Column, Fact, Facts, Paragraph, Section, Table
from report.limits import Limits
from report.phrases import bytes_text, counted, format_text, image_name, instant_text
from report.sections.reading import left_out_text

_SEGMENT_COLUMNS = (
    Column("File", 17, code=True),
    Column("Bytes", 11, right=True),
    Column("First sector", 11, right=True),
    Column("SHA-256 of the file", 61, code=True),
)
_EVENT_COLUMNS = (Column("Time", 22), Column("Event", 14), Column("Detail", 64))
_MESSAGE_COLUMNS = (Column("Message", 100, code=True),)


def image_facts(manifest: Manifest) -> tuple[Fact, ...]:
    """What the image is: name, format, files, size, and the image it was made of where it was not of a drive."""
    origin = manifest.job.converted_from
    total_bytes = sum(item.size_bytes for item in manifest.segments)
    files = counted(len(manifest.segments), "segment file")
    return (
        Fact("Image", image_name(manifest), code=True),
        Fact("Format", format_text(manifest.job.parameters.format)),
        Fact("Files", f"{files}, together {bytes_text(total_bytes)}"),
        Fact("Size of the data", bytes_text(manifest.media.size_bytes)),
        *((Fact("Converted from", origin.path, code=True),) if origin is not None else ()),
    )


def segments_section(manifest: Manifest) -> Section:
    """The section with every segment file and its SHA-256."""
    rows = tuple(
        (item.file, str(item.size_bytes), str(item.first_sector), item.sha256) for item in manifest.segments
    )
    facts = (*image_facts(manifest), *_folder_facts(manifest))
    return Section(
        "Segment files",
        (Facts(facts), Table("Segment files of the image", _SEGMENT_COLUMNS, rows)),
    )


def _folder_facts(manifest: Manifest) -> tuple[Fact, ...]:
    """Where the segment files were written, of a set that went on in another folder."""
    folders: dict[str | None, list[str]] = {}
    for item in manifest.segments:
        folders.setdefault(item.folder, []).append(item.file)
    if not set(folders) - {None}:
        return ()
    return tuple(
        Fact("Written to", f"{folder or 'the folder of the manifest'}: {_files_text(files)}")
        for folder, files in folders.items()
    )


def _files_text(files: list[str]) -> str:
    """A run of segment files in words."""
    return files[0] if len(files) == 1 else f"{files[0]} to {files[-1]} ({counted(len(files), 'file')})"


def events_section(manifest: Manifest, limits: Limits) -> Section:
    """The section about what happened during the job: its events and the kernel's messages."""
    events, messages = manifest.read.events, manifest.read.kernel_messages
    where = "the manifest beside the image holds them all"
    blocks: list[Block] = []
    if events:
        rows = tuple((instant_text(item.at), item.kind, item.detail) for item in events[: limits.events])
        left_out = _left_out_events(manifest, len(rows))
        blocks.append(Table("Events of the job", _EVENT_COLUMNS, rows, left_out))
    else:
        blocks.append(Paragraph("No event of the job is recorded: no stop, no lost output, no warning."))
    if messages:
        lines = tuple((line,) for line in messages[: limits.messages])
        left_out = left_out_text(len(lines), len(messages), "message", where)
        blocks.append(Table("Kernel messages about the source", _MESSAGE_COLUMNS, lines, left_out))
    else:
        blocks.append(Paragraph("No kernel message about the source is recorded."))
    return Section("Events and kernel messages", tuple(blocks))


def _left_out_events(manifest: Manifest, printed: int) -> str | None:
    """The line under the events where some are not printed, or were too many to be kept."""
    kept, more = len(manifest.read.events), manifest.read.left_out_events
    held = "the first 1,000 of each kind" if more else "them all"
    return left_out_text(printed, kept + more, "event", f"the manifest beside the image holds {held}")
