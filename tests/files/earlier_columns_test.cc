// Models written before columns were typed: they load and are written again as the same bytes.
// Not here: damaged files (hostile_model_test.cc).
#include <gtest/gtest.h>

#include <string>

#include "core/file.h"
#include "pellucid/model.h"

namespace pellucid {
namespace {

const std::string folder = std::string(PELLUCID_SOURCE_DIR) + "/tests/golden/earlier/";

TEST(EarlierColumns, every_kind_of_column_loads_and_is_written_as_it_was) {
  for (const char* name : {"columns_of_all_kinds", "log_target"}) {
    const std::string bytes = read_file(folder + name + ".safetensors");
    EXPECT_EQ(Model::from_bytes(bytes).to_bytes(), bytes) << name;
  }
}

}  // namespace
}  // namespace pellucid
