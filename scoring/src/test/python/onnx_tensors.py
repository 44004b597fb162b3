"""Writes a graph of many kinds of inputs and outputs: onnx_tensors.py FILE; needs onnx.

    total   = sum of embedding [rows, 2, 2] + flag + half + count + double            FP32 [rows]
    pair    = [total, -total]                                                         FP32 [rows, 2]
    echo    = word                                                                    BYTES [rows, 1]
"""

import sys

import onnx
from onnx import TensorProto as T
from onnx import helper as h

inputs = [("embedding", T.FLOAT, ["n", 2, 2]), ("flag", T.BOOL, ["n", 1]), ("half", T.FLOAT16, ["n"]),
          ("count", T.INT32, ["n", 1]), ("wide", T.DOUBLE, ["n"]), ("word", T.STRING, ["n", 1])]
flat = h.make_tensor("flat", T.INT64, [1], [-1])
axes = h.make_tensor("axes", T.INT64, [2], [1, 2])
one = h.make_tensor("one", T.INT64, [1], [1])
nodes = [h.make_node("ReduceSum", ["embedding", "axes"], ["sum"], keepdims=0)]
total = "sum"
for name in ["flag", "half", "count", "wide"]:
    nodes += [h.make_node("Cast", [name], [name + "_f"], to=T.FLOAT),
              h.make_node("Reshape", [name + "_f", "flat"], [name + "_r"]),
              h.make_node("Add", [total, name + "_r"], ["with_" + name])]
    total = "with_" + name
nodes += [h.make_node("Identity", [total], ["total"]), h.make_node("Neg", [total], ["neg"]),
          h.make_node("Unsqueeze", [total, "one"], ["a"]), h.make_node("Unsqueeze", ["neg", "one"], ["b"]),
          h.make_node("Concat", ["a", "b"], ["pair"], axis=1), h.make_node("Identity", ["word"], ["echo"])]
graph = h.make_graph(
    nodes, "tensors", [h.make_tensor_value_info(*i) for i in inputs],
    [h.make_tensor_value_info("total", T.FLOAT, ["n"]), h.make_tensor_value_info("pair", T.FLOAT, ["n", 2]),
     h.make_tensor_value_info("echo", T.STRING, ["n", 1])],
    initializer=[flat, axes, one])
onnx.save(h.make_model(graph, ir_version=9, opset_imports=[h.make_opsetid("", 18)]), sys.argv[1])
