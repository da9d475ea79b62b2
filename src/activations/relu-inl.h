// relu: formula and description. Included inside the kernels' namespaces, once per target.
// Not here: loops (kernels/activate.cc).
struct Relu {
  static constexpr ActivationKind kind{.name = "relu",
                                       .formula = "max(z, 0)",
                                       .help = "rectified linear unit: keeps positive values, sets negative ones to 0",
                                       .source = "Nair, Hinton, ICML 2010",
                                       .onnx = "Relu",
                                       .initializer = "he_normal",
                                       .example_z = -1.5,
                                       .example_y = 0,
                                       .example_slope = 0,
                                       .kink = 0};
  template <class V>
  static V value(V z, V) noexcept {
    return max(V(0), z);
  }
  template <class V>
  static V slope(V, V y, V) noexcept {
    return select(y > V(0), V(1), V(0));
  }
};
