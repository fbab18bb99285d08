-- Who signed a report, and the signed file that came of it.
CREATE TABLE report_signatures (
    sequence INTEGER PRIMARY KEY REFERENCES entries (sequence),
    report_id TEXT NOT NULL,
    role TEXT NOT NULL,
    signer TEXT NOT NULL,
    certificate_sha256 TEXT NOT NULL,
    level TEXT NOT NULL,
    file TEXT NOT NULL,
    sha256 TEXT NOT NULL
) STRICT;

CREATE INDEX signatures_of_report ON report_signatures (report_id);
