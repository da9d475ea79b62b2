// sigmoid: formula and description. Included inside the kernels' namespaces, once per target.
// Not here: loops (kernels/activate.cc).
struct Sigmoid {
  static constexpr ActivationKind kind{.name = "sigmoid",
                                       .formula = "1 / (1 + exp(-z))",
                                       .help = "logistic function: 0 to 1",
                                       .source = "Rumelhart, Hinton, Williams, Nature 323, 1986",
                                       .onnx = "Sigmoid",
                                       .example_z = 1,
                                       .example_y = 0.7310585786300049,
                                       .example_slope = 0.19661193324148185};
  template <class V>
  static V value(V z, V) noexcept {
    return sigmoid(z);
  }
  template <class V>
  static V slope(V, V y, V) noexcept {
    return y * (V(1) - y);
  }
};
