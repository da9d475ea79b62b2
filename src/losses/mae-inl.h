// mae: formula and description. Included inside the kernels' namespaces, once per target.
// Not here: sums over outputs and rows (src/kernels/rows.cc, scalar.cc).
struct Mae {
  static constexpr LossKind kind{.name = "mae",
                                 .formula = "|y - t|",
                                 .help = "mean absolute error: predicts the median; outliers count less than in mse",
                                 .source = "Laplace 1774; Bishop, PRML, 1.5.5",
                                 .task = "regression",
                                 .example_y = 3,
                                 .example_target = 1,
                                 .example_value = 2,
                                 .example_slope = 1,
                                 .kinked = true};
  template <class V>
  static V value(V y, V t, V) noexcept {
    return abs(y - t);
  }
  template <class V>
  static V slope(V y, V t, V) noexcept {
    const V e = y - t;
    return select(e > V(0), V(1), select(e < V(0), V(-1), e));
  }
};
