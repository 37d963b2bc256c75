"""Magics, by what they do to the notebook's names."""

from __future__ import annotations

RUNS_CODE = frozenset(
    {
        "time", "timeit", "prun", "memit", "mprun", "lprun", "snakeviz", "pyinstrument", "capture", "scalene",
    }
)  # fmt: skip
"""Those that run the code that stands after them."""

OWN = frozenset(
    {
        "nbr", "register", "versions", "compare", "rollback", "promote", "lineage", "evaluate", "reproduce", "registry",
    }
)  # fmt: skip
"""Those of this registry."""

NO_EFFECT = frozenset(
    {
        "matplotlib", "config", "pinfo", "pinfo2", "pdoc", "pdef", "psource", "pfile", "who", "whos", "who_ls",
        "history", "hist", "pip", "conda", "mamba", "micromamba", "uv", "autoreload", "aimport", "xmode", "colors",
        "precision", "doctest_mode", "automagic", "lsmagic", "notebook", "debug", "pdb", "tb", "gui", "alias", "pwd",
        "ls", "pycat", "cat", "quickref", "magic", "watermark", "tensorboard", "psearch", "page", "pprint", "logstart",
        "logstop", "logoff", "logon", "edit", "recall", "rerun", "load", "save", "pastebin", "killbgscripts", "dhist",
        "dirs", "bookmark", "connect_info", "qtconsole", "rehashx", "html", "unload_ext", "code_wrap", "subshell",
        "clear", "less", "more", "man", "sql_show", "macro", "loadpy", "popdir", "memit_setup",
    }
)  # fmt: skip
"""Those that neither bind names nor change objects or files."""

BIND_NOTHING = frozenset({"autoreload", "tensorboard", "watermark", "memory_profiler", "line_profiler"})
"""Extensions whose magics make nothing."""
