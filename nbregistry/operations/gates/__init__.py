"""Gates: what a version has to show before an alias is put on it.

``grammar.lark`` is the language, ``parsing`` reads it into ``requirements``, ``evidence`` finds what was measured, and
``judging`` decides. They judge by stored evaluations, and by verdict where versions are compared: no model is loaded.
"""
