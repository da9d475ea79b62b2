// binary_cross_entropy: formula and description. Included inside the kernels' namespaces, once per target.
// Not here: sums over outputs and rows (src/kernels/rows.cc, scalar.cc).
struct BinaryCrossEntropy {
  static constexpr LossKind kind{
      .name = "binary_cross_entropy",
      .formula = "log(1 + exp(z)) - z t",
      .help = "minus the logarithm of the probability of the right answer (yes or no), from the logit",
      .source = "Cox 1958; Bishop, PRML, 4.3.2",
      .task = "binary",
      .parameter = {"smoothing", "label smoothing: share of each target that is divided equally between both answers",
                    fraction},
      .from_logits = true,
      .output = "sigmoid",
      .example_y = 0,
      .example_target = 1,
      .example_value = 0.6931471805599453,
      .example_slope = -0.5};
  template <class V>
  static V smooth(V t, V smoothing) noexcept {
    return fma(V(0.5) - t, smoothing, t);
  }
  template <class V>
  static V value(V z, V t, V smoothing) noexcept {
    return fma(-z, smooth(t, smoothing), max(V(0), z)) + log1p(exp_negative(-abs(z)));
  }
  template <class V>
  static V slope(V z, V t, V smoothing) noexcept {
    return sigmoid(z) - smooth(t, smoothing);
  }
};
