// Extracts one member of a .tar.gz, and computes the columns of California housing.
// The archive is read with zlib and a few lines of code, because libarchive would add libxml2 and ICU for a single
// file.
// Not here: tar's extensions (long names, sparse files, links); a catalogue may only name plain members.
#include "data/made_file.h"

#include <fmt/format.h>
#include <zlib.h>

#include <memory>

#include "core/file.h"
#include "core/text.h"
#include "pellucid/error.h"

namespace pellucid {
namespace {

constexpr std::size_t block = 512;
constexpr std::size_t name_size = 100, size_at = 124, size_size = 12;

[[noreturn]] void refuse(const std::string& path, const std::string& reason) {
  throw Error("D16", path + ": " + reason, {"remove it and run the command again"});
}

class Archive {
 public:
  explicit Archive(const std::string& path) : path_(path), file_(gzopen(path.c_str(), "rb"), gzclose) {
    if (!file_) throw cannot_open(path);
  }

  /// Returns the bytes of the member, whose size must be `size`.
  std::string member(const std::string& wanted, std::uint64_t size) {
    while (true) {
      const std::string header = read(block);
      const std::string name = header.substr(0, name_size).c_str();  // up to the first zero byte
      if (name.empty()) refuse(path_, "it has no member " + quote(wanted));
      const std::uint64_t length = octal(header.substr(size_at, size_size).c_str());
      if (name != wanted) {
        skip((length + block - 1) / block * block);
        continue;
      }
      if (length != size) refuse(path_, fmt::format("{} has {} bytes, expected {}", quote(wanted), length, size));
      return read(size);
    }
  }

 private:
  std::uint64_t octal(const std::string& text) const {
    std::uint64_t value = 0;
    for (const char digit : trim(text)) {
      if (digit < '0' || digit > '7') refuse(path_, "a member's size is not an octal number");
      value = value * 8 + static_cast<std::uint64_t>(digit - '0');
    }
    return value;
  }

  std::string read(std::uint64_t count) {
    std::string bytes;
    while (bytes.size() < count) {
      const std::size_t part = std::min<std::uint64_t>(count - bytes.size(), sizeof buffer_);
      const int got = gzread(file_.get(), buffer_, static_cast<unsigned>(part));
      if (got <= 0) refuse(path_, "the archive is truncated or not a .tar.gz file");
      bytes.append(buffer_, static_cast<std::size_t>(got));
    }
    return bytes;
  }

  void skip(std::uint64_t count) {
    for (std::uint64_t done = 0; done < count;)
      done += read(std::min<std::uint64_t>(count - done, sizeof buffer_)).size();
  }

  std::string path_;
  std::unique_ptr<gzFile_s, int (*)(gzFile)> file_;
  char buffer_[1 << 16];
};

// The shortest text that reads back as the same number, with ".0" for whole numbers.
std::string real_text(double x) {
  std::string text = number_text(x);
  return text.find_first_of(".en") == std::string::npos ? text + ".0" : text;
}

// StatLib's columns: longitude, latitude, housingMedianAge, totalRooms, totalBedrooms, population, households,
// medianIncome, medianHouseValue. The result equals scikit-learn's fetch_california_housing: rooms, bedrooms and people
// per household, values in units of 100,000 dollars.
std::string california_housing(const std::string& path, std::string_view raw) {
  std::string csv = "MedInc,HouseAge,AveRooms,AveBedrms,Population,AveOccup,Latitude,Longitude,MedHouseVal\n";
  for (const std::string& line : split_text(raw, '\n')) {
    if (line.empty()) continue;
    const std::vector<std::string> cells = split_text(line, ',');
    double c[9];
    bool good = cells.size() == 9;
    for (std::size_t i = 0; good && i < 9; ++i) good = parse_number(cells[i], c[i]);
    if (!good) refuse(path, "a line is not nine numbers: " + quote(line));
    const double row[] = {c[7], c[2], c[3] / c[6], c[4] / c[6], c[5], c[5] / c[6], c[1], c[0], c[8] / 100000};
    for (const double& x : row) csv += real_text(x) + (&x == std::end(row) - 1 ? "\n" : ",");
  }
  return csv;
}

}  // namespace

bool has_recipe(const std::string& name) noexcept {
  return name == "california-housing";
}

std::string make_file(const CatalogueFile& file, const std::string& folder) {
  const std::string source = folder + "/" + file.from;
  if (!file.member.empty()) return Archive(source).member(file.member, file.size);
  return california_housing(source, read_file(source));
}

}  // namespace pellucid
