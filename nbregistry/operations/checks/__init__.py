"""What is looked at before an alias points at a version; one file for each kind of question."""
