// Data folders, the catalogue and archives: the code in data/ that reads names and bytes from outside.
// Not here: downloads by the program (tests/cli/fetch_test.py).
#include "data/data_folders.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <optional>

#include "data/catalogue.h"
#include "data/made_file.h"
#include "support/files.h"

namespace pellucid {
namespace {

using test::gzip;
using test::refusal;
using test::TempFolder;

// Sets an environment variable and restores its old value at the end of the scope.
class Variable {
 public:
  Variable(const char* name, const std::string& value) : name_(name) {
    const char* before = std::getenv(name);
    if (before != nullptr) before_ = before;
    ::setenv(name, value.c_str(), 1);
  }
  ~Variable() { before_ ? ::setenv(name_, before_->c_str(), 1) : ::unsetenv(name_); }

 private:
  const char* name_;
  std::optional<std::string> before_;
};

TEST(DataFolders, AreSearchedFromTheGivenOneToTheCache) {
  const Variable data("PELLUCID_DATA", "/data"), cache("XDG_CACHE_HOME", "/cache");
  EXPECT_EQ(data_folders("mine"), (std::vector<std::string>{"mine", "/data", "../shared/data", "/cache/pellucid"}));
  const Variable none("PELLUCID_DATA", "");
  EXPECT_EQ(data_folders(), (std::vector<std::string>{"../shared/data", "/cache/pellucid"}));
}

TEST(DataFolders, CacheIsUnderHomeUnlessXdgNamesAnAbsolutePath) {
  const Variable home("HOME", "/people/ada"), relative("XDG_CACHE_HOME", "cache");
  EXPECT_EQ(cache_folder(), "/people/ada/.cache/pellucid");
  const Variable homeless("HOME", "");
  EXPECT_EQ(refusal([] { cache_folder(); }).code(), "M01");
}

TEST(DataFolders, TheFirstFolderWithTheDataIsUsed) {
  const TempFolder first, second;
  std::filesystem::create_directory(second.path() + "/housing");
  const std::string far = second.file("housing/table.csv", "a");
  const Variable data("PELLUCID_DATA", second.path());
  EXPECT_EQ(find_data("housing/table.csv", first.path()), far);
  EXPECT_EQ(find_data("housing"), second.path() + "/housing");
  std::filesystem::create_directory(first.path() + "/housing");
  const std::string near = first.file("housing/table.csv.gz", "a");
  EXPECT_EQ(find_data("housing/table.csv", first.path()), near);
}

TEST(DataFolders, AnEmptyOrHalfDownloadedFolderIsIgnored) {
  const TempFolder folder;
  const Variable cache("XDG_CACHE_HOME", folder.path());
  std::filesystem::create_directory(folder.path() + "/digits");
  EXPECT_EQ(refusal([&] { find_data("digits", folder.path()); }).code(), "D25");
  folder.file("digits/labels.gz", "a");
  folder.file("digits/images.gz.part", "a");
  EXPECT_EQ(refusal([&] { find_data("digits", folder.path()); }).code(), "D25");
  std::filesystem::remove(folder.path() + "/digits/images.gz.part");
  EXPECT_EQ(find_data("digits", folder.path()), folder.path() + "/digits");
}

TEST(DataFolders, MissingDataIsReportedWithTheFoldersAndTheCommand) {
  const TempFolder folder;
  const Variable data("PELLUCID_DATA", folder.path()), cache("XDG_CACHE_HOME", folder.path());
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path(folder.path());  // because ../shared/data may exist beside the sources
  const Error known = refusal([] { find_data("mnist/no-such-file"); });
  const Error unknown = refusal([] { find_data("nothing-of-ours"); });
  std::filesystem::current_path(before);
  EXPECT_EQ(known.code(), "D25");
  EXPECT_NE(known.text().find("looked in: " + folder.path() + ", ../shared/data, "), std::string::npos);
  EXPECT_NE(known.text().find("pellucid fetch mnist"), std::string::npos);
  EXPECT_EQ(unknown.text().find("pellucid fetch"), std::string::npos);
}

TEST(Catalogue, TheBuiltInOneHasThreeDataSets) {
  std::vector<std::string> names;
  for (const CatalogueSet& set : built_in_catalogue()) names.push_back(set.name);
  EXPECT_EQ(names, (std::vector<std::string>{"mnist", "fashion-mnist", "california-housing"}));
  EXPECT_EQ(built_in_catalogue()[0].files[0].addresses[0],
            "https://ossci-datasets.s3.amazonaws.com/mnist/train-images-idx3-ubyte.gz");
  EXPECT_EQ(built_in_catalogue()[2].files[0].addresses[0], "https://ndownloader.figshare.com/files/5976036");
  EXPECT_EQ(built_in_catalogue()[2].download_size(), 441963U);
}

TEST(Catalogue, AnyWrongTypeIsRefused) {
  const std::string good =
      R"({"v":1,"sets":[{"name":"s","addresses":["http://a/"],"files":[{"name":"f","size":3,"sha256":")" +
      std::string(64, 'a') + R"("}]}]})";
  EXPECT_EQ(parse_catalogue(good, "c")[0].files[0].addresses[0], "http://a/f");
  for (const char* part : {"1,\"sets\"", "[{\"name\":\"s\"", "\"s\"", "[\"http://a/\"]", "\"http://a/\"", "3,"}) {
    for (const char* wrong : {"null", "[]", "{}", "-7", "\"\"", "1e99", ""}) {
      std::string text = good;
      text.replace(text.find(part), std::string_view(part).size(), std::string(wrong) + (part[1] == ',' ? "," : ""));
      EXPECT_EQ(refusal([&] { parse_catalogue(text, "c"); }).code(), "U05") << text;
    }
  }
}

std::string tar_header(const std::string& name, const std::string& size) {
  std::string header(512, '\0');
  header.replace(0, name.size(), name);
  header.replace(124, size.size(), size);
  return header;
}

std::string padded(std::string bytes) {
  bytes.resize((bytes.size() + 511) / 512 * 512);
  return bytes;
}

CatalogueFile member(std::uint64_t size) {
  CatalogueFile file;
  file.from = "a.tgz";
  file.member = "wanted";
  file.size = size;
  return file;
}

TEST(Archive, AMemberIsFoundAfterOthers) {
  const TempFolder folder;
  folder.file("a.tgz", gzip(tar_header("other", "00000001001") + padded(std::string(513, 'x')) +
                            tar_header("wanted", "00000000004 ") + padded("four") + std::string(1024, '\0')));
  EXPECT_EQ(make_file(member(4), folder.path()), "four");
}

TEST(Archive, ADamagedOneIsRefused) {
  const std::string broken[] = {
      gzip(tar_header("wanted", "77777777777") + padded("four")),  // size larger than the archive and than expected
      gzip(tar_header("wanted", "00000000004")),                   // no content after the header
      gzip(tar_header("other", "77777777777") + padded("four")),   // its size points beyond the end
      gzip(tar_header("wanted", "four")),                          // the size is not a number
      gzip(std::string(1024, '\0')),                               // no member
      gzip(tar_header("wanted", "4").substr(0, 100)),              // half a header
      "no gzip",
      "",
  };
  for (const std::string& bytes : broken) {
    const TempFolder folder;
    folder.file("a.tgz", bytes);
    EXPECT_EQ(refusal([&] { make_file(member(4), folder.path()); }).code(), "D16");
  }
  EXPECT_EQ(refusal([] { make_file(member(4), "no/such/folder"); }).code(), "D10");
}

TEST(CaliforniaHousing, RoomsArePerHouseholdAndValuesInHundredThousands) {
  const TempFolder folder;
  folder.file("raw",
              "-122.230000,37.880000,41.000000,880.000000,129.000000,322.000000,126.000000,8.325200,452600.000000\n");
  CatalogueFile file;
  file.from = "raw";
  file.recipe = "california-housing";
  EXPECT_EQ(make_file(file, folder.path()),
            "MedInc,HouseAge,AveRooms,AveBedrms,Population,AveOccup,Latitude,Longitude,MedHouseVal\n"
            "8.3252,41.0,6.984126984126984,1.0238095238095237,322.0,2.5555555555555554,37.88,-122.23,4.526\n");
  folder.file("raw", "1,2,3\n");
  EXPECT_EQ(refusal([&] { make_file(file, folder.path()); }).code(), "D16");
}

}  // namespace
}  // namespace pellucid
