// elu: formula and description. Included inside the kernels' namespaces, once per target.
// Not here: loops (kernels/activate.cc).
struct Elu {
  static constexpr ActivationKind kind{.name = "elu",
                                       .formula = "z if z > 0, else alpha (exp(z) - 1)",
                                       .help = "exponential linear unit: smooth towards -alpha",
                                       .source = "Clevert, Unterthiner, Hochreiter, ICLR 2016",
                                       .onnx = "Elu",
                                       .parameter = {"alpha", "minus the limit for very negative z", not_negative},
                                       .parameter_default = 1,
                                       .initializer = "he_normal",
                                       .example_z = -1,
                                       .example_y = -0.6321205588285577,
                                       .example_slope = 0.36787944117144233,
                                       .kink = 0};
  template <class V>
  static V value(V z, V alpha) noexcept {
    return select(z > V(0), z, alpha * expm1(z));
  }
  template <class V>
  static V slope(V, V y, V alpha) noexcept {
    return select(y > V(0), V(1), y + alpha);
  }
};
