// linear: formula and description. Included inside the kernels' namespaces, once per target.
// Not here: loops (kernels/activate.cc).
struct Linear {
  static constexpr ActivationKind kind{.name = "linear",
                                       .formula = "z",
                                       .help = "the identity: for regression outputs",
                                       .source = "Gauss 1809",
                                       .onnx = "Identity",
                                       .example_z = -1.5,
                                       .example_y = -1.5,
                                       .example_slope = 1};
  template <class V>
  static V value(V z, V) noexcept {
    return z;
  }
  template <class V>
  static V slope(V, V, V) noexcept {
    return V(1);
  }
};
