// Layers for pictures: convolution and pooling.
// Not here: the other layers (layers.h), reading pictures (image.h), the arithmetic (src/layers).
//
// The row of a picture has the shape height x width x channels, channels innermost (NHWC); a row of the shape height x
// width is a picture with one channel. Data that come as flat rows get their shape by Reshape{Shape{28, 28, 1}}. In the
// formulas, rows and columns count from 0, and a pixel outside the picture counts as 0 (convolution) or is left out
// (pooling).
//
// `padding` is a text: "valid" (default: the window stays inside the picture), "same" (the output has ceil(input /
// stride) rows and columns; an odd number of rows or columns to add puts the additional one at the bottom or right, as
// Keras does), or a number of pixels to add at each side, such as "1". With k = (kernel - 1) · dilation + 1, the output
// has floor((input + added - k) / stride) + 1 rows.
//
// All throw U12 for settings out of range, and U20 for inputs that are no pictures or smaller than the window.
#pragma once

#include "pellucid/layer.h"

namespace PELLUCID_EXPORT pellucid {

/// Height and width in pixels. One number stands for both: Conv2D{32, 3} has a kernel of 3 x 3.
struct PixelSize {
  std::int64_t height = 1, width = 1;

  PixelSize() = default;
  PixelSize(std::int64_t both) : height(both), width(both) {}  // NOLINT: implicit, so that 3 means 3 x 3
  PixelSize(std::int64_t height_, std::int64_t width_) : height(height_), width(width_) {}
  friend bool operator==(const PixelSize&, const PixelSize&) = default;
};

struct Conv2DOptions {
  PixelSize stride = 1;           ///< distance between neighbouring windows, ≥ 1
  std::string padding = "valid";  ///< see above
  PixelSize dilation = 1;         ///< distance between the pixels that a window reads, ≥ 1
  /// The channels are cut into so many equal groups, and each group of filters reads one of them. groups = filters =
  /// channels is a depthwise convolution.
  std::int64_t groups = 1;
  bool bias = true;
  Initializer weight_initializer{"auto"};  ///< auto: by the activation, as Dense
  Initializer bias_initializer{"zeros"};
};

/// Convolution (cross-correlation, as in all frameworks), with stride s, dilation d, and t, l rows and columns added at
/// the top and left:
///   y[r, c, f] = act(b[f] + Σ x[s·r + d·i - t, s·c + d·j - l, a] · W[i, j, a, f])
/// over the rows i and columns j of the kernel and the channels a, in this order. x is a picture of height x width x
/// channels; W is kernel height x kernel width x (channels / groups) x filters; b has one number per filter; y is a
/// picture with `filters` channels. Fan-in: kernel height · kernel width · channels / groups. LeCun, Bottou, Bengio,
/// Haffner, Proceedings of the IEEE 86, 1998.
///
/// Example: the picture 1 2 3 / 4 5 6 / 7 8 9 with the kernel 1 0 / 0 -1 and the bias 0.5 gives four times 1 - 5 + 0.5
/// = 2 - 6 + 0.5 = -3.5.
class Conv2D : public LayerOf<Conv2D> {
 public:
  static constexpr std::string_view name = "conv2d";
  static constexpr std::string_view summary = "convolution of pictures: each filter reads a window of pixels";

  Conv2D() = default;
  explicit Conv2D(std::int64_t filters, PixelSize kernel = 3, Activation activation = Activation(),
                  Conv2DOptions options = {});

  void describe(Fields& fields) override;
  Shape output_shape(std::span<const Shape> inputs) const override;
  std::vector<Need> needs(std::span<const Shape> inputs) const override;
  const Activation* output_activation() const override { return &activation_; }
  bool rows_are_independent() const override { return activation_.kind().builtin >= 0; }
  template <class T>
  void run_forward(Pass<T>& pass) const;
  template <class T>
  void run_backward(Pass<T>& pass) const;
  Expression::Value express(Expression& to) const override;

  std::int64_t filters() const noexcept { return filters_; }
  PixelSize kernel() const noexcept { return kernel_; }
  const Activation& activation() const noexcept { return activation_; }
  const Conv2DOptions& options() const noexcept { return options_; }

 private:
  std::int64_t filters_ = 1;
  PixelSize kernel_ = 3;
  Activation activation_;
  Conv2DOptions options_;
};

struct Pool2DOptions {
  PixelSize stride = 0;           ///< 0 (default): as the window, so that windows do not overlap
  std::string padding = "valid";  ///< see above; a number must be smaller than the window
};

/// The largest number of each window, channel by channel. In training, the gradient goes to the first pixel that has
/// it. Example: windows of 2 x 2 in 1 2 3 4 / 5 6 7 8 give 6 8.
class MaxPool2D : public LayerOf<MaxPool2D> {
 public:
  static constexpr std::string_view name = "max_pool2d";
  static constexpr std::string_view summary = "the largest number of each window of pixels";

  MaxPool2D() = default;
  explicit MaxPool2D(PixelSize window, Pool2DOptions options = {});

  void describe(Fields& fields) override;
  Shape output_shape(std::span<const Shape> inputs) const override;
  std::vector<Need> needs(std::span<const Shape> inputs) const override;
  bool rows_are_independent() const override { return true; }
  template <class T>
  void run_forward(Pass<T>& pass) const;
  template <class T>
  void run_backward(Pass<T>& pass) const;
  Expression::Value express(Expression& to) const override;

 private:
  PixelSize window_ = 2;
  Pool2DOptions options_;
};

/// The mean of each window, channel by channel, over the pixels of the window that are in the picture. Example: windows
/// of 2 x 2 in 1 2 3 4 / 5 6 7 8 give 3.5 5.5.
class AveragePool2D : public LayerOf<AveragePool2D> {
 public:
  static constexpr std::string_view name = "average_pool2d";
  static constexpr std::string_view summary = "the mean of each window of pixels";

  AveragePool2D() = default;
  explicit AveragePool2D(PixelSize window, Pool2DOptions options = {});

  void describe(Fields& fields) override;
  Shape output_shape(std::span<const Shape> inputs) const override;
  std::vector<Need> needs(std::span<const Shape> inputs) const override;
  bool rows_are_independent() const override { return true; }
  template <class T>
  void run_forward(Pass<T>& pass) const;
  template <class T>
  void run_backward(Pass<T>& pass) const;
  Expression::Value express(Expression& to) const override;

 private:
  PixelSize window_ = 2;
  Pool2DOptions options_;
};

/// The mean of each channel over the whole picture: a flat row with one number per channel. Lin, Chen, Yan, "Network in
/// Network", ICLR 2014. Example: the picture 1 2 / 3 6 gives 3.
class GlobalAveragePool2D : public LayerOf<GlobalAveragePool2D> {
 public:
  static constexpr std::string_view name = "global_average_pool2d";
  static constexpr std::string_view summary = "the mean of each channel of the picture";

  void describe(Fields& fields) override;
  Shape output_shape(std::span<const Shape> inputs) const override;
  std::vector<Need> needs(std::span<const Shape> inputs) const override;
  bool rows_are_independent() const override { return true; }
  template <class T>
  void run_forward(Pass<T>& pass) const;
  template <class T>
  void run_backward(Pass<T>& pass) const;
  Expression::Value express(Expression& to) const override;
};

}  // namespace pellucid
