// softmax: description only; the example is the first output for the row (0, 0). Included inside the kernels'
// namespaces, once per target.
// Not here: the arithmetic, which needs whole rows (kernels/rows.cc, kernels/scalar.cc).
struct Softmax {
  static constexpr ActivationKind kind{.name = "softmax",
                                       .formula = "exp(z) / sum of exp(z) over the row",
                                       .help = "probabilities that add up to 1: one class out of several",
                                       .source = "Bridle, NeurIPS 1989",
                                       .onnx = "Softmax",
                                       .rowwise = true,
                                       .example_z = 0,
                                       .example_y = 0.5,
                                       .example_slope = 0.25};
};
