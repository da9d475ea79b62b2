// mse: formula and description. Included inside the kernels' namespaces, once per target.
// Not here: sums over outputs and rows (src/kernels/rows.cc, scalar.cc).
struct Mse {
  static constexpr LossKind kind{.name = "mse",
                                 .formula = "(y - t)^2",
                                 .help = "mean squared error",
                                 .source = "Gauss 1809; Bishop, PRML, 1.1",
                                 .task = "regression",
                                 .example_y = 3,
                                 .example_target = 1,
                                 .example_value = 4,
                                 .example_slope = 4};
  template <class V>
  static V value(V y, V t, V) noexcept {
    const V e = y - t;
    return e * e;
  }
  template <class V>
  static V slope(V y, V t, V) noexcept {
    const V e = y - t;
    return e + e;
  }
};
