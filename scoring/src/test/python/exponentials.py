"""Writes e to the power of numbers as the C library of Linux computes it, for ExponentialTest.

    python exponentials.py > ../resources/org/plimsoll/scoring/exponentials.csv

with glibc 2.36 on x86-64 with fused multiplications. A line is: float or double, x, e to the power of x, as hexadecimal bits. Half of the
doubles and of the floats are such that rounding the exact result gives another one; for those the test is made.
"""
import ctypes
import struct
from decimal import Decimal, getcontext

import numpy as np

getcontext().prec = 60
libm = ctypes.CDLL("libm.so.6")
libm.expf.restype, libm.expf.argtypes = ctypes.c_float, [ctypes.c_float]
libm.exp.restype, libm.exp.argtypes = ctypes.c_double, [ctypes.c_double]
rng = np.random.default_rng(1)


def write(kind, form, function, number, draw, edges):
    kept = {True: [], False: list(edges)}
    while min(len(kept[True]), len(kept[False])) < number:
        x = draw()
        nearest = number_of(Decimal(x).exp(), form)
        differs = nearest != function(x)
        if len(kept[differs]) < number:
            kept[differs].append(x)
    for x in kept[False] + kept[True]:
        print(kind, struct.pack(">" + form, x).hex(), struct.pack(">" + form, function(x)).hex(), sep=",")


def number_of(exact, form):
    return float(np.float32(str(exact))) if form == "f" else float(exact)


write("float", "f", libm.expf, 100, lambda: float(np.float32(rng.uniform(-20, 20))),
      [0.0, -0.0, 88.72, -87.4, -103.9, -104.0, 89.0, float.fromhex("0x1.04845ep+5"), float.fromhex("-0x1.f8cbb2p+5")])
write("double", "d", libm.exp, 100, lambda: float(rng.uniform(-40, 40)),
      [0.0, -0.0, 1e-17, 511.9, -511.9, float("inf"), float("-inf")])
