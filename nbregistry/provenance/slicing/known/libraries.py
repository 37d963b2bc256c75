"""Libraries whose functions give new objects and leave their arguments alone, but for those that are listed."""

from __future__ import annotations

import sys

KNOWN = frozenset(
    {
        *sys.stdlib_module_names, "IPython", "PIL", "altair", "bokeh", "category_encoders", "cycler", "dask", "faiss",
        "google", "graphviz", "h5py", "imageio", "imblearn", "ipywidgets", "joblib", "lightgbm", "matplotlib", "mlflow",
        "mpl_toolkits", "nbregistry", "networkx", "nltk", "numba", "numexpr", "numpy", "optuna", "pandas", "patsy",
        "plotly", "polars", "psutil", "pyarrow", "requests", "scipy", "seaborn", "shap", "skimage", "sklearn", "skops",
        "statsmodels", "sympy", "tabulate", "threadpoolctl", "tqdm", "xgboost", "yaml", "yellowbrick",
    }
)  # fmt: skip
"""Top-level modules of which that is known."""

SHOWS = frozenset(
    {
        "IPython", "altair", "bokeh", "cycler", "graphviz", "google", "ipywidgets", "logging", "matplotlib",
        "mpl_toolkits", "plotly", "seaborn", "tabulate", "tqdm", "warnings", "yellowbrick", "pprint", "nbregistry",
        "mlflow",
    }
)  # fmt: skip
"""Top-level modules that plot, print, log or report: their settings change no model."""

CONTAINERS = {
    "builtins.list": "list",
    "builtins.set": "list",
    "builtins.tuple": "list",
    "builtins.frozenset": "list",
    "builtins.sorted": "list",
    "builtins.reversed": "iterator",
    "builtins.dict": "dict",
    "builtins.zip": "iterator",
    "builtins.enumerate": "iterator",
    "builtins.map": "iterator",
    "builtins.filter": "iterator",
    "builtins.iter": "iterator",
    "collections.OrderedDict": "dict",
    "collections.defaultdict": "dict",
    "collections.Counter": "dict",
    "collections.ChainMap": "dict",
    "collections.deque": "list",
    "itertools.chain": "iterator",
    "itertools.chain.from_iterable": "iterator",
    "itertools.cycle": "iterator",
    "itertools.product": "iterator",
    "itertools.combinations": "iterator",
    "itertools.permutations": "iterator",
    "itertools.islice": "iterator",
    "itertools.zip_longest": "iterator",
    "itertools.tee": "iterator",
    "itertools.count": "iterator",
    "itertools.repeat": "iterator",
    "itertools.starmap": "iterator",
    "tqdm.tqdm": "iterator",
    "tqdm.auto.tqdm": "iterator",
    "tqdm.notebook.tqdm": "iterator",
    "copy.copy": "copy",
    "copy.deepcopy": "copy",
    "sklearn.base.clone": "copy",
    "sklearn.clone": "copy",
}
"""What makes a container of its arguments' elements, or a copy."""

RNGS = frozenset(
    {
        "numpy.random.RandomState", "numpy.random.default_rng", "numpy.random.Generator",
        "numpy.random.mtrand.RandomState", "sklearn.utils.check_random_state",
        "sklearn.utils.validation.check_random_state", "random.Random", "torch.Generator", "numpy.random.PCG64",
        "numpy.random.MT19937", "numpy.random.SeedSequence", "numpy.random.Philox", "numpy.random.SFC64",
        "random.SystemRandom",
    }
)  # fmt: skip
"""What makes a state of random numbers of its own, which each draw changes."""

SHARES = frozenset(
    {
        "asarray", "asanyarray", "ascontiguousarray", "asfortranarray", "atleast_1d", "atleast_2d", "atleast_3d",
        "ravel", "reshape", "transpose", "swapaxes", "moveaxis", "squeeze", "expand_dims", "broadcast_to",
        "broadcast_arrays", "diagonal", "split", "array_split", "hsplit", "vsplit", "flip", "fliplr", "flipud", "rot90",
        "real", "imag", "sliding_window_view", "as_strided", "check_array", "check_X_y", "as_float_array",
        "column_or_1d", "getattr", "next", "DataFrame", "Series",  "view_as_windows", "validate_data",
        "indexable", "safe_mask", "reduce", "max", "min", "itemgetter", "identity", "frombuffer",
        "from_dlpack", "choice", "cast", "nditer", "ndenumerate", "nan_to_num", "vars", "super", "get_ipython",
    }
)  # fmt: skip
"""Functions of known libraries whose result may be, or look into, their arguments."""

ONE_OF = frozenset({"next", "getattr", "max", "min", "reduce", "choice", "identity", "vars"})
"""Of these, those whose result is one of the elements of what they are given."""

HOLDS_AND_FITS = frozenset(
    {
        "Pipeline", "FeatureUnion", "make_pipeline", "make_union", "FrozenEstimator", "partial", "ImbPipeline",
    }
)  # fmt: skip
"""Of known libraries: what works on the very objects that it was given, where other estimators clone them."""

PLAIN_DATA = frozenset(
    {
        "numpy", "pandas", "scipy", "polars", "datetime", "decimal", "fractions", "pathlib", "re", "pyarrow",
    }
)  # fmt: skip
"""Libraries whose objects are data: what their methods change is listed in full."""
