"""The kinds of documents, each as its sections, made from the record and what was told for the report."""
