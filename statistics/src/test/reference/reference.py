"""Collects reference cases and writes them with the versions of the programs that made them.

A case is one call: the function's name here, what kind of input it is, the arguments, and the value an independent
program gave. Infinities are written as the strings "inf" and "-inf".
"""

import importlib.metadata
import json
import math
import pathlib
import platform

import numpy as np

RESOURCES = pathlib.Path(__file__).parent.parent / "resources/org/plimsoll/statistics/reference"


class Generated(np.ndarray):
    """A long sample that Java makes again from its recipe: a linear congruential generator mapped to a law."""

    def __new__(cls, seed, rows, law, scale):
        state, values = seed, []
        for _ in range(rows):
            state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
            values.append((state >> 11) * 2.0**-53)
        u = np.array(values)
        x = {"uniform": u * scale, "exponential": -scale * np.log1p(-u), "whole": np.floor(u * scale)}[law]
        made = x.view(cls)
        made.recipe = {"lcg": seed, "rows": rows, "law": law, "scale": scale}
        return made

    def __array_finalize__(self, other):
        self.recipe = None


def plain(value):
    if isinstance(value, Generated) and value.recipe:
        return value.recipe
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [plain(item) for item in value]
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, np.integer)):
        return int(value)
    if isinstance(value, (float, np.floating)):
        value = float(value)
        assert not math.isnan(value), "a reference value is never NaN"
        return value if math.isfinite(value) else ("inf" if value > 0 else "-inf")
    return value


class Family:
    def __init__(self, name, packages):
        self.name = name
        self.versions = {"python": platform.python_version()}
        self.versions.update({package: importlib.metadata.version(package) for package in packages})
        self.cases = []
        self.arrays = {}

    def stored(self, value):
        """Long arrays are written once and named by their place."""
        if not isinstance(value, list) or len(value) < 8:
            return value
        text = json.dumps(value)
        return {"array": self.arrays.setdefault(text, len(self.arrays))}

    def case(self, function, kind, expected, tolerance=None, absolute=None, **arguments):
        case = {"function": function, "kind": kind, "expected": plain(expected)}
        case["arguments"] = {name: self.stored(plain(value)) for name, value in arguments.items()}
        if tolerance is not None:
            case["tolerance"] = tolerance
        if absolute is not None:
            case["absolute"] = absolute
        self.cases.append(case)

    def write(self):
        RESOURCES.mkdir(parents=True, exist_ok=True)
        with open(RESOURCES / (self.name + ".json"), "w") as out:
            out.write('{\n "versions": ' + json.dumps(self.versions) + ',\n "arrays": [\n')
            out.write(",\n".join("  " + text for text in self.arrays))
            out.write('\n ],\n "cases": [\n')
            out.write(",\n".join("  " + json.dumps(case) for case in self.cases))
            out.write("\n ]\n}\n")
        print(self.name, len(self.cases), "cases", self.versions)
