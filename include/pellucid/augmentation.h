// Augment: random changes of pictures in training, so that a net sees each picture in many places.
// Not here: the other layers for pictures (picture_layers.h), dropout (layers.h).
#pragma once

#include "pellucid/layer.h"

namespace PELLUCID_EXPORT pellucid {

struct AugmentOptions {
  std::int64_t shift = 0;   ///< moves the picture by up to so many pixels up or down and left or right; 0 … 4,096
  bool flip = false;        ///< mirrors left and right, for every second picture on average
  std::int64_t cutout = 0;  ///< side of a square that is blanked, around any pixel of the picture; 0: none; 0 … 4,096
};

/// In training, flips, shifts and cuts a square out of each picture, in this order; in prediction, does nothing. Pixels
/// that come from outside the picture, and those of the square, become 0, which is black after scaling bytes. Stands in
/// front of the first convolution. All amounts are uniform, and drawn anew for each picture in each step; they depend
/// only on seed, layer, step and row, so results are the same for any number of threads. A shift by 4 with pictures of
/// 32 x 32 is the usual random crop out of pictures with a border of 4. DeVries, Taylor, arXiv 1708.04552 (cutout).
///
/// Example: the row of pixels 1 2 3 4 flipped is 4 3 2 1; shifted to the right by one it is 0 4 3 2.
class Augment : public LayerOf<Augment> {
 public:
  static constexpr std::string_view name = "augment";
  static constexpr std::string_view summary = "random shifts, flips and cut-outs of pictures while training";

  Augment() = default;
  explicit Augment(AugmentOptions options);  ///< throws U12 for a setting out of range

  void describe(Fields& fields) override;
  Shape output_shape(std::span<const Shape> inputs) const override;
  std::vector<Need> needs(std::span<const Shape> inputs) const override;
  bool rows_are_independent() const override { return true; }
  template <class T>
  void run_forward(Pass<T>& pass) const;
  template <class T>
  void run_backward(Pass<T>& pass) const;
  Expression::Value express(Expression& to) const override;

  const AugmentOptions& options() const noexcept { return options_; }

 private:
  AugmentOptions options_;
};

}  // namespace pellucid
