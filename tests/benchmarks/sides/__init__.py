"""The sides of the table: a file each, with a class ``Side(folder)`` that has the rows' operations."""
