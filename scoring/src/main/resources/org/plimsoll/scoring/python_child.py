"""Answers for one model, in a process of its own, as long as the server wants it.

    python -s -B python_child.py SOCKET

The server listens at SOCKET, a Unix domain socket; this program connects, is told which model to open and how to fence itself
in (kind OPEN), answers READY, and from then on gets SCORE and answers SCORES or FAILED. The frames are drawn in the server's
class PythonFrame. It ends when the socket or standard input closes, whatever it is doing then.

Besides the standard library it imports what the model needs: numpy, and pandas where the model takes a table.
"""
import ctypes
import fcntl
import importlib
import json
import os
import re
import resource
import signal
import socket
import struct
import sys
import threading
import time
import traceback
import warnings

OPEN, SCORE, READY, SCORES, FAILED = 1, 2, 3, 4, 5
HEADER = struct.Struct("<II")
SHAPE = struct.Struct("<II")
COLUMN = struct.Struct("<BBHI")
OUTPUT = struct.Struct("<IIII")
NUMBER, INTEGER, BOOLEAN, TIMESTAMP, TEXT = 1, 2, 3, 4, 5

LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None

LOOKS = 50e-6 if (os.cpu_count() or 1) > 1 else 0  # seconds


class Refused(Exception):
    """Why this model is not opened here, or these rows not answered, for the person who reads it."""


# --- the fence ---------------------------------------------------------------------------------------------------------------


def end_with_server():
    """Ends this process when the server closes standard input, or is killed.

    On Linux the kernel does it: the end of the pipe raises SIGIO, which nobody handles, so it ends the process even while native
    code holds the interpreter. Elsewhere a thread waits for the end.
    """
    if LIBC is None:
        def wait():
            sys.stdin.buffer.read()
            os._exit(0)
        threading.Thread(target=wait, daemon=True).start()
        return
    signal.signal(signal.SIGIO, signal.SIG_DFL)
    fcntl.fcntl(0, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(0, fcntl.F_SETFL, fcntl.fcntl(0, fcntl.F_GETFL) | os.O_ASYNC)


CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x08000000, 0x10000000, 0x20000000, 0x40000000
PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS = 1, 38


def into_namespaces():
    """A network of its own with nothing in it, and no sight of other processes. Why not, where the platform refuses."""
    if LIBC is None:
        return "namespaces are a matter of Linux"
    uid, gid = os.getuid(), os.getgid()
    if LIBC.unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWPID | CLONE_NEWIPC) != 0:
        return "unshare: " + os.strerror(ctypes.get_errno())
    for name, text in (("setgroups", "deny"), ("uid_map", f"{uid} {uid} 1"), ("gid_map", f"{gid} {gid} 1")):
        try:
            with open("/proc/self/" + name, "w") as file:
                file.write(text)
        except OSError:
            pass  # then this user has no name in there, and still its rights
    # what is forked now is the first process of its namespace: when it ends, the kernel ends whatever it started
    outer = os.getpid()
    inner = os.fork()
    if inner != 0:
        _, status = os.waitpid(inner, 0)
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) != signal.SIGIO:
            print(f"ended by signal {os.WTERMSIG(status)} ({signal.strsignal(os.WTERMSIG(status))})", file=sys.stderr)
        sys.stderr.flush()
        os._exit(os.waitstatus_to_exitcode(status) & 0xFF)
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    try:
        os.kill(outer, 0)
    except ProcessLookupError:
        pass  # its number means nothing in here
    return ""


# Linux's landlock: include/uapi/linux/landlock.h; the numbers of its calls are the same on every architecture.
LANDLOCK_CREATE, LANDLOCK_ADD, LANDLOCK_RESTRICT = 444, 445, 446
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1, 2, 4, 8
FILES_OF_ABI = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
SYSTEM = ("/usr", "/lib", "/lib64", "/bin", "/sbin", "/opt", "/nix", "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d",
          "/etc/localtime", "/etc/timezone", "/etc/mime.types", "/etc/passwd", "/etc/nsswitch.conf", "/sys/devices/system",
          "/sys/fs/cgroup", "/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/proc/self", "/proc/sys/vm", "/proc/filesystems")


class Ruleset(ctypes.Structure):
    _fields_ = [("fs", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scoped", ctypes.c_uint64)]


class BeneathPath(ctypes.Structure):
    _pack_ = 1
    _fields_ = [("allowed", ctypes.c_uint64), ("fd", ctypes.c_int32)]


def behind_landlock(readable, writable):
    """Files: reads the interpreter, its packages and the model, writes its working folder; the rest is not there. No TCP, no
    signals to others. What it does, and why not where the kernel lacks it."""
    if LIBC is None:
        return "", "landlock is a matter of Linux"
    abi = LIBC.syscall(LANDLOCK_CREATE, None, 0, 1)
    if abi < 1:
        return "", "landlock: " + os.strerror(ctypes.get_errno())
    handled = FILES_OF_ABI[max(each for each in FILES_OF_ABI if each <= abi)]
    ruleset = Ruleset(handled, 3 if abi >= 4 else 0, 3 if abi >= 6 else 0)
    size = 24 if abi >= 6 else 16 if abi >= 4 else 8
    rules = LIBC.syscall(LANDLOCK_CREATE, ctypes.byref(ruleset), size, 0)
    if rules < 0:
        return "", "landlock: " + os.strerror(ctypes.get_errno())
    try:
        for path in readable:
            allow(rules, path, (EXECUTE | READ_FILE | READ_DIR) & handled)
        for path in ("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random"):
            allow(rules, path, (READ_FILE | WRITE_FILE) & handled)
        for path in writable:
            allow(rules, path, handled)
        LIBC.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        if LIBC.syscall(LANDLOCK_RESTRICT, rules, 0) != 0:
            return "", "landlock: " + os.strerror(ctypes.get_errno())
    finally:
        os.close(rules)
    return "no TCP" if abi >= 4 else "files", ""


def allow(rules, path, rights):
    try:
        fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # what is not there needs no rule
    try:
        if not os.path.isdir(path):
            rights &= EXECUTE | READ_FILE | WRITE_FILE
        LIBC.syscall(LANDLOCK_ADD, rules, 1, ctypes.byref(BeneathPath(rights, fd)), 0)
    finally:
        os.close(fd)


def limit(which, most):
    """Lowers a limit; a lower one that is there already stays."""
    soft, hard = resource.getrlimit(which)
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    try:
        resource.setrlimit(which, (most, most))
    except (ValueError, OSError):
        pass  # macOS knows RLIMIT_AS and refuses to set it


def fence_in(order):
    """All of it. What is not cut off is said, never passed over."""
    open_ends = []
    network = into_namespaces() if order["isolated"] else "switched off by the configuration"
    limit(resource.RLIMIT_CORE, 0)
    limit(resource.RLIMIT_NOFILE, order["open_files"])
    limit(resource.RLIMIT_FSIZE, order["file_bytes"])
    limit(resource.RLIMIT_AS, order["memory_bytes"])
    done, files = ("", "switched off by the configuration")
    if order["isolated"]:
        places = {sys.prefix, sys.base_prefix, sys.exec_prefix, os.path.realpath(sys.base_prefix), order["folder"]}
        places.update(path for path in sys.path if path and os.path.isdir(path))
        places.update(SYSTEM)
        done, files = behind_landlock(sorted(places), [order["work"]])
    if network and done == "no TCP":
        open_ends.append(f"only TCP is cut off, not the whole network ({network})")
    elif network:
        open_ends.append(f"the network is NOT cut off ({network})")
    if files:
        open_ends.append(f"files are NOT fenced ({files})")
    return open_ends


# --- requirements ------------------------------------------------------------------------------------------------------------


def installed(name):
    from importlib import metadata
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def release(version):
    return [int(part) for part in re.findall(r"\d+", version.split("+")[0])[:4]]


COMPARE = {
    "==": lambda have, want: have[:len(want)] == want,
    "!=": lambda have, want: have[:len(want)] != want,
    ">=": lambda have, want: have >= want,
    "<=": lambda have, want: have <= want,
    ">": lambda have, want: have > want,
    "<": lambda have, want: have < want,
    "~=": lambda have, want: have >= want and have[:len(want) - 1] == want[:-1],
}


def unmet(requirements, needless):
    """Requirements that this interpreter does not meet: those without which the model cannot load, and those that differ."""
    missing, differing = [], []
    for line in requirements:
        found = re.match(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?\s*([^;#]*)", line)
        if not found or found.group(1).lower().replace("_", "-") in needless:
            continue
        have = installed(found.group(1))
        wanted = found.group(2).strip()
        text = f"{found.group(1)} {wanted.removeprefix('==')}".strip()
        if have is None:
            missing.append((found.group(1), f"{text} (this interpreter has none)"))
            continue
        for each in filter(None, (part.strip() for part in wanted.split(","))):
            rule = re.match(r"(==|!=|>=|<=|~=|>|<)=?\s*([0-9][^\s*]*)", each)
            if rule and not COMPARE[rule.group(1)](release(have), release(rule.group(2))):
                differing.append((found.group(1), f"{text} (this interpreter has {have})", release(have), release(rule.group(2))))
                break
    return missing, differing


def check_requirements(order, notes):
    needless = {"mlflow", "mlflow-skinny", "mlflow-tracing", "setuptools", "pip", "wheel", "psutil", "pyarrow"}
    if order["loader"] == "pyfunc" and order["module"].startswith("mlflow."):
        needless -= {"mlflow"}
        if installed("mlflow") is None and installed("mlflow-skinny") is not None:
            needless |= {"mlflow"}
    missing, differing = unmet(order["requirements"], needless)
    wrong = [text for _, text in missing]
    for name, text, have, want in differing:
        # pickles of scikit-learn are made for one version of it: its own words are "might lead to breaking code or invalid results"
        if name.lower() == "scikit-learn" and have[:2] != want[:2]:
            wrong.append(text)
        else:
            notes.append("made with " + text)
    if wrong:
        raise Refused("this model needs " + "; ".join(wrong))


# --- models ------------------------------------------------------------------------------------------------------------------


class Sklearn:
    """An estimator or pipeline of scikit-learn, or what behaves like one."""

    def __init__(self, order, model):
        self.model = model
        names = getattr(model, "feature_names_in_", None)
        self.names = [] if names is None else [str(name) for name in names]
        self.width = getattr(model, "n_features_in_", None)
        self.takes_table = bool(self.names) or self.width is None
        self.classes = []
        if order["task"] in ("binary", "multiclass"):
            if not hasattr(model, "predict_proba"):
                raise Refused(f"the task is {order['task']}, and {self.kind()} gives no probabilities (it has no predict_proba); "
                              "fit it inside sklearn.calibration.CalibratedClassifierCV")
            self.classes = [said(each) for each in getattr(model, "classes_", [])]
            self.method = "predict_proba"
        else:
            self.method = "decision_function" if order["task"] == "ranking" and hasattr(model, "decision_function") else "predict"
        self.ask = getattr(model, self.method)
        maker = type(model).__module__.split(".")[0]
        maker = maker if maker in ("lightgbm", "xgboost", "catboost") else "scikit-learn"
        self.library = f"{maker} {installed(maker)}"

    def kind(self):
        steps = getattr(self.model, "steps", None)
        last = " ending in " + type(steps[-1][1]).__name__ if isinstance(steps, list) and steps else ""
        return type(self.model).__name__ + last

    def answer(self, x):
        return [(self.method, self.ask(x))]


def said(value):
    """A class as a task's file writes it: true, 1, ORD."""
    text = str(value)
    return {"True": "true", "False": "false"}.get(text, text[:-2] if text.endswith(".0") else text)


class Pyfunc:
    """Anything with predict(table): a python_function of MLflow."""

    def __init__(self, order, model):
        self.model = model
        self.names = []
        self.width = None
        self.takes_table = not order["matrix"]
        self.classes = []
        version = installed("mlflow") or installed("mlflow-skinny")
        self.library = f"MLflow {version}" if version else order["module"]

    def kind(self):
        inner = getattr(self.model, "_model_impl", self.model)
        inner = getattr(inner, "python_model", inner)
        return "python_function " + type(inner).__name__

    def answer(self, x):
        found = self.model.predict(x)
        if hasattr(found, "columns"):
            return [(str(name), found[name]) for name in found.columns]
        if isinstance(found, dict):
            return [(str(name), values) for name, values in found.items()]
        return [("predict", found)]


def inside(folder, name):
    path = os.path.realpath(os.path.join(folder, name))
    if os.path.commonpath([path, os.path.realpath(folder)]) != os.path.realpath(folder):
        raise Refused(f"MLmodel names {name}, which is outside the model's folder")
    return path


def unpickled(path, form, trusted):
    if form == "skops":
        import skops.io
        return skops.io.load(path, trusted=trusted)
    if form == "joblib" or path.endswith((".joblib", ".joblib.gz")):
        import joblib
        return joblib.load(path)
    import pickle
    with open(path, "rb") as file:
        return pickle.load(file)


WITH_CLASSIFIERS = ("mlflow.lightgbm", "mlflow.xgboost", "mlflow.catboost", "mlflow.sklearn")


def load(order):
    for code in order["code"]:
        sys.path.insert(0, inside(order["folder"], code))
    if order["loader"] == "sklearn":
        return Sklearn(order, unpickled(inside(order["folder"], order["file"]), order["format"], order["trusted"]))
    module = order["module"]
    if module.startswith("mlflow.") or module == "mlflow":
        import mlflow.pyfunc
        model = mlflow.pyfunc.load_model(order["folder"], suppress_warnings=True)
        if module in WITH_CLASSIFIERS and order["task"] in ("binary", "multiclass") and hasattr(model, "get_raw_model"):
            raw = model.get_raw_model()
            if hasattr(raw, "predict_proba"):  # as python_function it would answer labels
                return Sklearn(order, raw)
        return Pyfunc(order, model)
    data = inside(order["folder"], order["file"]) if order["file"] else order["folder"]
    return Pyfunc(order, importlib.import_module(module)._load_pyfunc(data))


def opened(order, notes):
    """The model, and how rows become what it takes."""
    check_requirements(order, notes)
    try:
        model = load(order)
        return model, Table(order, model)
    except ModuleNotFoundError as missing:
        raise Refused(f"this model needs the Python module {missing.name}, which this interpreter does not have") from missing


# --- rows --------------------------------------------------------------------------------------------------------------------


def chosen(order, model):
    """The columns the model takes, in its order: it names them, or its signature does, or they are all that there are."""
    there = {each["name"]: each for each in order["inputs"]}
    names = model.names or order["signature"] or [each["name"] for each in order["inputs"] if each["usable"]]
    absent = [name for name in names if name not in there]
    if absent:
        raise Refused(f"the model takes the columns {', '.join(names)}, and the data has no {', '.join(absent)}; "
                      f"it has {', '.join(there)}")
    if model.width is not None and model.width != len(names):
        raise Refused(f"the model takes {model.width} columns without naming them, and the data has {len(names)} beside the "
                      f"label: {', '.join(names)}; leave exactly the model's columns in the data, in its order, or fit it with a "
                      "table that names them")
    return [there[name] for name in names]


class Table:
    """From the columns of a frame to what the model takes: a table with the signature's dtypes, or a matrix."""

    def __init__(self, order, model):
        import numpy
        self.numpy = numpy
        self.inputs = chosen(order, model)
        self.types = [each["dtype"] for each in self.inputs]
        self.columns = [each["name"] for each in self.inputs]
        self.are_numbers = bool(self.types) and set(self.types) == {"float64"}
        self.as_table = model.takes_table or any(each not in ("float64", "float32", "int64", "int32", "bool") for each in self.types)
        self.matrix_type = order["matrix"] or "float64"
        if self.as_table:
            import pandas
            self.pandas = pandas
            self.names = pandas.Index([each["name"] for each in self.inputs])
            # since pandas 3 text is a dtype of its own, and so it was when the model was fitted; before, it was objects
            self.text = (pandas.StringDtype(na_value=numpy.nan) if int(pandas.__version__.split(".")[0]) >= 3 else None)
            self.texts = self.text.construct_array_type() if self.text else None
            self.ranges = {}
            self.build = self.quick if self.is_quick() else self.plain
            self.of_matrix = self.quick_of_matrix if self.is_quick_of_matrix() else self.plain_of_matrix
        if self.are_numbers:
            self.single = struct.Struct("<" + "Qd" * len(self.types))
            self.heads = (NUMBER | 8 << 32,) * len(self.types)

    def is_quick(self):
        """Whether pandas' own constructor from arrays is there, and gives what the public one gives."""
        try:
            arrays = [self.numpy.array([1.5]), self.numpy.array(["a"], dtype=object)]
            names = self.pandas.Index(["a", "b"])
            quick = self.pandas.DataFrame._from_arrays(arrays, names, self.pandas.RangeIndex(1), verify_integrity=False)
            return quick.equals(self.pandas.DataFrame({"a": arrays[0], "b": arrays[1]}, copy=False)) and not self.names.has_duplicates
        except Exception:
            return False

    def axes(self, rows):
        """The names of the columns and the numbers of the rows: views, which share what pandas has worked out about them, but not
        the name that a model may give to them."""
        if rows > 64:
            return [self.names.view(), self.pandas.RangeIndex(rows)]
        if rows not in self.ranges:
            self.ranges[rows] = self.pandas.RangeIndex(rows)
        return [self.names.view(), self.ranges[rows].view()]

    def quick(self, arrays, rows):
        return self.pandas.DataFrame._from_arrays(arrays, *self.axes(rows), verify_integrity=False)

    def plain(self, arrays, rows):
        return self.pandas.DataFrame({i: array for i, array in enumerate(arrays)}).set_axis(self.names, axis=1)

    def is_quick_of_matrix(self):
        """The same for a table of one block of doubles, whose public constructor takes a third of what a small model takes."""
        try:
            from pandas._libs.internals import BlockPlacement
            from pandas.core.internals import BlockManager
            from pandas.core.internals.blocks import new_block_2d
            self.manager, self.block, self.placement = BlockManager, new_block_2d, BlockPlacement(slice(0, len(self.names)))
            x = self.numpy.arange(2.0 * len(self.names)).reshape(2, -1)
            quick, plain = self.quick_of_matrix(x), self.plain_of_matrix(x)
            return quick.equals(plain) and quick.dtypes.equals(plain.dtypes) and quick.index.equals(plain.index)
        except Exception:
            return False

    def quick_of_matrix(self, x):
        axes = self.axes(len(x))
        blocks = (self.block(x.T, placement=self.placement),)
        return self.pandas.DataFrame._from_mgr(self.manager(blocks, axes, verify_integrity=False), axes)

    def plain_of_matrix(self, x):
        return self.pandas.DataFrame(x, columns=self.names, copy=False)

    def read(self, frame, at, end):
        """The rows of a SCORE frame."""
        numpy = self.numpy
        rows, columns = SHAPE.unpack_from(frame, at)
        if columns != len(self.types):
            raise Refused(f"{columns} columns came, and the model takes {len(self.types)}")
        at += SHAPE.size
        if self.are_numbers and rows == 1 and end - at == self.single.size:
            words = self.single.unpack_from(frame, at)
            if words[::2] == self.heads:
                x = numpy.array([words[1::2]], dtype="float64" if self.as_table else self.matrix_type)
                return rows, self.of_matrix(x) if self.as_table else x
        if self.are_numbers and end - at == 8 * columns * (rows + 1):
            # every column is a header of eight bytes and its doubles: all of them are one array
            words = numpy.frombuffer(frame, numpy.uint64, columns * (rows + 1), at).reshape(columns, rows + 1)
            if (words[:, 0] == NUMBER | rows * 8 << 32).all():
                x = words[:, 1:].view(numpy.float64).T
                if self.as_table:
                    return rows, self.of_matrix(numpy.array(x))
                return rows, numpy.array(x, dtype=self.matrix_type, order="C")
        arrays = []
        for name, dtype in zip(self.columns, self.types):
            kind, has_missing, _, size = COLUMN.unpack_from(frame, at)
            at += COLUMN.size
            missing = None
            if has_missing:
                packed = numpy.frombuffer(frame, numpy.uint8, (rows + 7) // 8, at)
                missing = numpy.unpackbits(packed, count=rows, bitorder="little").astype(bool)
                at += (rows + 63) // 64 * 8
            if kind == TEXT:
                arrays.append(self.words(frame, at, rows, missing))
            elif kind == NUMBER:
                arrays.append(numpy.frombuffer(frame, numpy.float64, rows, at).astype(dtype))
            else:
                arrays.append(self.whole(numpy.frombuffer(frame, numpy.int64, rows, at), kind, name, dtype, missing))
            at += size
        if at != end:
            raise Refused("a frame that does not hold what it says")
        if self.as_table:
            return rows, self.build(arrays, rows)
        matrix = numpy.empty((rows, len(arrays)), dtype=self.matrix_type)
        for place, array in enumerate(arrays):
            matrix[:, place] = array
        return rows, matrix

    def whole(self, values, kind, name, dtype, missing):
        if kind == TIMESTAMP:
            times = values.astype("datetime64[ms]")
            if missing is not None:
                times[missing] = self.numpy.datetime64("NaT")
            return times.astype("datetime64[ns]")
        if dtype == "object":  # booleans of which some may be missing
            objects = values.astype(bool).astype(object)
            if missing is not None:
                objects[missing] = self.numpy.nan
            return objects
        array = values.astype(dtype)
        if missing is not None:
            if dtype in ("int64", "int32", "bool"):
                raise Refused(f"input {name} is missing in row {missing.argmax()} (rows count from 0); the model's signature requires it")
            array[missing] = self.numpy.nan
        return array

    def words(self, frame, at, rows, missing):
        ends = self.numpy.frombuffer(frame, self.numpy.uint32, rows, at).tolist()
        at += (rows * 4 + 7) // 8 * 8
        view = memoryview(frame)
        words = self.numpy.empty(rows, dtype=object)
        begin = 0
        for row, end in enumerate(ends):
            words[row] = str(view[at + begin:at + end], "utf-8")
            begin = end
        if missing is not None:
            words[missing] = self.numpy.nan
        return self.texts._from_sequence(words, dtype=self.text) if self.text else words


def answered(outputs, rows, numpy):
    """A SCORES frame, without its header."""
    parts = [SHAPE.pack(rows, len(outputs))]
    for name, values in outputs:
        values = numpy.asarray(values)
        kind = values.dtype.kind
        if kind not in "fiub":
            raise Refused(f"output {name} is {values.dtype}, not numbers" + (f" (such as {values.flat[0]!r})" if values.size else ""))
        if values.ndim not in (1, 2) or values.shape[0] != rows:
            raise Refused(f"output {name} has the shape {values.shape} for {rows} rows")
        width = 1 if values.ndim == 1 else values.shape[1]
        label = name.encode("utf-8")
        parts.append(OUTPUT.pack(width, {"f": 1, "b": 3}.get(kind, 2), len(label), 0))
        parts.append(label.ljust((len(label) + 7) // 8 * 8, b"\0"))
        parts.append(numpy.ascontiguousarray(values, dtype=numpy.float64).tobytes())
    return b"".join(parts)


# --- the conversation --------------------------------------------------------------------------------------------------------


class Conversation:
    """Frames over the socket; one buffer, which grows to the greatest frame, at most the limit of both sides."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.connect(path)
        self.buffer = bytearray(1 << 16)
        self.most = 1 << 20

    def receive(self):
        """Kind, and the end of its body, which begins at 8; ends the process where the server has hung up."""
        have = self.fill(self.looked(), HEADER.size)
        size, kind = HEADER.unpack_from(self.buffer, 0)
        if size > self.most:
            print(f"a frame of {size} bytes is more than the limit of {self.most}", file=sys.stderr, flush=True)
            os._exit(3)
        end = HEADER.size + size
        if end > len(self.buffer):
            self.buffer = self.buffer[:have] + bytearray(end - have)
        self.fill(have, end)
        return kind, end

    def looked(self):
        """Looks for the next question for a moment before it waits for it: waking takes as long, and finds the caches cold."""
        until = time.perf_counter() + LOOKS
        while time.perf_counter() < until:
            try:
                read = self.socket.recv_into(self.buffer, 0, socket.MSG_DONTWAIT)
                if read == 0:
                    os._exit(0)
                return read
            except BlockingIOError:
                pass
        return 0

    def fill(self, have, wanted):
        view = memoryview(self.buffer)
        while have < wanted:
            read = self.socket.recv_into(view[have:])
            if read == 0:
                os._exit(0)
            have += read
        return have

    def send(self, kind, body):
        if len(body) > self.most:
            kind, body = FAILED, f"the answer has {len(body)} bytes, more than the limit of {self.most}".encode()
        self.socket.sendall(HEADER.pack(len(body), kind) + body)

    def failed(self, failure, model_code):
        """What went wrong, with the lines of the model's own code, at most so much that it can be read."""
        if isinstance(failure, Refused):
            return self.send(FAILED, str(failure).encode()[:4000])
        text = " ".join(f"{type(failure).__name__}: {failure}".split())
        if len(text) > 600:  # some libraries say the whole table; what is wrong with it stands at the end
            text = text[:200] + " … " + text[-400:]
        lines = [f"{os.path.basename(line.filename)}:{line.lineno} in {line.name}"
                 for line in traceback.extract_tb(failure.__traceback__) if line.filename != model_code]
        return self.send(FAILED, (text + (f" (at {', '.join(lines[-3:])})" if lines else "")).encode()[:4000])


def main(path):
    os.setsid()
    os.umask(0o077)
    os.closerange(3, 4096)
    os.dup2(2, 1)  # what a model prints goes where errors go
    end_with_server()
    sys.path = [each for each in sys.path if os.path.abspath(each or ".") != os.path.dirname(os.path.abspath(__file__))]
    warnings.simplefilter("ignore")
    talk = Conversation(path)
    _, end = talk.receive()
    order = json.loads(talk.buffer[HEADER.size:end].decode())
    talk.most = order["frame_bytes"]
    os.chdir(order["work"])
    open_ends = fence_in(order)
    notes = []
    try:
        model, table = opened(order, notes)
    except BaseException as failure:
        talk.failed(failure, __file__)
        os._exit(2)
    import gc
    gc.collect()
    gc.freeze()
    talk.send(READY, json.dumps({
        "python": sys.version.split()[0], "library": model.library, "model": model.kind(),
        "inputs": [each["name"] for each in table.inputs], "classes": model.classes,
        "open_ends": open_ends, "notes": notes}).encode())
    while True:
        kind, end = talk.receive()
        if kind != SCORE:
            os._exit(3)
        try:
            rows, x = table.read(talk.buffer, HEADER.size, end)
            answer = answered(model.answer(x), rows, table.numpy)
        except BaseException as failure:
            talk.failed(failure, __file__)
            if not isinstance(failure, Exception):
                os._exit(4)
            continue
        talk.send(SCORES, answer)


if __name__ == "__main__":
    main(sys.argv[1])
