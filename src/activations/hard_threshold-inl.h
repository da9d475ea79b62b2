// hard_threshold: formula and description. Included inside the kernels' namespaces, once per target.
// Not here: loops (kernels/activate.cc).
struct HardThreshold {
  static constexpr ActivationKind kind{.name = "hard_threshold",
                                       .formula = "1 if z >= 0, else 0",
                                       .help = "the first artificial neuron; has no gradient, so it cannot be trained",
                                       .source = "McCulloch, Pitts, Bulletin of Mathematical Biophysics 5, 1943",
                                       .onnx = "0 GreaterOrEqual 1 0 Where",
                                       .has_gradient = false,
                                       .example_z = 0,
                                       .example_y = 1,
                                       .example_slope = 0,
                                       .kink = 0};
  template <class V>
  static V value(V z, V) noexcept {
    return select(z >= V(0), V(1), V(0));
  }
  template <class V>
  static V slope(V, V, V) noexcept {
    return V(0);
  }
};
