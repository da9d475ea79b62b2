// tanh: formula and description. Included inside the kernels' namespaces, once per target.
// Not here: loops (kernels/activate.cc).
struct Tanh {
  static constexpr ActivationKind kind{.name = "tanh",
                                       .formula = "tanh(z)",
                                       .help = "hyperbolic tangent: -1 to 1",
                                       .source = "LeCun et al., Efficient BackProp, 1998",
                                       .onnx = "Tanh",
                                       .example_z = 0.5,
                                       .example_y = 0.46211715726000973,
                                       .example_slope = 0.7864477329659274};
  template <class V>
  static V value(V z, V) noexcept {
    return tanh(z);
  }
  template <class V>
  static V slope(V, V y, V) noexcept {
    return fma(-y, y, V(1));
  }
};
