// cross_entropy: formula and description. Included inside the kernels' namespaces, once per target.
// Not here: sums over outputs and rows (src/kernels/rows.cc, scalar.cc).
struct CrossEntropy {
  static constexpr LossKind kind{
      .name = "cross_entropy",
      .formula = "-sum of t log softmax(z) over the row",
      .help = "minus the logarithm of the probability of the right class, from the logits",
      .source = "Good 1952; Bishop, PRML, 4.3.4",
      .task = "classification",
      .parameter = {"smoothing", "label smoothing: share of each target that is divided equally between all classes",
                    fraction},
      .from_logits = true,
      .output = "softmax",
      .rowwise = true,
      .example_y = 0,
      .example_target = 1,
      .example_value = 0.6931471805599453,
      .example_slope = -0.5};
  // Arguments for one output: above = z minus the row's largest z, log_sum = log of the row's sum of exp(above), share
  // = softmax(z), total = the row's sum of targets. The loss of an output with target 0 is 0. The example is the first
  // output of the row (0, 0) with targets (1, 0).
  template <class V>
  static V value(V above, V t, V log_sum) noexcept {
    return t * (log_sum - above);
  }
  template <class V>
  static V slope(V share, V t, V total) noexcept {
    return fma(share, total, -t);
  }
};
