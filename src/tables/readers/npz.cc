// Reads .npz: an archive with features and targets as NumPy arrays, optionally divided into training and test rows.
// Not here: reading an array (npy/array.cc).
#include <fmt/format.h>
#include <zip.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>

#include "core/file.h"
#include "core/text.h"
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
constexpr std::uint64_t deflate_limit = 1032;  // deflate compresses by at most this factor

class Archive {
 public:
  explicit Archive(const std::string& path) : path_(path) {
    int problem = 0;
    zip_.reset(zip_open(path.c_str(), ZIP_RDONLY, &problem));
    if (zip_) return;
    if (problem == ZIP_ER_OPEN || problem == ZIP_ER_NOENT) throw cannot_open(path);
    zip_error_t error;
    zip_error_init_with_code(&error, problem);
    const std::string reason = zip_error_strerror(&error);
    zip_error_fini(&error);
    throw Error("D16", path + " is damaged: " + reason);
  }

  /// The array of the first of these keys that the archive has, with a suffix such as "_train"; nothing if it has none.
  std::optional<Array> find(std::span<const char* const> keys, const std::string& suffix) {
    for (const char* key : keys) {
      const zip_int64_t index = locate(key + suffix);
      if (index >= 0) return read(static_cast<zip_uint64_t>(index), path_ + ", array " + key + suffix);
    }
    return std::nullopt;
  }

  bool holds(std::span<const char* const> keys, const std::string& suffix) {
    return std::any_of(keys.begin(), keys.end(), [&](const char* key) { return locate(key + suffix) >= 0; });
  }

  std::vector<std::string> names() {
    std::vector<std::string> result;
    const zip_int64_t count = std::min<zip_int64_t>(zip_get_num_entries(zip_.get(), 0), 100);
    for (zip_int64_t i = 0; i < count; ++i) {
      const char* name = zip_get_name(zip_.get(), static_cast<zip_uint64_t>(i), 0);
      if (name != nullptr) result.push_back(quote(name));
    }
    return result;
  }

 private:
  zip_int64_t locate(const std::string& key) { return zip_name_locate(zip_.get(), (key + ".npy").c_str(), 0); }

  Array read(zip_uint64_t index, const std::string& name) {
    zip_stat_t stat;
    struct Close {
      void operator()(zip_file_t* file) const noexcept { zip_fclose(file); }
    };
    if (zip_stat_index(zip_.get(), index, 0, &stat) != 0) throw Error("D16", name + " is damaged");
    const std::unique_ptr<zip_file_t, Close> file(zip_fopen_index(zip_.get(), index, 0));
    if (!file) throw Error("D16", name + " cannot be unpacked: " + zip_strerror(zip_.get()));
    const auto fill = [&](void* out, std::size_t bytes) {
      std::size_t done = 0;
      while (done < bytes) {
        const zip_int64_t part = zip_fread(file.get(), static_cast<char*>(out) + done, bytes - done);
        if (part < 0) throw Error("D16", name + " is damaged: " + zip_file_strerror(file.get()));
        if (part == 0) break;
        done += static_cast<std::size_t>(part);
      }
      return done;
    };
    std::error_code ignored;
    const std::uint64_t file_bytes = std::filesystem::file_size(path_, ignored);
    const std::uint64_t packed = std::min({stat.comp_size, file_bytes, UINT64_MAX / deflate_limit - 1});
    return npy::read_array({name, fill, std::min<std::uint64_t>(stat.size, (packed + 1) * deflate_limit)});
  }

  struct Discard {
    void operator()(zip_t* zip) const noexcept { zip_discard(zip); }
  };
  std::string path_;
  std::unique_ptr<zip_t, Discard> zip_;
};

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
  Archive archive(path);
  const bool parted = archive.holds(feature_keys, "_train");
  const std::string suffix = parted ? "_train" : "";
  std::optional<Array> features = archive.find(feature_keys, suffix);
  if (!features) {
    throw Error("D16", path + " contains no features: no array x, X, data, images, features or x_train",
                {"it contains: " + listed(archive.names())});
  }
  std::optional<Array> targets = archive.find(target_keys, suffix);
  if (targets) require_rows(path, *features, *targets);
  Table table;
  table.source = path;
  if (std::optional<Array> test = parted ? archive.find(feature_keys, "_test") : std::nullopt) {
    std::optional<Array> test_targets = archive.find(target_keys, "_test");
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
