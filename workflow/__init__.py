"""The jobs a person does, one file each."""
