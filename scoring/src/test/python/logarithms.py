"""Writes logarithms of floats as the C library of Linux computes them, for LogarithmTest.

    python logarithms.py > ../resources/org/plimsoll/scoring/logarithms.csv

with glibc 2.36 on x86-64. A line is x and its logarithm, as hexadecimal bits. For half of them rounding the exact result gives another
one; for those the test is made.
"""
import ctypes
import struct
from decimal import Decimal, getcontext

import numpy as np

getcontext().prec = 60
libm = ctypes.CDLL("libm.so.6")
libm.logf.restype, libm.logf.argtypes = ctypes.c_float, [ctypes.c_float]
rng = np.random.default_rng(1)

kept = {True: [], False: [1.0, 0.5, 2.0, 1.17549435e-38, 3.4028234e38, float("inf"), 0.98859364]}
while min(len(kept[True]), len(kept[False])) < 100:
    x = float(np.float32(rng.uniform(0, 1) if rng.random() < 0.5 else np.exp(rng.normal() * 5)))
    differs = float(np.float32(str(Decimal(x).ln()))) != libm.logf(x)
    if len(kept[differs]) < 100:
        kept[differs].append(x)
for x in kept[False] + kept[True]:
    print(struct.pack(">f", x).hex(), struct.pack(">f", libm.logf(x)).hex(), sep=",")
