"""What a panel needs, whatever draws it: pages of rows, sections of a version's page, and changes with a dry run.

The notebook's widgets and JupyterLab's sidebar both stand on this, so that what one of them can do the other can too.
"""
