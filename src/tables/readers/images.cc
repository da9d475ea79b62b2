// Reads images as rows: one file, a folder of images, a folder with one folder per class, or folders train, val and
// test with one folder per class. Not here: decoding images (tables/images/image.cc), pixels as features
// (prepare/fit.cc).
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>

#include "core/file.h"
#include "core/large_data.h"
#include "core/text.h"
#include "pellucid/error.h"
#include "pellucid/image.h"
#include "tables/images/file.h"
#include "tables/readers/format.h"
#include "tables/words.h"

namespace pellucid {

namespace images {
namespace {

namespace fs = std::filesystem;

// The image files of a data set and their classes.
struct Listing {
  std::vector<std::string> files;
  std::vector<std::string> classes;   // names of class folders
  std::vector<std::int32_t> labels;   // class of each file; empty if there are no class folders
  std::vector<std::string> left_out;  // names of entries that are neither images nor class folders
};

// All entries of a folder that are not hidden, sorted by the bytes of their names, so that rows have the same order on
// every machine.
std::vector<fs::path> entries(const fs::path& folder) {
  std::error_code problem;
  std::vector<fs::path> found;
  for (fs::directory_iterator at(folder, problem), end; !problem && at != end; at.increment(problem)) {
    if (!at->path().filename().native().starts_with('.')) found.push_back(at->path());
  }
  if (problem) throw Error("D10", "cannot read the folder " + folder.string() + ": " + problem.message());
  std::sort(found.begin(), found.end(), [](const fs::path& a, const fs::path& b) { return a.native() < b.native(); });
  return found;
}

bool is_folder(const fs::path& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

// Whether the file is an image by its name (so that a damaged image is not ignored) or by its first bytes. Throws D27
// for an image of a format that cannot be read.
bool is_image(const fs::path& path) {
  std::error_code ignored;
  if (!fs::is_regular_file(path, ignored)) return false;
  std::string ending = path.extension().string();
  for (char& c : ending) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  if (ending == ".png" || ending == ".jpg" || ending == ".jpeg") return true;
  if (fs::file_size(path, ignored) == 0) return false;  // /proc has regular files of size 0 that block the reader
  std::string head(512, '\0');
  std::ifstream in(path, std::ios::binary);
  in.read(head.data(), static_cast<std::streamsize>(head.size()));
  head.resize(static_cast<std::size_t>(in.gcount()));
  if (const std::string_view foreign = foreign_image(head); !foreign.empty()) {
    throw foreign_image_error(path.string(), foreign);
  }
  return image_format(head) != ImageFormat::none;
}

void require_readable_name(const fs::path& path) {
  if (find_bad_utf8(path.filename().native()) == std::string::npos) return;
  throw Error("D16", quote(path.string(), 200) + " has a name that is not UTF-8 text", {"rename it"});
}

// The search of a folder with more other files than this, and with fewer images, is given up.
constexpr std::size_t most_left_out = 10'000;

void list_images(const fs::path& folder, Listing& listing) {
  for (const fs::path& path : entries(folder)) {
    if (is_image(path)) {
      require_readable_name(path);
      listing.files.push_back(path.string());
    } else {
      listing.left_out.push_back(quote(path.filename().string()));
    }
    if (listing.left_out.size() > most_left_out && listing.files.size() < listing.left_out.size()) {
      throw Error("D10", folder.string() + ", searched for images, contains more than 10,000 other files");
    }
  }
}

// Lists the images of the class folders in `folder`, or of the folder itself if it has no folders.
void list_classes(const fs::path& folder, Listing& listing) {
  const std::vector<fs::path> inside = entries(folder);
  if (std::none_of(inside.begin(), inside.end(), is_folder)) return list_images(folder, listing);
  for (const fs::path& path : inside) {
    const std::size_t before = listing.files.size();
    if (is_folder(path)) list_images(path, listing);
    if (listing.files.size() == before) {
      listing.left_out.push_back(quote(path.filename().string()));
      continue;
    }
    require_readable_name(path);
    const std::string name = path.filename().string();
    const auto label = std::find(listing.classes.begin(), listing.classes.end(), name) - listing.classes.begin();
    if (label == static_cast<std::ptrdiff_t>(listing.classes.size())) listing.classes.push_back(name);
    listing.labels.resize(listing.files.size(), static_cast<std::int32_t>(label));
  }
}

// The splits that a data set's folders may give, in the order of their rows in the table.
enum Part { train, validation, test, none };

// The split that a folder's name stands for; upper or lower case.
Part part_of(const fs::path& folder) {
  std::string name = folder.filename().string();
  for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  if (name == "train" || name == "training") return train;
  if (name == "val" || name == "valid" || name == "validation") return validation;
  return name == "test" || name == "testing" ? test : none;
}

// Whether the folder holds train/CLASS/…, optionally with test/CLASS/… and val/CLASS/…. A folder "train" that directly
// holds images is a class if there are also folders with other names.
bool is_parted(const fs::path& folder) {
  bool has_train = false, only_parts = true;
  for (const fs::path& path : entries(folder)) {
    if (!is_folder(path)) continue;
    only_parts = only_parts && part_of(path) != none;
    if (part_of(path) != train) continue;
    has_train = true;
    const std::vector<fs::path> inside = entries(path);
    if (std::any_of(inside.begin(), inside.end(), is_folder)) return true;
  }
  return has_train && only_parts;
}

// Reads images into one column whose cells all have the same size and number of channels.
class Gatherer {
 public:
  Gatherer(const Listing& listing, const ReadOptions& options, const std::string& source)
      : listing_(listing), options_(options), source_(source), resize_(options.image_height > 0) {
    image_.channels = options.image_channels;
    image_.height = options.image_height;
    image_.width = options.image_width;
  }

  Column pixels() {
    for (const std::string& file : listing_.files) add(read_image(file), file);
    Column column;
    column.name = "pixels";
    column.type = Column::Type::bytes;
    column.shape = image_.shape();
    column.bytes = std::move(pixels_);
    return column;
  }

  std::vector<Finding> notes() const {
    std::vector<Finding> notes;
    if (resized_ > 0) {
      notes.push_back(Finding::note("D26", fmt::format("{} resized to {}x{}, the first {}", plural(resized_, "image"),
                                                       image_.height, image_.width, first_resized_)));
    }
    if (greyed_ > 0) notes.push_back(Finding::note("D26", plural(greyed_, "colour image") + " converted to grey"));
    if (coloured_ > 0) notes.push_back(Finding::note("D26", plural(coloured_, "grey image") + " converted to colour"));
    if (!listing_.left_out.empty())
      notes.push_back(Finding::note("D27", "files that are not images are ignored: " + listed(listing_.left_out, 3)));
    return notes;
  }

 private:
  void add(Image image, const std::string& file) {
    if (image_.height == 0) {
      image_.height = image.height;
      image_.width = image.width;
    }
    if (image_.channels == 0) image_.channels = image.channels;
    if (image.height != image_.height || image.width != image_.width) {
      if (!resize_) refuse_sizes();
      if (resized_++ == 0) first_resized_ = fmt::format("{} of {}x{}", quote(file, 100), image.height, image.width);
    }
    match_colour(image);
    if (resize_) image = resize(image, image_.height, image_.width);
    if (pixels_.empty()) reserve();
    pixels_.insert(pixels_.end(), image.pixels.begin(), image.pixels.end());
  }

  void match_colour(Image& image) {
    if (image.channels == image_.channels) return;
    if (image_.channels == 1 && options_.image_channels == 1) {
      ++greyed_;
      image = to_grey(image);
    } else if (image_.channels == 3) {
      ++coloured_;
      image = to_rgb(image);
    } else {
      widen();
    }
  }

  // At the first colour image after grey ones: converts the grey ones to colour.
  void widen() {
    const LargeVector<std::uint8_t> grey = std::move(pixels_);
    const auto cell = static_cast<std::size_t>(image_.height * image_.width);
    coloured_ = static_cast<std::int64_t>(grey.size() / cell);
    image_.channels = 3;
    pixels_ = LargeVector<std::uint8_t>();
    reserve();
    for (const std::uint8_t value : grey) pixels_.insert(pixels_.end(), 3, value);
  }

  void reserve() {
    const double bytes = static_cast<double>(image_.shape().elements()) * static_cast<double>(listing_.files.size());
    require_large_data(bytes, source_, {"`image_size` makes the images smaller"});
    pixels_.reserve(static_cast<std::size_t>(bytes));
  }

  [[noreturn]] void refuse_sizes() const {
    std::map<std::pair<std::int64_t, std::int64_t>, std::int64_t> counts;
    for (const std::string& file : listing_.files) {
      const ImageFile found = inspect_image(read_file(file), ImageOptions().most_pixels, file);
      ++counts[{found.height, found.width}];
    }
    std::vector<std::pair<std::int64_t, std::string>> sizes;
    for (const auto& [size, count] : counts) sizes.emplace_back(-count, fmt::format("{}x{}", size.first, size.second));
    std::sort(sizes.begin(), sizes.end());
    std::vector<std::string> texts;
    for (const auto& [count, size] : sizes) texts.push_back(fmt::format("{} of {}", count_text(-count), size));
    throw Error("D26", source_ + " contains images of several sizes: " + listed(texts, 5),
                {fmt::format("choose one: `image_size = {}` resizes them all (height x width)", sizes.front().second)});
  }

  const Listing& listing_;
  const ReadOptions& options_;
  const std::string& source_;
  bool resize_;
  Image image_;  // height, width and channels of all cells; no pixels
  LargeVector<std::uint8_t> pixels_;
  std::int64_t resized_ = 0, greyed_ = 0, coloured_ = 0;
  std::string first_resized_;
};

Column words_column(const char* name, std::vector<std::string> words, std::vector<std::int32_t> codes) {
  Column column;
  column.name = name;
  column.type = Column::Type::text;
  column.words = std::move(words);
  column.codes.assign(codes.begin(), codes.end());
  return column;
}

Column files_column(const std::vector<std::string>& files) {
  std::vector<std::string> names;
  std::vector<std::int32_t> codes;
  for (const std::string& file : files) {
    codes.push_back(static_cast<std::int32_t>(names.size()));
    names.push_back(fs::path(file).filename().string());
  }
  return words_column("file", std::move(names), std::move(codes));
}

void check_options(const ReadOptions& options) {
  const auto side = [](std::int64_t x) { return x >= 1 && x <= most_image_side; };
  const bool none = options.image_height == 0 && options.image_width == 0;
  if (!none && !(side(options.image_height) && side(options.image_width))) {
    throw Error(
        "U12", fmt::format("an image's sides take 1 … 65,535, got {} x {}", options.image_height, options.image_width));
  }
  if (options.image_channels != 0 && options.image_channels != 1 && options.image_channels != 3) {
    throw Error("U12", fmt::format("image_channels takes 0, 1 or 3, got {}", options.image_channels));
  }
}

Table table_of(const std::string& source, const Listing& listing, const ReadOptions& options) {
  Gatherer gatherer(listing, options, source);
  Table table;
  table.source = source;
  table.rows = static_cast<std::int64_t>(listing.files.size());
  table.columns.push_back(gatherer.pixels());
  table.columns.push_back(listing.classes.empty() ? files_column(listing.files)
                                                  : words_column("label", listing.classes, listing.labels));
  for (std::int64_t row = 0; row < table.rows; ++row) {
    table.parts.push_back({row, listing.files[static_cast<std::size_t>(row)], true});
  }
  table.notes = gatherer.notes();
  const Shape& shape = table.columns[0].shape;
  table.read_as = {{"image_size", fmt::format("{}x{}", shape[0], shape[1])},
                   {"image_color", shape.rank() == 3 && shape[2] == 3 ? "rgb" : "grey"}};
  return table;
}

void require_images(const std::string& folder, const Listing& listing) {
  if (!listing.files.empty()) return;
  throw Error("D10", folder + " and its folders contain no images (PNG, JPEG)",
              {listing.left_out.empty() ? "it is empty" : "it contains: " + listed(listing.left_out, 5),
               "a data set has one folder per class, DATA/cat/1.png, or DATA/train and DATA/test with such folders"});
}

// Lists the images of one split, whose folders must have class folders. Returns their number.
std::int64_t list_part(const std::vector<fs::path>& folders, Part part, Listing& listing) {
  const std::size_t before = listing.files.size();
  for (const fs::path& path : folders) {
    if (part_of(path) != part) continue;
    list_classes(path, listing);
    if (part == train) require_images(path.string(), listing);
    if (listing.labels.size() == listing.files.size()) continue;
    throw Error("D16", path.string() + " contains images outside class folders",
                {"an image's class is its folder: " + path.string() + "/CLASS/1.png",
                 "a folder of images without classes can be predicted: pellucid predict MODEL FOLDER"});
  }
  return static_cast<std::int64_t>(listing.files.size() - before);
}

Table read_folder(const std::string& folder, const ReadOptions& options) {
  Listing listing;
  if (!is_parted(folder)) {
    list_classes(folder, listing);
    require_images(folder, listing);
    return table_of(folder, listing, options);
  }
  std::vector<fs::path> folders;
  for (const fs::path& path : entries(folder)) {
    if (is_folder(path) && part_of(path) != none) {
      folders.push_back(path);
    } else {
      listing.left_out.push_back(quote(path.filename().string()));
    }
  }
  list_part(folders, train, listing);
  const std::int64_t validation_rows = list_part(folders, validation, listing);
  const std::int64_t test_rows = list_part(folders, test, listing);
  Table table = table_of(folder, listing, options);
  table.validation_rows = validation_rows;
  table.test_rows = test_rows;
  return table;
}

Table read(const std::string& path, const ReadOptions& options) {
  check_options(options);
  if (is_folder(path)) return read_folder(path, options);
  Listing listing;
  listing.files.push_back(path);
  require_readable_name(path);
  return table_of(path, listing, options);
}

Recognition recognises(const std::string& path, std::string_view head) {
  if (!head.empty()) {
    const bool known = image_format(head) != ImageFormat::none || !foreign_image(head).empty();
    return known ? Recognition::by_content : Recognition::no;
  }
  const std::vector<fs::path> inside = entries(path);
  const auto promising = [](const fs::path& entry) { return is_folder(entry) || is_image(entry); };
  return std::any_of(inside.begin(), inside.end(), promising) ? Recognition::by_name : Recognition::no;
}

}  // namespace
}  // namespace images

extern const DataFormat images_format;
const DataFormat images_format{
    "images", "PNG or JPEG: a file, a folder with one folder per class, or train and test with such folders",
    images::recognises, images::read};

}  // namespace pellucid
