"""Writes the files of this folder with the onnx package, which tests of pkg/onnx read."""
import numpy as np
import onnx
from onnx import TensorProto as T, helper as h, numpy_helper as nh

F = lambda name, *shape: h.make_tensor_value_info(name, T.FLOAT, list(shape))


def save(name, graph, **more):
    model = h.make_model(graph, opset_imports=[h.make_opsetid("", 20)], ir_version=10, producer_name="make.py", **more)
    h.set_model_props(model, {"classes": '["a","b"]'})
    onnx.checker.check_model(model)
    onnx.save(model, name)
    return model


# Each type of element, as numbers of the type's field and as bytes.
tensors = []
for kind, values in {
    T.FLOAT: [1.5, -2, 3], T.DOUBLE: [1.5, -2, 3], T.FLOAT16: [1.5, -2, 6e-8], T.BFLOAT16: [1.5, -2, 3], T.INT8: [-128, 0, 127],
    T.UINT8: [0, 128, 255], T.INT16: [-32768, 0, 3], T.UINT16: [0, 1, 65535], T.INT32: [-2**31, 0, 3], T.UINT32: [0, 1, 2**32 - 1],
    T.INT64: [-2**63, 0, 3], T.UINT64: [0, 1, 2**63], T.BOOL: [1, 0, 1], T.INT4: [-8, 0, 7], T.UINT4: [0, 9, 15],
}.items():
    name = T.DataType.Name(kind).lower()
    if kind == T.FLOAT16:
        typed = T(name=name, data_type=kind, dims=[3], int32_data=np.array(values, np.float16).view(np.uint16).astype(int).tolist())
    elif kind == T.BFLOAT16:
        typed = T(name=name, data_type=kind, dims=[3], int32_data=(np.array(values, np.float32).view(np.uint32) >> 16).tolist())
    else:
        typed = h.make_tensor(name, kind, [3], values)
    tensors.append(typed)
    raw = T()
    raw.CopyFrom(typed)
    array = nh.to_array(typed)
    raw = nh.from_array(array, name + "_raw")
    tensors.append(raw)
tensors.append(h.make_tensor("string", T.STRING, [3], ["a", "", "ü"]))
tensors.append(h.make_tensor("scalar", T.FLOAT, [], [7]))
tensors.append(h.make_tensor("empty", T.FLOAT, [0, 3], []))
save("types.onnx", h.make_graph([h.make_node("Identity", ["x"], ["y"])], "types", [F("x", "batch", 2)], [F("y", "batch", 2)], tensors))

# Attributes, a subgraph that reads from outside, an optional input, a function.
then = h.make_graph([h.make_node("Add", ["x", "w"], ["t"])], "then", [], [F("t")])
other = h.make_graph([h.make_node("Sub", ["x", "w"], ["e"])], "else", [], [F("e")])
nodes = [
    h.make_node("Constant", [], ["c"], value=h.make_tensor("", T.BOOL, [], [True])),
    h.make_node("If", ["c"], ["i"], "choice", then_branch=then, else_branch=other),
    h.make_node("Clip", ["i", "", "w"], ["k"]),
    h.make_node("LeakyRelu", ["k"], ["l"], alpha=0.25),
    h.make_node("ReduceSum", ["l"], ["s"], keepdims=0),
    h.make_node("Twice", ["s"], ["y"], domain="local", by=2.0),
]
twice = h.make_function("local", "Twice", ["a"], ["b"], [
    h.make_node("Constant", [], ["two"]), h.make_node("Mul", ["a", "two"], ["b"])], [h.make_opsetid("", 20)], ["by"])
twice.node[0].attribute.append(onnx.AttributeProto(name="value_float", type=onnx.AttributeProto.FLOAT, ref_attr_name="by"))
graph = h.make_graph(nodes, "parts", [F("x", "batch", None)], [F("y")], [h.make_tensor("w", T.FLOAT, [], [1])])
model = h.make_model(graph, opset_imports=[h.make_opsetid("", 20), h.make_opsetid("local", 1)], ir_version=10, functions=[twice])
onnx.checker.check_model(model)
onnx.save(model, "parts.onnx")

# Weights in another file.
w = nh.from_array(np.arange(6, dtype=np.float32).reshape(2, 3), "w")
model = save("external.onnx", h.make_graph([h.make_node("MatMul", ["x", "w"], ["y"])], "external", [F("x", "batch", 2)], [F("y", "batch", 3)], [w]))
onnx.save(model, "external.onnx", save_as_external_data=True, location="external.bin", size_threshold=0)
