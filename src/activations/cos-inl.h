// cos: formula and description. Included inside the kernels' namespaces, once per target.
// Not here: loops (kernels/activate.cc), layers of frequencies (layers/periodic_embedding.cc,
// layers/cosine_embedding.cc).
struct Cos {
  static constexpr ActivationKind kind{.name = "cos",
                                       .formula = "cos(z)",
                                       .help = "periodic, between -1 and 1; for features of learned frequencies",
                                       .source = "Rahimi, Recht, NeurIPS 2007",
                                       .onnx = "Cos",
                                       .needs_input = true,
                                       .initializer = "lecun_normal",
                                       .example_z = 2,
                                       .example_y = -0.4161468365471424,
                                       .example_slope = -0.9092974268256817};
  template <class V>
  static V value(V z, V) noexcept {
    return cos(z);
  }
  template <class V>
  static V slope(V z, V, V) noexcept {
    return -sin(z);
  }
};
