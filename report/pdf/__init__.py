"""The layout of a report on pages; nothing else imports reportlab."""
