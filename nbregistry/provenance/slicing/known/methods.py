"""Methods, by name: which change the object they are called on, and which give something new."""

from __future__ import annotations

CHANGE = frozenset(
    {
        "fit", "fit_transform", "fit_predict", "fit_resample", "partial_fit", "append", "appendleft", "add", "insert",
        "extend", "extendleft", "update", "pop", "popitem", "popleft", "remove", "discard", "clear", "sort", "reverse",
        "setdefault", "fill", "put", "itemset", "partition", "resize", "setflags", "byteswap", "setfield",
        "__setitem__", "__delitem__", "__setattr__", "write", "writelines", "send", "close", "isetitem", "set_params",
        "rotate", "move_to_end", "subtract", "symmetric_difference_update", "intersection_update", "difference_update",
        "set_flags", "set_output", "train", "step", "zero_grad", "backward", "compile", "load_state_dict",
        "load_weights", "set_weights", "add_module", "register_buffer", "requires_grad_", "init_app", "seed",
        "set_state", "load_model", "build", "manual_seed", "shuffle", "setdiag", "eliminate_zeros", "sum_duplicates",
        "sort_indices", "prune", "drop_duplicates_", "optimize",
    }
)  # fmt: skip
"""Methods that change their object, whatever it is."""

GROWS = frozenset(
    {
        "append", "appendleft", "add", "insert", "extend", "extendleft", "update", "setdefault", "put", "push",
    }
)  # fmt: skip
"""Of these, those by which a container takes what it is given."""

ELEMENTS = frozenset({"extend", "extendleft", "update"})
"""Of these, those by which it takes the elements of what it is given."""

FITS = frozenset({"fit", "fit_transform", "fit_predict", "fit_resample", "partial_fit"})
"""Methods that train."""

GIVES_SELF = frozenset(
    {
        "fit", "partial_fit", "set_params", "set_output", "train", "eval", "to", "cpu", "cuda", "requires_grad_",
        "compile",
    }
)  # fmt: skip
"""Methods that give back the object itself."""

NEW = frozenset(
    {
        "predict", "predict_proba", "predict_log_proba", "decision_function", "score", "score_samples", "transform",
        "fit_predict", "fit_transform", "inverse_transform", "copy", "astype", "mean", "sum", "std", "var", "min",
        "max", "median", "count", "cumsum", "cumprod", "prod", "round", "clip", "argsort", "argmax", "argmin",
        "nunique", "unique", "value_counts", "corr", "cov", "describe", "quantile", "isna", "isnull", "notna",
        "notnull", "dot", "merge", "apply", "applymap", "map", "tolist", "to_list", "to_dict", "to_string", "to_csv",
        "to_html", "dropna", "fillna", "drop", "drop_duplicates", "sort_values", "sort_index", "reset_index",
        "set_index", "rename", "replace", "assign", "sample", "get_dummies", "groupby", "agg", "aggregate", "pivot",
        "pivot_table", "melt", "toarray", "todense", "tocsr", "tocsc", "flatten", "join", "format", "strip", "split",
        "lower", "upper", "startswith", "endswith", "encode", "decode", "kneighbors", "nonzero", "any", "all", "item",
        "rand", "randn", "randint", "normal", "uniform", "permutation", "get_feature_names_out", "get_params",
        "duplicated", "diff", "shift", "rolling", "repeat", "concat", "query", "filter", "interpolate", "isin",
        "between", "to_numpy_copy", "select_dtypes", "nlargest", "nsmallest", "idxmax", "idxmin", "compute", "numpy",
    }
)  # fmt: skip
"""Methods of known libraries' objects whose result shares nothing with the object."""

LEAVES = NEW | frozenset(
    {
        "T", "at", "iat", "iloc", "loc", "items", "keys", "values", "get", "index", "head", "tail", "info", "plot",
        "hist", "boxplot", "reshape", "ravel", "squeeze", "view", "transpose", "swapaxes", "iterrows", "itertuples",
        "to_numpy", "apply", "pipe", "eval", "parameters", "named_parameters", "state_dict", "children", "modules",
        "summary", "get_config", "get_weights", "evaluate", "show", "savefig", "save", "dump", "render", "get_booster",
        "feature_importance", "save_model", "get_split_indices", "get_n_splits", "readline", "staged_predict",
        "staged_predict_proba", "staged_decision_function", "decision_path", "get_depth", "get_n_leaves", "sparsify_",
        "densify_", "get_metadata_routing", "union", "intersection", "difference", "issubset", "issuperset",
        "isdisjoint", "most_common", "elements", "total", "cpu", "detach", "size", "dim", "numel", "tobytes", "tofile",
        "diagonal", "trace", "conj", "searchsorted", "compress", "take", "choose", "memory_usage", "equals", "iter",
        "exists", "is_file", "is_dir", "resolve", "absolute", "as_posix", "relative_to", "with_suffix", "with_name",
        "joinpath", "glob", "rglob", "iterdir", "stat", "match", "search", "findall", "finditer", "sub", "group",
        "groups", "fullmatch", "cross_validate", "get_fscore", "get_score", "num_boosted_rounds", "error_norm",
        "mahalanobis", "perplexity", "log_marginal_likelihood", "sample_y", "bic", "aic", "lower_bound_", "n_features",
        "_repr_html_", "get_support", "cost_complexity_pruning_path", "path", "build_preprocessor", "build_analyzer",
        "build_tokenizer", "get_stop_words", "radius_neighbors", "kneighbors_graph", "radius_neighbors_graph",
        "get_covariance", "get_precision", "reconstruct", "get_indices", "get_shape", "get_submatrix", "isoformat",
        "strftime", "timestamp", "total_seconds", "title", "capitalize", "zfill", "ljust", "rjust", "center", "rstrip",
        "lstrip", "splitlines", "partition_", "rpartition", "isdigit", "isalpha", "isalnum", "isnumeric", "casefold",
    }
)  # fmt: skip
"""Methods that change nothing, whatever they are called on; what stands in none of these may change its object."""

DATA_CHANGE = CHANGE - {
    "add",
    "optimize",
    "build",
    "train",
    "step",
    "compile",
    "sort_indices_",
    "subtract",
    "update_",
    "put_",
}
"""Methods that change arrays and tables: ``add`` and the like give new ones there."""

KEEPS_NOTHING = frozenset({"set_params", "set_output", "sort", "reverse", "remove", "discard", "pop", "close", "seed"})
"""Methods that change their object, and keep nothing that they were given to look at later."""

CHANGES_ARGUMENT = {
    "numpy.random.shuffle": (0,),
    "random.shuffle": (0,),
    "numpy.copyto": (0,),
    "numpy.put": (0,),
    "numpy.place": (0,),
    "numpy.putmask": (0,),
    "numpy.fill_diagonal": (0,),
    "numpy.put_along_axis": (0,),
    "numpy.add.at": (0,),
    "numpy.subtract.at": (0,),
    "numpy.multiply.at": (0,),
    "numpy.maximum.at": (0,),
    "numpy.minimum.at": (0,),
    "heapq.heappush": (0,),
    "heapq.heappop": (0,),
    "heapq.heapify": (0,),
    "heapq.heapreplace": (0,),
    "heapq.heappushpop": (0,),
    "bisect.insort": (0,),
    "bisect.insort_left": (0,),
    "bisect.insort_right": (0,),
    "operator.setitem": (0,),
    "operator.delitem": (0,),
    "operator.iadd": (0,),
    "operator.imul": (0,),
    "builtins.setattr": (0,),
    "builtins.delattr": (0,),
    "builtins.next": (0,),
    "builtins.exec": (1, 2),
    "builtins.vars": (),
    "sklearn.utils.sparsefuncs.inplace_column_scale": (0,),
    "sklearn.utils.sparsefuncs.inplace_row_scale": (0,),
    "sklearn.preprocessing.add_dummy_feature": (),
    "scipy.linalg.lapack": (0,),
    "pandas.DataFrame.update": (0,),
    "types.MethodType": (),
    "pickle.dump": (1,),
    "joblib.dump": (),
    "json.dump": (1,),
    "gc.collect": (),
}
"""Functions that change the objects at these places of their arguments."""
