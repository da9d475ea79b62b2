// Convolution and pooling: worked numbers, sums by plain loops in double, gradients, bits at any number of threads,
// errors. Not here: what holds for every layer (battery_test.cc), the kernels (kernels/convolution_test.cc).
#include "pellucid/picture_layers.h"

#include <gtest/gtest.h>

#include "kernels/kernels.h"
#include "pellucid/error.h"
#include "pellucid/gradient_check.h"
#include "pellucid/layers.h"
#include "pellucid/trainer.h"
#include "support/nets.h"
#include "support/numbers.h"

namespace pellucid {
namespace {

using Numbers = std::vector<double>;

/// The output of one layer for one picture. weight, bias: its parameters.
Numbers output_of(const LayerRef& layer, const Shape& shape, const Numbers& x, const Numbers& weight = {},
                  const Numbers& bias = {}) {
  BasicModel<double> model{layer};
  model.build(shape);
  if (!weight.empty()) std::copy(weight.begin(), weight.end(), model.parameters()[0].value.data());
  if (!bias.empty()) std::copy(bias.begin(), bias.end(), model.parameters()[1].value.data());
  const Tensor<double> y = model.predict(View<const double>{x.data(), 1, shape.elements(), shape.elements()});
  return {y.data(), y.data() + y.size()};
}

TEST(PictureLayers, compute_the_examples_of_their_documentation) {
  const Numbers nine = {1, 2, 3, 4, 5, 6, 7, 8, 9};
  EXPECT_EQ(output_of(Conv2D{1, 2}, Shape{3, 3, 1}, nine, {1, 0, 0, -1}, {0.5}), (Numbers{-3.5, -3.5, -3.5, -3.5}));
  EXPECT_EQ(output_of(MaxPool2D{2}, Shape{2, 4, 1}, {1, 2, 3, 4, 5, 6, 7, 8}), (Numbers{6, 8}));
  EXPECT_EQ(output_of(AveragePool2D{2}, Shape{2, 4}, {1, 2, 3, 4, 5, 6, 7, 8}), (Numbers{3.5, 5.5}));
  EXPECT_EQ(output_of(GlobalAveragePool2D{}, Shape{2, 2, 1}, {1, 2, 3, 6}), (Numbers{3}));
}

TEST(PictureLayers, same_padding_keeps_the_size_and_adds_an_odd_pixel_at_the_bottom_and_right) {
  const Numbers four = {1, 2, 3, 4};
  EXPECT_EQ(output_of(Conv2D{1, 2, linear, {.padding = "same"}}, Shape{2, 2, 1}, four, {1, 10, 100, 1000}, {0}),
            (Numbers{4321, 402, 43, 4}));
  EXPECT_EQ(output_of(Conv2D{1, 1, linear, {.padding = "1"}}, Shape{1, 1, 1}, {7}, {2}, {1}),
            (Numbers{1, 1, 1, 1, 15, 1, 1, 1, 1}));
  EXPECT_EQ(output_of(AveragePool2D{2, {.padding = "same"}}, Shape{1, 3, 1}, {1, 3, 8}), (Numbers{2, 8}));
  EXPECT_EQ(output_of(MaxPool2D{3, {.stride = 1, .padding = "same"}}, Shape{1, 3, 1}, {-3, -1, -8}),
            (Numbers{-1, -1, -1}));
}

struct Case {
  Shape shape;
  std::int64_t filters;
  PixelSize kernel;
  Conv2DOptions options;
};

std::vector<Case> cases() {
  return {{Shape{5, 6, 2}, 3, 3, {}},
          {Shape{5, 6, 1}, 4, {3, 2}, {.padding = "same"}},
          {Shape{7, 5, 2}, 3, 3, {.stride = 2, .padding = "same"}},
          {Shape{7, 8, 1}, 2, {2, 3}, {.stride = {3, 2}, .padding = "2"}},
          {Shape{7, 8, 2}, 2, 2, {.stride = 2, .padding = "1", .dilation = 3}},
          {Shape{9, 7, 2}, 3, {3, 2}, {.stride = {2, 1}, .padding = "same", .dilation = {2, 3}}},
          {Shape{8, 8, 1}, 2, 2, {.stride = 3, .padding = "valid", .dilation = 1}},
          {Shape{4, 5, 4}, 6, 3, {.padding = "same", .groups = 2}},
          {Shape{6, 5, 3}, 3, 3, {.stride = 2, .padding = "1", .groups = 3}},
          {Shape{5, 5, 4}, 4, 2, {.padding = "same", .dilation = 2, .groups = 4, .bias = false}},
          {Shape{1, 33, 3}, 17, {1, 5}, {.padding = "same"}},
          {Shape{33, 1, 1}, 33, {7, 1}, {.stride = 5}},
          {Shape{3, 3, 33}, 5, 3, {}},
          {Shape{4, 4, 2}, 2, 1, {.stride = 2}}};
}

/// The padding at the top (or left) as the header states it.
std::int64_t before(const std::string& padding, std::int64_t in, std::int64_t kernel, std::int64_t stride,
                    std::int64_t dilation) {
  if (padding == "valid") return 0;
  if (padding != "same") return std::stoll(padding);
  const std::int64_t out = (in + stride - 1) / stride;
  return std::max<std::int64_t>(0, (out - 1) * stride + (kernel - 1) * dilation + 1 - in) / 2;
}

TEST(PictureLayers, convolution_agrees_with_plain_loops) {
  for (const Case& c : cases()) {
    SCOPED_TRACE(c.shape.text() + ", kernel " + std::to_string(c.kernel.height) + ", padding " + c.options.padding);
    const Conv2D layer(c.filters, c.kernel, linear, c.options);
    const std::int64_t h = c.shape[0], w = c.shape[1], channels = c.shape[2], per_group = channels / c.options.groups;
    const Numbers x = test::random_values<double>(h * w * channels, 1),
                  bias = test::random_values<double>(c.filters, 3);
    const Numbers weight = test::random_values<double>(c.kernel.height * c.kernel.width * per_group * c.filters, 2);
    const Shape in[] = {c.shape};
    const Shape out = layer.output_shape(in);
    const auto& [stride, padding, dilation, groups, has_bias, i1, i2] = c.options;
    const std::int64_t top = before(padding, h, c.kernel.height, stride.height, dilation.height);
    const std::int64_t left = before(padding, w, c.kernel.width, stride.width, dilation.width);
    const Numbers y = output_of(layer, c.shape, x, weight, has_bias ? bias : Numbers{});
    ASSERT_EQ(y.size(), static_cast<std::size_t>(out.elements()));
    for (std::int64_t r = 0, at = 0; r < out[0]; ++r) {
      for (std::int64_t col = 0; col < out[1]; ++col) {
        for (std::int64_t f = 0; f < c.filters; ++f, ++at) {
          double sum = has_bias ? bias[f] : 0;
          for (std::int64_t i = 0; i < c.kernel.height; ++i) {
            for (std::int64_t j = 0; j < c.kernel.width; ++j) {
              const std::int64_t row = r * stride.height + i * dilation.height - top;
              const std::int64_t column = col * stride.width + j * dilation.width - left;
              if (row < 0 || row >= h || column < 0 || column >= w) continue;
              for (std::int64_t a = 0; a < per_group; ++a) {
                const std::int64_t channel = f / (c.filters / groups) * per_group + a;
                sum += x[(row * w + column) * channels + channel] *
                       weight[((i * c.kernel.width + j) * per_group + a) * c.filters + f];
              }
            }
          }
          ASSERT_NEAR(y[at], sum, 1e-12) << "row " << r << ", column " << col << ", filter " << f;
        }
      }
    }
  }
}

TEST(PictureLayers, gradients_of_every_form_agree_with_differences_of_the_loss) {
  std::vector<BasicModel<double>> models;
  for (const Case& c : cases()) {
    models.push_back(
        {Dense{c.shape.elements(), tanh}, Reshape{c.shape}, Conv2D{c.filters, c.kernel, tanh, c.options}, Dense{2}});
  }
  for (const LayerRef& pool : {LayerRef(MaxPool2D{{2, 3}, {.stride = 1, .padding = "1"}}), LayerRef(MaxPool2D{3}),
                               LayerRef(AveragePool2D{{2, 3}, {.stride = 2, .padding = "same"}}),
                               LayerRef(AveragePool2D{2}), LayerRef(GlobalAveragePool2D{})}) {
    models.push_back({Dense{5 * 6 * 2, tanh}, Reshape{Shape{5, 6, 2}}, pool, Dense{2}});
  }
  for (BasicModel<double>& model : models) {
    model.build(Shape{5}, 3);
    SCOPED_TRACE(model.summary());
    const auto verdicts =
        check_gradients(model, test::rows_for("regression", 3, 5), Loss("mse"), {.most_per_parameter = 12});
    for (const GradientVerdict& v : verdicts) EXPECT_LT(v.relative_error, 1e-7) << v.name;
  }
}

/// A small net for pictures of 10 x 10, trained for some steps.
template <class T>
std::string trained(int threads, std::int64_t row_block, std::int64_t batch = 30) {
  BasicModel<T> model{Reshape{Shape{10, 10, 1}},
                      Conv2D{8, 3, relu, {.padding = "same"}},
                      MaxPool2D{2},
                      Conv2D{33, 3, tanh, {.stride = 2, .padding = "same"}},
                      AveragePool2D{{1, 3}},
                      Conv2D{33, 2, relu, {.padding = "same", .groups = 3}},
                      GlobalAveragePool2D{},
                      Dense{3, softmax}};
  const Dataset data = test::rows_for("classification", 90, 100);
  model.build(data.row_shape(), 5);
  BasicFitOptions<T> options;
  options.epochs = 2;
  options.batch_size = batch;
  options.threads = threads;
  options.row_block = row_block;
  options.optimizer = Adam{};
  fit(model, data, Dataset{}, options);
  return model.to_bytes();
}

TEST(PictureLayers, training_gives_the_same_bits_at_any_number_of_threads) {
  for (const std::int64_t row_block : {1024, 7}) {
    const std::string one = trained<float>(1, row_block, row_block == 7 ? 90 : 30);
    for (const int threads : {2, 3, 7}) {
      EXPECT_EQ(trained<float>(threads, row_block, row_block == 7 ? 90 : 30), one)
          << threads << " threads, " << row_block;
    }
  }
}

TEST(PictureLayers, training_gives_the_same_bits_with_every_instruction_set_that_has_fma) {
  const std::vector<const Kernels<float>*> all = all_kernels<float>();
  const Kernels<float>& best = kernels<float>();
  const std::string want = trained<float>(1, 1024);
  for (const Kernels<float>* one : all) {
    if (!one->fma) continue;
    use_kernels(*one);
    EXPECT_EQ(trained<float>(1, 1024), want) << one->target;
  }
  use_kernels(best);
}

/// The error that making or building throws.
template <class F>
std::string error_of(const F& f) {
  try {
    f();
    return "none";
  } catch (const Error& error) {
    return std::string(error.code()) + " " + error.what();
  }
}

std::string build_error(const LayerRef& layer, const Shape& shape) {
  return error_of([&] {
    BasicModel<float> model{layer};
    model.build(shape);
  });
}

TEST(PictureLayers, shapes_that_do_not_fit_are_refused_with_both_shapes) {
  for (const LayerRef& layer : {LayerRef(Conv2D{2}), LayerRef(MaxPool2D{2}), LayerRef(GlobalAveragePool2D{})}) {
    const std::string error = build_error(layer, Shape{784});
    EXPECT_NE(error.find("U20"), std::string::npos) << error;
    EXPECT_NE(error.find("height x width x channels, its input has the shape 784"), std::string::npos) << error;
  }
  EXPECT_NE(build_error(Conv2D{2, {5, 3}}, Shape{4, 9, 1}).find("windows of 5x3 pixels, its input has pictures of 4x9"),
            std::string::npos);
  EXPECT_NE(build_error(MaxPool2D{3}, Shape{2, 2, 8}).find("windows of 3x3 pixels, its input has pictures of 2x2"),
            std::string::npos);
  EXPECT_NE(build_error(Conv2D{4, 3, relu, {.groups = 2}}, Shape{8, 8, 3})
                .find("2 groups, which do not divide the 3 channels"),
            std::string::npos);
}

TEST(PictureLayers, settings_out_of_range_are_refused) {
  EXPECT_EQ(error_of([] { Conv2D{0}; }).substr(0, 3), "U12");
  EXPECT_EQ(error_of([] { Conv2D{2, 0}; }).substr(0, 3), "U12");
  EXPECT_EQ(error_of([] { Conv2D{2, {3, 5000}}; }).substr(0, 3), "U12");
  EXPECT_EQ(error_of([] { Conv2D(2, 3, relu, {.stride = 0}); }).substr(0, 3), "U12");
  EXPECT_EQ(error_of([] { Conv2D(2, 3, relu, {.padding = "full"}); }).substr(0, 3), "U12");
  EXPECT_EQ(error_of([] { Conv2D(2, 3, relu, {.padding = "-1"}); }).substr(0, 3), "U12");
  EXPECT_EQ(error_of([] { Conv2D(3, 3, relu, {.groups = 2}); }).substr(0, 3), "U12");
  EXPECT_EQ(error_of([] { MaxPool2D(2, {.padding = "2"}); }).substr(0, 3), "U12");
  EXPECT_EQ(error_of([] { AveragePool2D{-1}; }).substr(0, 3), "U12");
}

}  // namespace
}  // namespace pellucid
