"""The sentences that a report says every time: what a number covers, what a safeguard proves and what not."""

from report.wording import english

ZERO_FILL = english(
    "Sectors that could not be read were filled with zeros in the image. The hash values are those of the data "
    "in the image, these zeros included: they are not hash values of what the unreadable sectors once held. "
    "A later reading of the drive may get other sectors and then gives other hash values."
)
SOURCE_FILL = english(
    "Sectors that are called unreadable in the image this one was converted from, or that were damaged in it, hold "
    "here what they hold there. The hash values are those of the data in the image, these sectors included: they "
    "are not hash values of what such sectors once held on the drive."
)
CONVERTED = english(
    "This image was made of another image, not of a drive. What follows is what that image and the files beside it "
    "state; of its data, the hash values below were computed again while it was read."
)
ACCEPTED_DAMAGE = english(
    "The conversion was to go on even if the source image were damaged. What was found to be damaged is among the "
    "findings and must not be relied on."
)
NO_ZERO_FILL = english("Every sector was read. The hash values are those of all the data read.")
RELIED_ON = english(
    "SHA-256 is the hash value relied on. MD5 and SHA-1, where given, are there because other programs store "
    "and compare them."
)
NO_SHA256 = english("No SHA-256 hash value was computed. MD5 and SHA-1 do not withstand deliberate collisions.")
COUNTERS = english(
    "The kernel counts the write requests that it sends to a device. Unchanged counters show that nothing on this "
    "computer wrote through the kernel's block layer during the acquisition. They do not cover commands that "
    "bypass it (SCSI pass-through, SG_IO), nor anything the drive does by itself; the read-only flag does not "
    "stop such commands either. A hardware write blocker between drive and computer does."
)
WRITTEN = english(
    "The kernel's write counter of the source changed during the acquisition: something on this computer wrote to "
    "the source while it was read. The record does not show what was written, or where."
)
PASSED = english(
    "The image was read again after the acquisition. Everything that was recorded about it was checked and agrees."
)
PASSED_SEGMENTS = english(
    "Every segment file of the image was read again and is, byte for byte, the one that was recorded. The data "
    "inside was not decoded, and its hash values were not computed again."
)
FAILED = english(
    "The image disagrees with what was recorded about it. Section “Findings” says what differs, and where."
)
INDETERMINATE = english(
    "Something could not be checked. The image has neither passed nor failed. Section “Findings” says what is open."
)
UNVERIFIED = english("The image is complete. No verification of it is recorded.")
UNFINISHED = english("The acquisition did not reach its end. There is no complete image of this exhibit.")
REDACTED_END = english(
    "How the acquisition ended was taken out of the record by order. Nothing is said of its image here."
)
REDACTED_ACQUISITION = english("An acquisition of this exhibit was taken out of the record by order.")
NOT_ACQUIRED = english("No acquisition of this exhibit is recorded.")
DRIVE_COUNTERS = english(
    "These numbers are the drive's own, as smartctl read them before the first sector and after the last. Makers "
    "count differently, so a number alone says little. A counter of errors that rose is among the findings."
)
SLOW_AREAS = english(
    "These sectors were read, but slowly: in at least ten times the time that the median of the reads before them "
    "asks for, and in at least one second. A drive that needs many tries for a sector looks so."
)
ALL_ZEROS = english(
    "Every sector that was read holds zeros. An empty drive looks so; so does hardware that answers with zeros "
    "instead of its data."
)
HIGH_ENTROPY = english(
    "Nearly all sectors that hold anything but zeros cannot be compressed. Full-disk encryption looks so; so do a "
    "drive wiped with random data and compressed content. The record cannot tell them apart."
)
FILES_FOUND = english(
    "The file systems of the image were read to find what these sectors belong to. In the place of unread sectors "
    "the image holds zeros: a file that contains some looks whole and is not. A deleted file is listed with the "
    "space that it had; other files may use that space now. What the file system does not tell is not listed."
)
FILES_NONE = english("No file was found that contains {kinds} sectors.")
SECTOR_NUMBERS = english("Sectors are numbered from 0, the first sector of the image.")
FACTS_ONLY = english(
    "This document states facts that the program observed or that a named person entered. It gives no opinion."
)
ONLY_THIS_EXHIBIT = english("It relates only to the exhibit named in it and to the files listed in it.")
IN_FULL = english("It should be copied only in full.")
ABSENT = english("“Not recorded” means that the record holds nothing on this point; it does not mean “none”.")
GLYPHS = english(
    "Characters in square brackets such as [U+202E] stand for characters that cannot be seen or printed safely."
)
TIMES = english("Times are local to the computer that recorded them and carry their offset from UTC.")
HIDDEN_AREAS = english(
    "Areas that the drive hides (HPA, DCO), sectors that it replaced and the spare area of flash memory were not "
    "looked for and are not in the image."
)
LIMIT_SOLID_STATE = english(
    "The source is a solid-state drive. Such a drive may change what it holds by itself, as soon as it has power "
    "(TRIM, wear levelling); a later reading may give other data."
)
LIMIT_NO_BLOCKER = english("No hardware write blocker is recorded.")
LIMIT_RANGE = english(
    "Only sectors {first} to {last} of the source were asked for; the source has {sectors} sectors."
)
LIMIT_UNREAD = english("Sectors could not be read. {unread}.")
LIMIT_NO_VERIFICATION = english("The image was not verified after the acquisition, or the record does not say so.")
NO_LIMITATION = english("The record shows no limit of its own.")
HOLDS_CHECKPOINT = english(
    "Does it still hold the state that this report was made of? The checkpoint is attached to this PDF (poppler's "
    "pdfdetach takes it out):"
)
CHECKPOINT = english(
    "The checkpoint says how many entries the record had and what they were, without saying what is in them. Keep "
    "this paper: should the record be changed, cut short or exchanged afterwards, it no longer fits. The "
    "checkpoint is attached to the PDF as checkpoint.txt and stands in the QR code, word for word; in a file, it "
    "is compared by: diskwitness ledger verify --checkpoint FILE"
)
CHECKPOINT_CODE = english("A QR code of the signed checkpoint, which also stands above in words.")
STAMPED = english(
    "Was that checkpoint known at the time that the authority names (OpenSSL; AUTHORITY.pem is its certificate)?"
)
RECEIPT = english("The people named here handed over and took over the exhibit named here.")
MATCH = english(
    "The image that was verified is the acquired one, in everything that was recorded of it and compared."
)
MATCH_SEGMENTS = english(
    "Every segment file is, byte for byte, the one that was recorded. The data inside was not decoded, and its "
    "hash values were not computed again."
)
MISMATCH = english("The image that was verified is not the one that was recorded. What differs stands below.")
INCOMPLETE = english(
    "Something could not be compared. This certificate says neither that the image matches nor that it does not."
)
CERTIFICATE_ANNEX = english("The annex tells how; it has all findings, all files and the checkpoint.")
CERTIFICATE_LINE = english("The line below compares the files; the annex tells the rest.")
ONLY_THIS_CASE = english("It relates only to the exhibits named in it and to the files listed in it.")
DRAFT = english("DRAFT - to be reviewed by counsel")
STATEMENT_BASIS = english(
    "The facts below come from the record; what only a person can say was told by that person, or is to be filled "
    "in by hand. The words are those of the person who signs."
)
CHECKING = english(
    "Anyone who holds the image and the files beside it can repeat these checks, on any computer. Type the "
    "lines in the folder of the image."
)
NO_GLYPH = english("No font at hand has these characters; they are printed as their numbers. How many:")
ENCLOSED = english(
    "These files are inside the PDF of this document, word for word as they were when it was made. A viewer lists "
    "them as attachments."
)
TAKEN_OUT = english("This line takes them out (poppler):")
