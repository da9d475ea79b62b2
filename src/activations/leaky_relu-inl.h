// leaky_relu: formula and description. Included inside the kernels' namespaces, once per target.
// Not here: loops (kernels/activate.cc).
struct LeakyRelu {
  static constexpr ActivationKind kind{.name = "leaky_relu",
                                       .formula = "z if z > 0, else alpha z",
                                       .help = "relu with a small slope for negative values",
                                       .source = "Maas, Hannun, Ng, ICML workshop 2013",
                                       .onnx = "LeakyRelu",
                                       .parameter = {"alpha", "slope where z is negative", not_negative},
                                       .parameter_default = 0.01,
                                       .initializer = "he_normal",
                                       .example_z = -2,
                                       .example_y = -0.02,
                                       .example_slope = 0.01,
                                       .kink = 0};
  template <class V>
  static V value(V z, V alpha) noexcept {
    return select(z > V(0), z, alpha * z);
  }
  template <class V>
  static V slope(V, V y, V alpha) noexcept {
    return select(y > V(0), V(1), alpha);
  }
};
