// Mixes stored rows column by column, as numbers and codes. Not here: what the columns mean (prepare/features.h).
#include "run/made_up_rows.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <numeric>

#include "batches/stored_row.h"
#include "pellucid/random.h"
#include "prepare/features.h"

namespace pellucid {
namespace {

constexpr double share_replaced = 0.3;

// Stored rows in the making: each is copied whole, or mixed of two.
class Mixer {
 public:
  Mixer(const Dataset& data, const Preprocessor& by) : data_(data), from_(data.features()) {
    to_->shape = from_.shape;
    to_->one_hot = from_.one_hot;
    for (const FittedColumn& column : by.columns) {
      const FeaturePlaces places = places_of(column);
      columns_.push_back({numbers_, places.numbers, codes_, std::ssize(places.one_hot)});
      numbers_ += places.numbers;
      codes_ += std::ssize(places.one_hot);
    }
  }

  // Adds the row at this position of the data.
  void copy(std::int64_t position) {
    const StoredRow row = stored(position);
    std::copy_n(row.floats, numbers_, std::back_inserter(to_->floats));
    std::copy_n(row.codes, codes_, std::back_inserter(to_->codes));
    add_target(position);
  }

  void mix(std::int64_t position, std::int64_t other, Random& random) {
    copy(position);
    const StoredRow row = stored(other);
    float* const floats = to_->floats.data() + to_->floats.size() - numbers_;
    std::uint8_t* const codes = to_->codes.data() + to_->codes.size() - codes_;
    for (const Place& column : columns_) {
      if (random.uniform() >= share_replaced) continue;
      std::copy_n(row.floats + column.number, column.numbers, floats + column.number);
      std::copy_n(row.codes + column.code, column.codes, codes + column.code);
    }
  }

  Dataset dataset() && {
    targets_->classes = data_.targets().classes;
    targets_->columns = data_.has_labels() ? 0 : data_.targets().columns;
    targets_->multi_label = data_.is_multi_label();
    Dataset result(std::move(to_), std::move(targets_));
    return weights_.empty() ? result : result.with_weights(std::move(weights_));
  }

 private:
  struct Place {
    std::int64_t number, numbers, code, codes;  // where a column's features begin in a stored row, and how many
  };
  StoredRow stored(std::int64_t position) const {
    return {from_, numbers_, data_.indices()[static_cast<std::size_t>(position)]};
  }
  void add_target(std::int64_t position) {
    if (data_.has_labels()) targets_->labels.push_back(data_.label(position));
    for (std::int64_t c = 0; !data_.has_labels() && c < data_.targets().columns; ++c) {
      targets_->values.push_back(data_.value(position, c));
    }
    if (!data_.weights().empty()) weights_.push_back(data_.weights()[static_cast<std::size_t>(position)]);
  }

  const Dataset& data_;
  const Block& from_;
  std::shared_ptr<Block> to_ = std::make_shared<Block>();
  std::shared_ptr<Targets> targets_ = std::make_shared<Targets>();
  LargeVector<float> weights_;
  std::vector<Place> columns_;
  std::int64_t numbers_ = 0, codes_ = 0;
};

}  // namespace

Dataset with_made_up_rows(const Dataset& data, const Preprocessor& by, std::int64_t count, std::uint64_t seed) {
  const Block& block = data.features();
  if (!block.bytes.empty() || !block.doubles.empty() || data.rows() < 2) return data;
  Mixer mixer(data, by);
  for (std::int64_t r = 0; r < data.rows(); ++r) mixer.copy(r);
  Random random({.seed = seed, .purpose = Purpose::user, .stream = 1});
  const auto any_row = [&] { return static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(data.rows()))); };
  for (std::int64_t n = 0; n < count; ++n) {
    const std::int64_t first = any_row();
    mixer.mix(first, any_row(), random);
  }
  return std::move(mixer).dataset();
}

}  // namespace pellucid
