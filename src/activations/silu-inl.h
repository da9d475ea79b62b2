// silu: formula and description. Included inside the kernels' namespaces, once per target.
// Not here: loops (kernels/activate.cc).
struct Silu {
  static constexpr ActivationKind kind{.name = "silu",
                                       .formula = "z sigmoid(z)",
                                       .help = "sigmoid linear unit, also called swish",
                                       .source = "Elfwing, Uchibe, Doya, Neural Networks 107, 2018",
                                       .onnx = "Sigmoid z Mul",
                                       .needs_input = true,
                                       .initializer = "he_normal",
                                       .example_z = 1,
                                       .example_y = 0.7310585786300049,
                                       .example_slope = 0.9276705118714867};
  template <class V>
  static V value(V z, V) noexcept {
    return z * sigmoid(z);
  }
  template <class V>
  static V slope(V z, V, V) noexcept {
    const V s = sigmoid(z);
    return s * fma(z, V(1) - s, V(1));
  }
};
