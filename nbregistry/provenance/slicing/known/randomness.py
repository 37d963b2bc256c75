"""Which global random state is moved by what."""

from __future__ import annotations

import sys

SEEDS = {
    "numpy.random.seed": ("numpy.random",),
    "numpy.random.set_state": ("numpy.random",),
    "random.seed": ("random",),
    "random.setstate": ("random",),
    "torch.manual_seed": ("torch",),
    "torch.random.manual_seed": ("torch",),
    "torch.set_rng_state": ("torch",),
    "torch.cuda.manual_seed_all": ("torch",),
    "tensorflow.random.set_seed": ("tensorflow", "numpy.random", "random"),
    "keras.utils.set_random_seed": ("tensorflow", "numpy.random", "random", "torch"),
    "tensorflow.keras.utils.set_random_seed": ("tensorflow", "numpy.random", "random"),
    "lightning.seed_everything": ("torch", "numpy.random", "random"),
    "pytorch_lightning.seed_everything": ("torch", "numpy.random", "random"),
}
"""What sets a state anew, whatever was drawn from it before."""

LOOKS = frozenset(
    {
        "RandomState", "default_rng", "Generator", "SeedSequence", "get_state", "getstate", "PCG64", "MT19937",
        "Philox", "SFC64", "BitGenerator", "Random", "SystemRandom", "mtrand", "bit_generator", "get_bit_generator",
    }
)  # fmt: skip
"""Members of ``numpy.random`` and ``random`` that draw nothing."""

LIBRARIES = {
    "numpy": "numpy.random",
    "random": "random",
    "scipy": "numpy.random",
    "seaborn": "numpy.random",
    "torch": "torch",
}
"""Whose state a library draws from, if it draws."""

ESTIMATORS = frozenset(
    {
        "AdaBoostClassifier", "AdaBoostRegressor", "AffinityPropagation", "BaggingClassifier", "BaggingRegressor",
        "BayesianGaussianMixture", "BernoulliRBM", "BisectingKMeans", "ClassifierChain", "DecisionTreeClassifier",
        "DecisionTreeRegressor", "DictionaryLearning", "DummyClassifier", "ElasticNet", "ElasticNetCV",
        "EllipticEnvelope", "ExtraTreeClassifier", "ExtraTreeRegressor", "ExtraTreesClassifier", "ExtraTreesRegressor",
        "FactorAnalysis", "FastICA", "GaussianMixture", "GaussianProcessClassifier", "GaussianProcessRegressor",
        "GaussianRandomProjection", "GradientBoostingClassifier", "GradientBoostingRegressor",
        "HistGradientBoostingClassifier", "HistGradientBoostingRegressor", "IsolationForest", "KBinsDiscretizer",
        "KMeans", "KernelPCA", "Lars", "Lasso", "LassoCV", "LassoLars", "LatentDirichletAllocation", "LinearSVC",
        "LinearSVR", "LocallyLinearEmbedding", "LogisticRegression", "LogisticRegressionCV", "MDS", "MLPClassifier",
        "MLPRegressor", "MinCovDet", "MiniBatchDictionaryLearning", "MiniBatchKMeans", "MiniBatchNMF",
        "MiniBatchSparsePCA", "MultiTaskElasticNet", "MultiTaskElasticNetCV", "MultiTaskLasso", "MultiTaskLassoCV",
        "NMF", "NeighborhoodComponentsAnalysis", "NuSVC", "Nystroem", "OutputCodeClassifier", "PCA",
        "PassiveAggressiveClassifier", "PassiveAggressiveRegressor", "PatchExtractor", "Perceptron",
        "PolynomialCountSketch", "QuantileTransformer", "RANSACRegressor", "RBFSampler", "RandomForestClassifier",
        "RandomForestRegressor", "RandomTreesEmbedding", "RandomizedSearchCV", "RegressorChain", "Ridge",
        "RidgeClassifier", "SGDClassifier", "SGDOneClassSVM", "SGDRegressor", "SVC", "SkewedChi2Sampler", "SparsePCA",
        "SparseRandomProjection", "SpectralBiclustering", "SpectralClustering", "SpectralCoclustering",
        "SpectralEmbedding", "TSNE", "TargetEncoder", "TheilSenRegressor", "TruncatedSVD", "TunedThresholdClassifierCV",
        "GroupShuffleSplit", "HalvingGridSearchCV", "HalvingRandomSearchCV", "IterativeImputer", "ParameterSampler",
        "RepeatedKFold", "RepeatedStratifiedKFold", "ShuffleSplit", "StratifiedShuffleSplit", "KFold",
        "StratifiedKFold", "StratifiedGroupKFold", "GroupKFold", "PartialDependenceDisplay",
    }
)  # fmt: skip
"""Classes of scikit-learn that take a ``random_state``."""

DRAWS_WITHOUT_A_STATE = frozenset(
    {
        "BaggingClassifier", "BaggingRegressor", "BernoulliRBM", "BisectingKMeans", "DecisionTreeClassifier",
        "DecisionTreeRegressor", "DictionaryLearning", "ExtraTreeClassifier", "ExtraTreeRegressor",
        "ExtraTreesClassifier", "ExtraTreesRegressor", "FastICA", "GaussianMixture", "BayesianGaussianMixture",
        "GaussianRandomProjection", "GradientBoostingClassifier", "GradientBoostingRegressor",
        "HistGradientBoostingClassifier", "HistGradientBoostingRegressor", "IsolationForest", "KMeans",
        "LatentDirichletAllocation", "LinearSVC", "MDS", "MLPClassifier", "MLPRegressor", "MiniBatchDictionaryLearning",
        "MiniBatchKMeans", "MiniBatchNMF", "MinCovDet", "EllipticEnvelope", "Nystroem", "PassiveAggressiveClassifier",
        "PassiveAggressiveRegressor", "Perceptron", "PolynomialCountSketch", "QuantileTransformer", "RANSACRegressor",
        "RBFSampler", "RandomForestClassifier", "RandomForestRegressor", "RandomTreesEmbedding", "RandomizedSearchCV",
        "SGDClassifier", "SGDOneClassSVM", "SGDRegressor", "SkewedChi2Sampler", "SparseRandomProjection",
        "SpectralClustering", "SpectralBiclustering", "SpectralCoclustering", "TSNE", "TargetEncoder",
        "TheilSenRegressor", "TruncatedSVD", "ShuffleSplit", "StratifiedShuffleSplit", "GroupShuffleSplit",
        "RepeatedKFold", "RepeatedStratifiedKFold", "HalvingRandomSearchCV", "AdaBoostClassifier", "AdaBoostRegressor",
        "IterativeImputer",
    }
)  # fmt: skip
"""Of these, those that draw whenever they are fitted and none was given."""

DRAWS_SO = frozenset(
    {
        ("solver", "saga"), ("solver", "sag"), ("solver", "liblinear"), ("svd_solver", "randomized"),
        ("svd_solver", "arpack"), ("selection", "random"), ("splitter", "random"), ("shuffle", True),
        ("probability", True),
    }
)  # fmt: skip
"""Arguments with which an estimator draws that else need not."""

FUNCTIONS = frozenset(
    {
        "dict_learning", "dict_learning_online", "extract_patches_2d", "fast_mcd", "fastica", "k_means",
        "kmeans_plusplus", "make_biclusters", "make_blobs", "make_checkerboard", "make_circles", "make_classification",
        "make_friedman1", "make_friedman2", "make_friedman3", "make_gaussian_quantiles", "make_hastie_10_2",
        "make_low_rank_matrix", "make_moons", "make_multilabel_classification", "make_regression", "make_s_curve",
        "make_sparse_coded_signal", "make_sparse_spd_matrix", "make_sparse_uncorrelated", "make_spd_matrix",
        "make_swiss_roll", "mutual_info_classif", "mutual_info_regression", "non_negative_factorization",
        "permutation_importance", "permutation_test_score", "quantile_transform", "randomized_svd", "resample",
        "shuffle", "smacof", "spectral_clustering", "train_test_split", "sample_without_replacement",
        "random_projection", "estimate_bandwidth", "load_files",
    }
)  # fmt: skip
"""Functions of scikit-learn that draw when no ``random_state`` is given."""

PASSES_ITS_STATE = frozenset({"AdaBoostClassifier", "AdaBoostRegressor", "BaggingClassifier", "BaggingRegressor"})
"""Ensembles that train their members with random states drawn from their own."""

LOADED_BY = {
    "torch": frozenset({"torch", "torchvision", "pytorch_lightning", "lightning", "transformers"}),
    "tensorflow": frozenset({"tensorflow", "keras"}),
}
"""What loads the library that has a state."""

LOAD_NO_NUMPY = frozenset(
    {
        *sys.stdlib_module_names, "IPython", "nbregistry", "tqdm", "yaml", "requests", "rich", "joblib",
    }
)  # fmt: skip
"""What does not load numpy; of anything else it is taken that it does."""
