// binary_cross_entropy: formula and description. Included inside the kernels' namespaces, once per target.
// Not here: sums over outputs and rows (src/kernels/loss.cc, scalar.cc).
struct BinaryCrossEntropy {
  static constexpr LossKind kind{.name = "binary_cross_entropy",
                                 .formula = "log(1 + exp(z)) - z t",
                                 .help = "surprise at a yes or no, from the logit",
                                 .source = "Cox 1958; Bishop, PRML, 4.3.2",
                                 .task = "binary",
                                 .from_logits = true,
                                 .output = "sigmoid",
                                 .example_y = 0,
                                 .example_target = 1,
                                 .example_value = 0.6931471805599453,
                                 .example_slope = -0.5};
  template <class V>
  static V value(V z, V t, V) noexcept {
    return fma(-z, t, max(V(0), z)) + log1p(exp(-abs(z)));
  }
  template <class V>
  static V slope(V z, V t, V) noexcept {
    return sigmoid(z) - t;
  }
};
