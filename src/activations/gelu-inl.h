// gelu: formula and description. Included inside the kernels' namespaces, once per target.
// Not here: loops (kernels/activate.cc).
struct Gelu {
  static constexpr ActivationKind kind{.name = "gelu",
                                       .formula = "z (1 + erf(z / sqrt 2)) / 2",
                                       .help = "Gaussian error linear unit, exact",
                                       .source = "Hendrycks, Gimpel, arXiv:1606.08415",
                                       .onnx = "0.7071067811865475 Mul Erf 1 Add z Mul 0.5 Mul",
                                       .needs_input = true,
                                       .initializer = "he_normal",
                                       .example_z = 1,
                                       .example_y = 0.8413447460685429,
                                       .example_slope = 1.0833154705876863};
  /// The probability that a standard normal number is below z.
  template <class V>
  static V below(V z) noexcept {
    return fma(V(0.5), erf(z * V(0.70710678118654752)), V(0.5));
  }
  template <class V>
  static V value(V z, V) noexcept {
    return z * below(z);
  }
  template <class V>
  static V slope(V z, V, V) noexcept {
    return fma(z * V(0.39894228040143268), exp_negative(V(-0.5) * z * z), below(z));
  }
};
