// Model files from before columns had kinds: they can be loaded, and saving them again gives the same bytes.
// Not here: damaged files (hostile_model_test.cc).
#include <gtest/gtest.h>

#include <string>

#include "core/file.h"
#include "pellucid/model.h"

namespace pellucid {
namespace {

const std::string folder = std::string(PELLUCID_SOURCE_DIR) + "/tests/golden/earlier/";

TEST(EarlierColumns, files_with_every_kind_of_column_load_and_save_to_the_same_bytes) {
  for (const char* name : {"columns_of_all_kinds", "log_target"}) {
    const std::string bytes = read_file(folder + name + ".safetensors");
    EXPECT_EQ(Model::from_bytes(bytes).to_bytes(), bytes) << name;
  }
}

}  // namespace
}  // namespace pellucid
