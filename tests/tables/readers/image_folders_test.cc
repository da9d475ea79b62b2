// Folders of images as data sets: classes, splits, sizes, colours, and other files in the folders.
// Not here: image files themselves (image_test.cc).
#include <gtest/gtest.h>

#include <filesystem>

#include "pellucid/image.h"
#include "pellucid/preprocess.h"
#include "support/files.h"
#include "support/findings.h"
#include "support/pngs.h"

namespace pellucid {
namespace {

namespace fs = std::filesystem;
using test::refusal;

/// A temporary folder; files are added by their paths, including subfolders.
class Files {
 public:
  void put(const std::string& path, std::string_view bytes) const {
    fs::create_directories((fs::path(folder_.path()) / path).parent_path());
    folder_.file(path, bytes);
  }
  void image(const std::string& path, std::uint8_t value, std::int64_t height = 2, std::int64_t width = 3,
             int channels = 1) const {
    put(path, encode_png({height, width, channels,
                          std::vector<std::uint8_t>(static_cast<std::size_t>(height * width * channels), value)}));
  }
  std::string path(const std::string& inside = "") const { return folder_.path() + inside; }
  Error refused(const ReadOptions& options = {}) const {
    return refusal([&] { read_table(path(), options); });
  }

 private:
  test::TempFolder folder_;
};

std::string label(const Table& table, std::int64_t row) {
  const Column& column = table.columns[static_cast<std::size_t>(table.require("label"))];
  return column.words[static_cast<std::size_t>(column.codes[static_cast<std::size_t>(row)])];
}

TEST(ImageFolders, each_subfolder_is_a_class_and_rows_are_sorted_by_name) {
  const Files files;
  files.image("dog/2.png", 12);
  files.image("dog/10.png", 11);
  files.image("NA/x.PNG", 10);
  const Table table = read_table(files.path());
  ASSERT_EQ(table.rows, 3);
  EXPECT_EQ(table.test_rows, 0);
  EXPECT_EQ(table.columns[0].name, "pixels");
  EXPECT_EQ(table.columns[0].shape, (Shape{2, 3}));
  EXPECT_EQ(table.columns[0].bytes[0], 10);
  EXPECT_EQ(table.columns[0].bytes[6], 11);
  EXPECT_EQ(table.columns[0].bytes[12], 12);
  EXPECT_EQ(label(table, 0), "NA") << "a folder's name is a class, whatever it spells";
  EXPECT_EQ(label(table, 2), "dog");
  EXPECT_EQ(table.place(1), files.path() + "/dog/10.png");
  EXPECT_TRUE(table.notes.empty());
}

TEST(ImageFolders, folders_train_and_test_become_training_and_test_rows) {
  const Files files;
  files.image("train/b/1.png", 1);
  files.image("train/a/1.png", 0);
  files.image("test/b/1.png", 3);
  files.put("readme.txt", "x");
  const Table table = read_table(files.path());
  EXPECT_EQ(table.rows, 3);
  EXPECT_EQ(table.test_rows, 1);
  EXPECT_EQ(label(table, 2), "b");
  EXPECT_EQ(table.columns[0].bytes[12], 3);
  EXPECT_EQ(test::lines_of(table.notes),
            (std::vector<std::string>{"D27 files that are not images are ignored: \"readme.txt\""}));
  files.image("test/1.png", 3);
  EXPECT_EQ(read_table(files.path()).test_rows, 1) << "an image beside class folders belongs to none";
}

TEST(ImageFolders, a_folder_of_validation_images_is_found_by_any_usual_name) {
  for (const char* name : {"val", "valid", "Validation"}) {
    const Files files;
    files.image("Training/a/1.png", 0);
    files.image("Training/b/1.png", 1);
    files.image("TEST/b/1.png", 3);
    files.image(std::string(name) + "/a/1.png", 2);
    const Table table = read_table(files.path());
    EXPECT_EQ(table.rows, 4) << name;
    EXPECT_EQ(table.validation_rows, 1);
    EXPECT_EQ(table.test_rows, 1);
    EXPECT_EQ(table.columns[0].bytes[12], 2) << "validation rows lie before test rows";
    EXPECT_EQ(label(table, 2), "a");
  }
}

TEST(ImageFolders, images_directly_in_the_train_folder_are_refused) {
  const Files files;
  files.image("train/1.png", 1);
  files.image("test/1.png", 0);
  const Error error = files.refused();
  EXPECT_EQ(error.code(), "D16");
  EXPECT_NE(error.text().find("train contains images outside class folders"), std::string::npos) << error.text();
}

TEST(ImageFolders, a_class_may_be_named_train) {
  const Files files;
  files.image("train/1.png", 1);
  files.image("bus/1.png", 0);
  const Table table = read_table(files.path());
  EXPECT_EQ(table.test_rows, 0);
  EXPECT_EQ(label(table, 1), "train");
}

TEST(ImageFolders, hidden_files_are_ignored_and_others_are_named_in_one_note) {
  const Files files;
  files.image("a/1.png", 1);
  files.put("a/.DS_Store", "x");
  files.put("a/Thumbs.db", "x");
  files.put("a/empty", "");
  files.put(".git/config", "x");
  files.put("b/list.csv", "x,y\n1,2\n");
  files.image("a/deeper/2.png", 2);
  const Table table = read_table(files.path());
  EXPECT_EQ(table.rows, 1);
  ASSERT_EQ(table.notes.size(), 1u);
  EXPECT_EQ(test::line_of(table.notes[0]),
            "D27 files that are not images are ignored: \"Thumbs.db\", \"deeper\", \"empty\" and 2 more");
}

TEST(ImageFolders, a_damaged_or_unsupported_image_is_refused_by_name) {
  for (const auto& [name, bytes, code] : {std::tuple{"a/2.png", "", "D10"},
                                          {"a/2.jpg", "text", "D16"},
                                          {"a/2.gif", "GIF89a", "D27"},
                                          {"a/2.png", "GIF89a", "D27"}}) {
    const Files files;
    files.image("a/1.png", 1);
    files.put(name, bytes);
    const Error error = files.refused();
    EXPECT_EQ(error.code(), code) << name;
    EXPECT_NE(std::string(error.what()).find(name), std::string::npos) << error.what();
  }
}

TEST(ImageFolders, different_sizes_are_refused_or_resized_with_a_note) {
  const Files files;
  files.image("a/1.png", 9);
  files.image("a/2.png", 9, 4, 6);
  files.image("b/1.png", 9, 4, 6);
  const Error error = files.refused();
  EXPECT_EQ(error.code(), "D26");
  EXPECT_EQ(std::string(error.what()), files.path() + " contains images of several sizes: 2 of 4x6, 1 of 2x3");
  EXPECT_NE(error.details().at(0).find("`image_size = 4x6`"), std::string::npos);
  const Table table = read_table(files.path(), {.image_height = 4, .image_width = 6});
  EXPECT_EQ(table.columns[0].bytes, std::vector<std::uint8_t>(72, 9));
  ASSERT_EQ(table.notes.size(), 1u);
  EXPECT_TRUE(table.notes[0].text.starts_with("1 image resized to 4x6")) << table.notes[0].text;
  EXPECT_EQ(files.refused({.image_height = 4}).code(), "U12");
  EXPECT_EQ(files.refused({.image_height = -4, .image_width = 1}).code(), "U12");
  EXPECT_EQ(files.refused({.image_channels = 2}).code(), "U12");
}

TEST(ImageFolders, a_mix_of_grey_and_colour_becomes_colour_unless_grey_is_requested) {
  const Files files;
  files.image("a/1.png", 7);
  files.image("a/2.png", 8, 2, 3, 3);
  files.image("b/1.png", 9);
  const Table colour = read_table(files.path());
  EXPECT_EQ(colour.columns[0].shape, (Shape{2, 3, 3}));
  ASSERT_EQ(colour.columns[0].bytes.size(), 54u);
  EXPECT_EQ(colour.columns[0].bytes[17], 7);
  EXPECT_EQ(colour.columns[0].bytes[18], 8);
  EXPECT_EQ(colour.columns[0].bytes[53], 9);
  EXPECT_EQ(test::lines_of(colour.notes), (std::vector<std::string>{"D26 2 grey images converted to colour"}));
  const Table grey = read_table(files.path(), {.image_channels = 1});
  EXPECT_EQ(grey.columns[0].shape, (Shape{2, 3}));
  EXPECT_EQ(test::lines_of(grey.notes), (std::vector<std::string>{"D26 1 colour image converted to grey"}));
}

TEST(ImageFolders, images_without_class_folders_have_no_label) {
  const Files files;
  files.image("2.png", 2);
  files.image("1.png", 1);
  const Table table = read_table(files.path());
  EXPECT_EQ(table.rows, 2);
  EXPECT_EQ(table.find("label"), -1);
  EXPECT_EQ(table.columns[1].name, "file");
  EXPECT_EQ(table.columns[1].words, (std::vector<std::string>{"1.png", "2.png"}));
  const Table one = read_table(files.path("/2.png"));
  EXPECT_EQ(one.rows, 1);
  EXPECT_EQ(one.columns[1].words, (std::vector<std::string>{"2.png"}));
  EXPECT_EQ(one.place(0), files.path("/2.png"));
}

TEST(ImageFolders, a_folder_without_images_is_refused_and_a_single_class_cannot_be_learned) {
  const Files files;
  EXPECT_EQ(files.refused().code(), "D10");
  files.put("a/notes.txt", "x");
  fs::create_directories(files.path("/b"));
  EXPECT_EQ(files.refused().code(), "D10");
  files.image("a/1.png", 1);
  files.image("a/2.png", 2);
  const Table table = read_table(files.path());
  EXPECT_EQ(table.rows, 2);
  EXPECT_EQ(refusal([&] { Preprocessor::fit(table, std::vector<std::int64_t>{0, 1}, {}); }).code(), "D17");
}

TEST(ImageFolders, unusual_names_are_classes_or_refused) {
  const Files files;
  files.image("..., \"x\"\n\x1b[31m/a b.png", 1);
  EXPECT_EQ(files.refused().code(), "D10") << "a name that begins with a dot is hidden";
  files.image("\"x\", \n\x1b[31m/-rf.png", 1);
  EXPECT_EQ(label(read_table(files.path()), 0), "\"x\", \n\x1b[31m");
  fs::create_symlink(files.path(), files.path("/loop"));
  EXPECT_EQ(read_table(files.path()).rows, 1) << "a link to the folder itself holds no images";
  files.image("caf\xe9/1.png", 1);
  EXPECT_EQ(files.refused().code(), "D16");
}

TEST(ImageFolders, mnist_as_png_has_the_same_pixels_as_its_idx_files) {
  PELLUCID_NEED_DATA(images, "images/mnist-png");
  PELLUCID_NEED_DATA(mnist, "mnist");
  const Table png = read_table(images);
  const Table idx = read_table(mnist);
  ASSERT_EQ(png.rows, 1500);
  ASSERT_EQ(png.test_rows, 500);
  ASSERT_EQ(png.columns[0].shape, idx.columns[0].shape);
  for (std::int64_t row = 0; row < png.rows; ++row) {
    const std::int64_t number = std::stoll(fs::path(png.place(row)).stem().string());
    const std::int64_t same = row < 1000 ? number : idx.rows - idx.test_rows + number;
    ASSERT_EQ(label(png, row),
              std::to_string(static_cast<int>(idx.columns[1].numbers[static_cast<std::size_t>(same)])));
    ASSERT_TRUE(std::equal(png.columns[0].bytes.begin() + row * 784, png.columns[0].bytes.begin() + (row + 1) * 784,
                           idx.columns[0].bytes.begin() + same * 784))
        << png.place(row);
  }
}

TEST(ImageFolders, cifar_as_jpeg_has_colour_images_of_ten_classes) {
  PELLUCID_NEED_DATA(images, "images/cifar10-jpg");
  const Table table = read_table(images);
  EXPECT_EQ(table.rows, 700);
  EXPECT_EQ(table.test_rows, 200);
  EXPECT_EQ(table.columns[0].shape, (Shape{32, 32, 3}));
  EXPECT_EQ(label(table, 0), "airplane");
  EXPECT_EQ(label(table, 699), "truck");
}

}  // namespace
}  // namespace pellucid
