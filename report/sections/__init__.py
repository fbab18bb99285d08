"""The sections of the documents, each made from the record by a function of its own."""
