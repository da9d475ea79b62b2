"""ONNX Runtime: the network as a graph of Gemm and activation nodes; single rows only. Not here: timing (common.py)."""

import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

import common

ACTIVATIONS = {"relu": "Relu", "tanh": "Tanh", "sigmoid": "Sigmoid", "softmax": "Softmax"}


def make_graph(job):
    nodes, values, last = [], [], "x"
    for i, ((w, b), (_, kind)) in enumerate(zip(common.weights(job, job["seeds"][0]), job["layers"])):
        values += [numpy_helper.from_array(w, f"w{i}"), numpy_helper.from_array(b, f"b{i}")]
        nodes += [helper.make_node("Gemm", [last, f"w{i}", f"b{i}"], [f"z{i}"])]
        nodes += [helper.make_node(ACTIVATIONS[kind], [f"z{i}"], [f"y{i}"])]
        last = f"y{i}"
    ends = [
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, columns])]
        for name, columns in (("x", job["features"]), (last, job["layers"][-1][0]))
    ]
    graph = helper.make_graph(nodes, "net", *ends, values)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)


class Peer:
    version = f"ONNX Runtime {onnxruntime.__version__}"

    def __init__(self, job, rows):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = job["threads"]
        model = make_graph(job)
        onnx.checker.check_model(model)
        self.session = onnxruntime.InferenceSession(model.SerializeToString(), options, ["CPUExecutionProvider"])

    def one(self, row):
        return self.session.run(None, {"x": row[None]})[0]


common.main(Peer)
