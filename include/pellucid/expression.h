// Expression: a layer's forward pass in basic operations, from which exports (C source, ONNX) write it.
// Not here: the arithmetic of training and prediction (layer.h), the exports (c_source.h).
#pragma once

#include <cstdint>
#include <span>

#include "pellucid/activation.h"
#include "pellucid/tensor.h"

namespace PELLUCID_EXPORT pellucid {

/// A window that moves over a picture of height × width × channels numbers, channels innermost; window (r, c) begins at
/// the pixel (r · stride_rows − top, c · stride_columns − left).
struct PictureWindow {
  std::int64_t height = 1, width = 1, channels = 1;       ///< of the picture
  std::int64_t rows = 1, columns = 1;                     ///< pixels of the window
  std::int64_t stride_rows = 1, stride_columns = 1;       ///< between windows
  std::int64_t dilation_rows = 1, dilation_columns = 1;   ///< between the pixels of a window
  std::int64_t top = 0, bottom = 0, left = 0, right = 0;  ///< pixels added around the picture
  std::int64_t out_rows = 1, out_columns = 1;             ///< windows
};

/// What Layer::express() gets: the layer's inputs and parameters, and the operations that its output may be made of.
/// Each operation works on one row and gives a new value. The order of the floating-point operations is part of each
/// operation, so that an export can promise the same bits as Predictor: every number is a float, and `fma(a, b, c)`
/// below is a·b + c, rounded once.
class Expression {
 public:
  /// The numbers of one row, an intermediate result.
  struct Value {
    int index = -1;
  };
  /// A parameter or state of the layer.
  struct Constant {
    int index = -1;
  };

  virtual ~Expression() = default;

  virtual int inputs() const = 0;
  virtual Value input(int i = 0) const = 0;
  virtual Shape input_shape(int i = 0) const = 0;    ///< shape of one row of an input
  virtual std::int64_t size(Value value) const = 0;  ///< how many numbers the value has
  /// The parameter or state with this index in needs(). Throws U29 where the layer has none there.
  virtual Constant constant(int need) = 0;

  /// y[j] begins at bias[j], or at 0 without a bias (`Constant{}`); then y[j] = fma(x[i], weight[i][j], y[j]) for
  /// ascending i.
  virtual Value product(Value x, Constant weight, Constant bias) = 0;
  /// One product per group: x and the rows of the weight are cut into `groups` equal parts, and each part of x is
  /// multiplied with its part of the weight as product() does it. y has one column of the weight per group and output.
  virtual Value group_product(Value x, std::int64_t groups, Constant weight, Constant bias) = 0;
  virtual Value apply(const Activation& activation, Value x) = 0;  ///< throws U29 for an activation of your own
  virtual Value add(Value a, Value b) = 0;
  virtual Value add(Constant terms, Value x) = 0;           ///< terms[i] + x[i], one term per number of x
  virtual Value multiply(Value a, Value b) = 0;             ///< number by number
  virtual Value multiply(Constant factors, Value x) = 0;    ///< one factor per number of x
  virtual Value multiply(double factor, Value x) = 0;       ///< the factor is rounded to float first
  virtual Value concat(std::span<const Value> values) = 0;  ///< one behind the other
  virtual Value slice(Value x, std::int64_t first, std::int64_t count) = 0;
  /// Row `first_row + k` of the table, where x[column] rounds to k and 0 ≤ k < rows; otherwise zeros.
  virtual Value look_up(Value x, std::int64_t column, Constant table, std::int64_t first_row, std::int64_t rows) = 0;
  /// For each number x[g] and each bin between the neighbouring edges of row g, low and high: (x[g] − low) / (high −
  /// low), but 0 below the bin unless it is the first, 1 above it unless it is the last, and 0 where low ≥ high. Bins
  /// without width come last.
  virtual Value bin_shares(Value x, Constant edges) = 0;
  /// x is read as rows of as many numbers as gamma has: y = fma(x − mean, gamma · (1 / √(variance + epsilon)), beta).
  virtual Value normalize(Value x, Constant mean, Constant variance, double epsilon, Constant gamma, Constant beta) = 0;
  /// The same with the mean and variance of each of these rows: y = fma((x − mean) · (1 / √(variance + epsilon)),
  /// gamma, beta). mean = Σ x / n, then variance = Σ (x − mean)² / n, each sum over 16 lanes (element i in lane i mod
  /// 16, the square by fma), which are then added as lane[i] + lane[i + 8], 4, 2, 1. Rows of more than 4,096 numbers
  /// sum in blocks of 4,096.
  virtual Value normalize_rows(Value x, double epsilon, Constant gamma, Constant beta) = 0;
  /// For each window and filter f: begins at bias[f], or at 0, then y = fma(x[pixel, a], weight[r, c, a, f], y) for
  /// ascending rows r and columns c of the window whose pixels are in the picture, and channels a of the filter's
  /// group.
  virtual Value convolution(Value x, const PictureWindow& window, std::int64_t groups, Constant weight,
                            Constant bias) = 0;
  /// For each window and channel, over the window's pixels that are in the picture: the largest number, or if `mean`,
  /// their sum in ascending rows and columns, times 1 / their number.
  virtual Value pool(Value x, const PictureWindow& window, bool mean) = 0;
};

}  // namespace pellucid
