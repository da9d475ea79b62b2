// Reads .npz: an archive with features and targets as NumPy arrays, optionally divided into training and test rows.
// Not here: reading an array (npy/array.cc).
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <span>

#include "core/file.h"
#include "core/text.h"
#include "core/zip_archive.h"
#include "pellucid/error.h"
#include "tables/readers/format.h"
#include "tables/readers/npy/array.h"
#include "tables/words.h"

namespace pellucid {

namespace npz {
namespace {

using npy::Array;

constexpr const char* feature_keys[] = {"x", "X", "data", "images", "features"};
constexpr const char* target_keys[] = {"y", "Y", "target", "labels", "label"};

// The array of the first of these keys that the archive has, with a suffix such as "_train"; nothing if it has none.
std::optional<Array> find(ZipArchive& archive, std::span<const char* const> keys, const std::string& suffix) {
  for (const char* key : keys) {
    const std::string file = key + suffix + ".npy";
    if (!archive.holds(file)) continue;
    const std::string title = archive.path() + ", array " + key + suffix;
    ZipArchive::Member member = archive.open(file, title);
    const auto read = [&](void* out, std::size_t bytes) { return member.read(out, bytes); };
    return npy::read_array({title, read, member.at_most()});
  }
  return std::nullopt;
}

bool holds(const ZipArchive& archive, std::span<const char* const> keys, const std::string& suffix) {
  return std::any_of(keys.begin(), keys.end(), [&](const char* key) { return archive.holds(key + suffix + ".npy"); });
}

std::vector<std::string> some_names(const ZipArchive& archive) {
  std::vector<std::string> result;
  for (const std::string& name : archive.names()) {
    if (result.size() < 100) result.push_back(quote(name));
  }
  return result;
}

void require_rows(const std::string& path, const Array& features, const Array& targets) {
  if (features.rows() == targets.rows()) return;
  throw Error("D16", fmt::format("{} contains {} of features and {} of targets", path, plural(features.rows(), "row"),
                                 plural(targets.rows(), "row")));
}

void append(const std::string& path, Array& train, Array&& test) {
  if (!std::equal(train.extents.begin() + 1, train.extents.end(), test.extents.begin() + 1, test.extents.end())) {
    throw Error("D16", path + ": training and test rows differ in shape");
  }
  train.append(std::move(test));
}

// Adds the targets as columns: "label" for whole numbers, "y" for others; numbered if there are several per row.
void add_targets(Table& table, Array&& array) {
  array.to_numbers();
  const std::int64_t width = array.row_elements();
  for (std::int64_t c = 0; c < width; ++c) {
    Column& column = table.columns.emplace_back();
    column.name = array.integers ? "label" : "y";
    if (width > 1) column.name += std::to_string(c + 1);
    column.integers = array.integers;
    for (std::int64_t row = 0; row < array.rows(); ++row) column.numbers.push_back(array.numbers[row * width + c]);
  }
}

Table read(const std::string& path, const ReadOptions& options) {
  ZipArchive archive(path);
  const bool parted = holds(archive, feature_keys, "_train");
  const std::string suffix = parted ? "_train" : "";
  std::optional<Array> features = find(archive, feature_keys, suffix);
  if (!features) {
    throw Error("D16", path + " contains no features: no array x, X, data, images, features or x_train",
                {"it contains: " + listed(some_names(archive))});
  }
  std::optional<Array> targets = find(archive, target_keys, suffix);
  if (targets) require_rows(path, *features, *targets);
  Table table;
  table.source = path;
  if (std::optional<Array> test = parted ? find(archive, feature_keys, "_test") : std::nullopt) {
    std::optional<Array> test_targets = find(archive, target_keys, "_test");
    if (test_targets.has_value() != targets.has_value())
      throw Error("D16", path + " contains targets for only one of training and test rows");
    table.test_rows = test->rows();
    if (test_targets) require_rows(path, *test, *test_targets);
    append(path, *features, std::move(*test));
    if (test_targets) append(path, *targets, std::move(*test_targets));
  }
  table.rows = features->rows();
  add_columns(table, std::move(*features), true);
  if (targets) add_targets(table, std::move(*targets));
  refuse_unfit_numbers(table, options);
  return table;
}

Recognition recognises(const std::string& path, std::string_view head) {
  if (head.starts_with("PK\x03\x04") || head.starts_with("PK\x05\x06")) return Recognition::by_content;
  return has_extension(path, ".npz") && !head.empty() ? Recognition::by_name : Recognition::no;
}

}  // namespace
}  // namespace npz

extern const DataFormat npz_format;
const DataFormat npz_format{"npz", ".npz: NumPy arrays x and y, or x_train, y_train, x_test, y_test", npz::recognises,
                            npz::read};

}  // namespace pellucid
