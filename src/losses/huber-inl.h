// huber: formula and description. Included inside the kernels' namespaces, once per target.
// Not here: sums over outputs and rows (src/kernels/rows.cc, scalar.cc).
struct Huber {
  static constexpr LossKind kind{
      .name = "huber",
      .formula = "(y - t)^2 / 2 where |y - t| <= delta, else delta (|y - t| - delta / 2)",
      .help = "squared error near the target, absolute error far from it",
      .source = "Huber, Annals of Mathematical Statistics 35, 1964",
      .task = "regression",
      .parameter = {"delta", "size of the error above which the loss grows linearly", positive},
      .parameter_default = 1,
      .example_y = 3,
      .example_target = 1,
      .example_value = 1.5,
      .example_slope = 1};
  template <class V>
  static V value(V y, V t, V delta) noexcept {
    const V e = abs(y - t), half = V(0.5);
    return select(e > delta, delta * (e - half * delta), half * e * e);
  }
  template <class V>
  static V slope(V y, V t, V delta) noexcept {
    return max(-delta, min(delta, y - t));
  }
};
