"""What reads and writes files."""

from __future__ import annotations

READS = frozenset(
    {
        "pandas.read_csv", "pandas.read_table", "pandas.read_parquet", "pandas.read_feather", "pandas.read_excel",
        "pandas.read_json", "pandas.read_pickle", "pandas.read_hdf", "pandas.read_html", "pandas.read_xml",
        "pandas.read_orc", "pandas.read_sql", "pandas.read_sql_query", "pandas.read_sql_table", "pandas.read_fwf",
        "pandas.read_stata", "pandas.read_sas", "pandas.read_spss", "numpy.load", "numpy.loadtxt", "numpy.genfromtxt",
        "numpy.fromfile", "numpy.memmap", "joblib.load", "scipy.io.loadmat", "scipy.io.arff.loadarff",
        "scipy.sparse.load_npz", "scipy.io.wavfile.read", "sklearn.datasets.load_svmlight_file",
        "sklearn.datasets.load_svmlight_files", "sklearn.datasets.load_files", "matplotlib.pyplot.imread",
        "imageio.imread", "skimage.io.imread", "PIL.Image.open", "polars.read_csv", "polars.read_parquet",
        "polars.read_json", "polars.read_ipc", "polars.scan_csv", "polars.scan_parquet", "polars.read_excel",
        "os.listdir", "os.scandir", "os.walk", "glob.glob", "glob.iglob", "os.path.exists", "os.path.isfile",
        "os.path.isdir", "os.path.getsize", "sqlite3.connect", "torch.load", "cv2.imread", "h5py.File", "skops.io.load",
        "yaml.safe_load_file", "zipfile.ZipFile", "tarfile.open", "gzip.open", "bz2.open", "lzma.open", "shelve.open",
        "xgboost.DMatrix", "lightgbm.Dataset", "pyarrow.parquet.read_table", "joblib.Memory", "cloudpickle.load",
        "datasets.load_from_disk", "scipy.datasets.face", "runpy.run_path",
    }
)  # fmt: skip
"""Functions that read the file that their first argument names."""

WRITES = {
    "numpy.save": 0,
    "numpy.savez": 0,
    "numpy.savez_compressed": 0,
    "numpy.savetxt": 0,
    "joblib.dump": 1,
    "scipy.sparse.save_npz": 0,
    "scipy.io.savemat": 0,
    "sklearn.datasets.dump_svmlight_file": 2,
    "urllib.request.urlretrieve": 1,
    "shutil.copy": 1,
    "shutil.copyfile": 1,
    "shutil.copy2": 1,
    "shutil.move": 1,
    "shutil.copytree": 1,
    "shutil.rmtree": 0,
    "shutil.unpack_archive": 1,
    "os.rename": 1,
    "os.replace": 1,
    "os.remove": 0,
    "os.unlink": 0,
    "torch.save": 1,
    "skops.io.dump": 1,
    "sqlite3.connect": 0,
    "h5py.File": 0,
    "imageio.imwrite": 0,
    "skimage.io.imsave": 0,
    "cv2.imwrite": 0,
}
"""Functions that write a file, and the place of its name among their arguments."""

FOLDERS = frozenset(
    {
        "os.makedirs", "os.mkdir", "os.chdir", "tempfile.mkdtemp", "os.removedirs", "os.rmdir", "os.chmod",
    }
)  # fmt: skip
"""Functions that make folders, or go into one: what is read or written later may need them."""

WRITING_METHODS = frozenset(
    {
        "to_csv", "to_parquet", "to_pickle", "to_feather", "to_json", "to_excel", "to_hdf", "to_sql", "to_stata",
        "to_orc", "write_text", "write_bytes", "tofile", "save_model", "savefig", "write_csv", "write_parquet",
        "write_json", "save_weights", "to_file", "extractall", "extract", "touch", "unlink", "rename",
    }
)  # fmt: skip
"""Methods that write to the file that their first argument names, or to that which their object is."""

READING_METHODS = frozenset(
    {
        "read_text", "read_bytes", "exists", "is_file", "is_dir", "iterdir", "glob", "rglob", "stat", "open",
        "load_weights", "load_model",
    }
)  # fmt: skip
"""Methods that read the file that their object is."""

HARMLESS_COMMANDS = frozenset(
    {
        "ls", "pwd", "echo", "cat", "head", "tail", "wc", "which", "whoami", "date", "free", "df", "du", "nvidia-smi",
        "uname", "lscpu", "nproc", "env", "printenv", "grep", "find", "file", "tree", "hostname", "uptime", "ps", "id",
        "less", "more", "pip", "pip3", "conda", "mamba", "uv", "sleep", "jupyter", "clear", "history", "type", "stat",
        "diff", "top", "true",
    }
)  # fmt: skip
"""Commands that change no file that a notebook reads, unless their output is sent to one."""
