// User-defined activations: settings, gradients, the model file, registration; activations named like <cmath>
// functions.
// Not here: the built-in kinds (activations_test.cc).
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "pellucid/pellucid.h"
#include "support/nets.h"

namespace pellucid {
namespace {

// z / (1 + |z / width|)
class Soft : public ActivationOf<Soft> {
 public:
  static constexpr std::string_view name = "test_soft", summary = "like tanh", formula = "z / (1 + |z / width|)",
                                    initializer = "lecun_normal";
  double width = 1;
  std::string note = "a, \"b\" = (c)";

  Soft() = default;
  explicit Soft(double w) : width(w) {}
  void describe(Fields& fields) override {
    fields.field({"width", "where it bends", positive}, width);
    fields.field({"note", "any text"}, note);
  }
  template <class T>
  void value(const T* z, T* y, std::int64_t n) const {
    for (std::int64_t i = 0; i < n; ++i) y[i] = z[i] / (1 + std::abs(z[i]) / static_cast<T>(width));
  }
  template <class T>
  void gradient(const T* z, const T*, const T* dy, T* dz, std::int64_t n) const {
    for (std::int64_t i = 0; i < n; ++i) {
      const T below = 1 + std::abs(z[i]) / static_cast<T>(width);
      dz[i] = dy[i] / (below * below);
    }
  }
};

// Has the same name as a built-in kind, so registering it must fail.
class Thief : public ActivationOf<Thief> {
 public:
  static constexpr std::string_view name = "relu", summary = "";
  template <class T>
  void value(const T*, T*, std::int64_t) const {}
  template <class T>
  void gradient(const T*, const T*, const T*, T*, std::int64_t) const {}
};

// Is never registered.
class Stranger : public ActivationOf<Stranger> {
 public:
  static constexpr std::string_view name = "stranger", summary = "";
  static constexpr bool has_gradient = false;
  template <class T>
  void value(const T* z, T* y, std::int64_t n) const {
    for (std::int64_t i = 0; i < n; ++i) y[i] = z[i] * z[i];
  }
  template <class T>
  void gradient(const T*, const T*, const T*, T*, std::int64_t) const {}
};

std::string code_of(const std::function<void()>& call, std::string* text = nullptr) {
  try {
    call();
  } catch (const Error& error) {
    if (text != nullptr) *text = error.text();
    return error.code();
  }
  return "";
}

TEST(OwnActivation, computes_values_and_gradients_from_its_settings) {
  // 3 / (1 + 3/2) = 1.2, -6 / (1 + 6/2) = -1.5
  const Soft soft(2);
  const double z[] = {3, -6, 0}, dy[] = {1, 10, 1};
  double y[3], dz[3];
  soft.value(z, y, 3);
  soft.gradient(z, y, dy, dz, 3);
  EXPECT_DOUBLE_EQ(y[0], 1.2);
  EXPECT_DOUBLE_EQ(y[1], -1.5);
  EXPECT_DOUBLE_EQ(dz[0], 0.16);
  EXPECT_DOUBLE_EQ(dz[1], 0.625);
  BasicModel<double> model{ActivationLayer{soft}};
  model.build(Shape{3});
  const Tensor<double> out = model.predict(View<const double>{z, 1, 3, 3});
  EXPECT_EQ(out.values()[0], y[0]);
  EXPECT_EQ(out.values()[1], y[1]);
}

TEST(OwnActivation, gradients_are_right_in_every_position_of_a_model) {
  const Dataset rows = test::rows_for("regression", 8, 5);
  BasicModel<double> model{Dense{4, Soft{0.5}}, Soft{2}, Dense{3, tanh}, Activation(Soft{1.5}), Dense{2, Soft{3}}};
  model.build(Shape{5}, 3);
  for (const GradientVerdict& v : check_gradients(model, rows)) EXPECT_TRUE(v.ok) << v.name;
}

TEST(OwnActivation, float_agrees_with_double) {
  const Dataset rows = test::rows_for("regression", 20, 5);
  BasicModel<double> model{Dense{4, Soft{0.5}}, Dense{2}};
  model.build(Shape{5}, 3);
  const Tensor<double> exact = model.predict(rows);
  const Tensor<float> close = model.as<float>().predict(rows);
  for (std::int64_t i = 0; i < exact.size(); ++i) EXPECT_NEAR(close.data()[i], exact.data()[i], 1e-5);
}

TEST(OwnActivation, text_has_the_name_and_the_settings_and_can_be_parsed) {
  register_activation<Soft>();
  register_activation<Soft>();  // registering the same type twice is allowed
  const Activation f = Soft{0.25};
  EXPECT_EQ(f.text(), R"X(test_soft(width=0.25, note="a, \"b\" = (c)"))X");
  EXPECT_EQ(Activation::parse(f.text()), f);
  EXPECT_EQ(Activation::parse("test_soft(0.25)"), f) << "one value is the first setting's";
  EXPECT_EQ(Activation::parse("test_soft"), Activation(Soft{}));
  EXPECT_FALSE(Activation(Soft{1}) == Activation(Soft{2}));
  EXPECT_STREQ(f.kind().initializer, "lecun_normal");
  EXPECT_EQ(f.kind().builtin, -1);
}

TEST(OwnActivation, invalid_settings_are_refused) {
  register_activation<Soft>();
  EXPECT_EQ(code_of([] { Activation(Soft{-1}); }), "U12");
  EXPECT_EQ(code_of([] { Activation::parse("test_soft(width=0)"); }), "U12");
  EXPECT_EQ(code_of([] { Activation::parse("test_soft(depth=1)"); }), "U05");
  EXPECT_EQ(code_of([] { Activation::parse("test_soft(width=1"); }), "U12");
  EXPECT_EQ(code_of([] { Activation::parse("test_soft(width=)"); }), "U12");
  EXPECT_EQ(code_of([] { Activation::parse("test_soft(1, 2)"); }), "U12");
  EXPECT_EQ(code_of([] { Activation(std::unique_ptr<ActivationFunction>()); }), "U11");
  EXPECT_EQ(code_of([] { register_activation<Thief>(); }), "U10");
  static const ActivationKind bare{.name = "bare", .formula = "", .help = "", .source = "", .onnx = ""};
  EXPECT_EQ(code_of([] { Dense(3, Activation(&bare)).output_activation()->check(); }), "U11");
}

TEST(OwnActivation, a_saved_model_keeps_its_settings) {
  register_activation<Soft>();
  Model model{Dense{4, Soft{0.75}}, Soft{2}, Dense{2}};
  model.build(Shape{5}, 3);
  const Model loaded = Model::from_bytes(model.to_bytes());
  EXPECT_EQ(*loaded.nodes()[0].layer->output_activation(), Activation(Soft{0.75}));
  EXPECT_EQ(*loaded.nodes()[1].layer->output_activation(), Activation(Soft{2}));
  EXPECT_EQ(loaded.to_bytes(), model.to_bytes());
}

TEST(OwnActivation, loading_an_unregistered_activation_says_how_to_register_it) {
  Model model{Dense{4, Stranger{}}, Dense{2}};
  model.build(Shape{5}, 3);
  std::string text;
  EXPECT_EQ(code_of([&] { Model::from_bytes(model.to_bytes()); }, &text), "D21");
  EXPECT_NE(text.find("stranger"), std::string::npos) << text;
  EXPECT_NE(text.find("register_activation<Yours>()"), std::string::npos) << text;
}

TEST(OwnActivation, without_a_gradient_it_can_predict_but_not_be_trained) {
  Model model{Dense{4, Stranger{}}, Dense{2}};
  const Dataset rows = test::rows_for("regression", 8, 5);
  model.build(Shape{5});
  EXPECT_EQ(code_of([&] { fit(model, rows, {}, {.epochs = 1}); }), "U22");
  EXPECT_EQ(model.predict(rows).shape(), (Shape{8, 2}));
}

TEST(OwnActivation, training_gives_the_same_bits_with_any_number_of_threads) {
  const Dataset rows = test::rows_for("regression", 300, 5);
  std::string first;
  for (const std::int64_t threads : {1, 2, 3, 7}) {
    Model model{Dense{64, Soft{0.5}}, Dense{2}};
    fit(model, rows, {}, {.epochs = 2, .batch_size = 100, .threads = threads});
    if (first.empty()) first = model.to_bytes();
    EXPECT_EQ(model.to_bytes(), first) << threads;
  }
}

}  // namespace
}  // namespace pellucid

// Written as in a user's program, outside the library's namespace.
namespace user {
using namespace pellucid;  // NOLINT

TEST(ActivationNames, can_be_used_both_as_activations_and_as_cmath_functions) {
  EXPECT_DOUBLE_EQ(tanh(1.0), std::tanh(1.0));
  EXPECT_DOUBLE_EQ(exp(1.0), std::exp(1.0));
  EXPECT_DOUBLE_EQ(log(2.0), std::log(2.0));
  EXPECT_DOUBLE_EQ(sqrt(2.0), std::sqrt(2.0));
  EXPECT_DOUBLE_EQ(sin(1.0) + cos(1.0) + tan(1.0) + erf(1.0) + fabs(-1.0) + pow(2.0, 3.0) + floor(1.5) + round(1.5),
                   std::sin(1.0) + std::cos(1.0) + std::tan(1.0) + std::erf(1.0) + 1 + 8 + 1 + 2);
  EXPECT_EQ(Dense(3, pellucid::tanh).activation(), Activation::parse("tanh"));
  const std::vector<Activation> several{relu, tanh, softmax};
  EXPECT_EQ(several[1], activations::tanh);
  const Model model{Dense{4, tanh}, tanh, Dense{4, relu}, Dense{2, softmax}};
  EXPECT_EQ(*model.nodes()[0].layer->output_activation(), activations::tanh);
  EXPECT_EQ(*model.nodes()[1].layer->output_activation(), activations::tanh);
  EXPECT_EQ(*model.nodes()[2].layer->output_activation(), activations::relu);
}

}  // namespace user
