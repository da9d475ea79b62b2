// The setting number_embedding: which columns are embedded, and the layers that the net begins with.
// Not here: what the layers compute (layers/number_embedding_test.cc), when it has no effect (unused_test.cc).
#include <gtest/gtest.h>

#include "core/settings.h"
#include "pellucid/run.h"
#include "pellucid/train_table.h"
#include "recipe/build.h"
#include "recipe/data.h"
#include "recipe/resolve.h"

namespace pellucid {
namespace {

// Features: flag, size and its indicator, the index of the town, the year and month of the day, price per metre.
TrainTable houses() {
  std::string csv = "flag,size,town,day,metre,price\n";
  for (int i = 0; i < 240; ++i) {
    csv += std::string(i % 3 == 0 ? "yes," : "no,") + (i % 20 == 7 ? "" : std::to_string(i % 17) + ".5") + ",t" +
           std::to_string(i % 60) + ",20" + std::to_string(10 + i % 9) + "-0" + std::to_string(1 + i % 9) + "-01," +
           std::to_string(i % 13) + "." + std::to_string(i % 7) + "," + std::to_string(i % 29 + i % 17) + ".5\n";
  }
  return {read_csv(csv), 0, "houses.csv"};
}

Model net(const std::string& kind, const std::string& size = "auto", const std::string& scale = "auto") {
  const TrainTable data = houses();
  Recipe recipe;
  recipe.data.target = {"price"};
  if (!kind.empty()) set_setting(recipe, "number_embedding", kind, "test");
  set_setting(recipe, "number_embedding_size", size, "test");
  set_setting(recipe, "number_embedding_scale", scale, "test");
  recipe = resolve(recipe, data);
  const Split split = make_split(data, recipe, 1);
  Model model = make_model(recipe, split.preprocessor);
  build_to_train(model, recipe, split);
  return model;
}

std::vector<std::string> first_layers(const Model& model) {
  std::vector<std::string> layers;
  for (int i = 0; i < 2; ++i) {
    const Node& node = model.nodes()[static_cast<std::size_t>(i)];
    layers.push_back(std::string(node.layer->kind()) + " " + model.output_shape(i).text());
  }
  return layers;
}

TEST(NumberEmbeddingSetting, replaces_numbers_and_dates_before_categories_are_embedded) {
  using Texts = std::vector<std::string>;
  const std::int64_t in = net("none").row_shape().elements(), numbers = in - 3;  // flag, indicator, town
  const auto text = [](std::int64_t columns) { return " " + std::to_string(columns); };
  EXPECT_EQ(first_layers(net("none")), (Texts{"embedding" + text(in + 7), "scale" + text(in + 7)}));
  EXPECT_EQ(first_layers(net("periodic")),
            (Texts{"periodic_embedding" + text(in + 3 * numbers), "embedding" + text(in + 3 * numbers + 7)}));
  EXPECT_EQ(first_layers(net("cosine")),
            (Texts{"cosine_embedding" + text(in + 16 * numbers), "embedding" + text(in + 16 * numbers + 7)}));
  EXPECT_EQ(first_layers(net("piecewise")),
            (Texts{"piecewise_linear_embedding" + text(3 + 16 * numbers), "embedding" + text(3 + 16 * numbers + 7)}));
}

TEST(NumberEmbeddingSetting, size_and_scale_are_those_of_the_layer) {
  const auto settings = [](const Model& model) { return settings_to_json(*model.nodes().front().layer->clone()); };
  const Json periodic = settings(net("periodic", "7", "2.5")), cosine = settings(net("cosine", "7", "2.5"));
  EXPECT_EQ(periodic["size"], 7);
  EXPECT_EQ(periodic["sigma"], 2.5);
  EXPECT_EQ(cosine["size"], 7);
  EXPECT_EQ(cosine["scale"], 2.5);
  EXPECT_EQ(settings(net("piecewise", "7"))["size"], 7);
  EXPECT_EQ(settings(net("periodic"))["size"], 3);
  EXPECT_EQ(settings(net("cosine"))["scale"], 0.1);
}

TEST(NumberEmbeddingSetting, auto_is_written_as_none) {
  const Recipe resolved = [] {
    Recipe recipe;
    recipe.data.target = {"price"};
    return resolve(recipe, houses());
  }();
  EXPECT_EQ(setting_text(resolved, "number_embedding"), "none");
  EXPECT_EQ(origin_of(resolved, "number_embedding"), "auto: numbers as they are");
}

TEST(NumberEmbeddingSetting, piecewise_gets_its_edges_from_the_training_rows) {
  const Model model = net("piecewise");
  const auto& edges = model.parameters()[0];
  EXPECT_EQ(edges.name, "piecewise_linear_embedding1.edges");
  for (std::int64_t g = 0; g < edges.value.shape()[0]; ++g)
    EXPECT_LT(edges.value.view()(g, 0), edges.value.view()(g, 48));
}

// The index of the town is the only feature that an embedding of categories may read as an index.
TEST(NumberEmbeddingSetting, the_index_of_a_category_is_found_behind_the_embedding_of_numbers) {
  for (const char* kind : {"periodic", "cosine", "piecewise"}) {
    Model model = net(kind);
    for (Parameter<float>& p : model.parameters()) {
      if (p.name != "embedding1.weight") continue;
      for (std::int64_t i = 0; i < p.value.size(); ++i) p.value.data()[i] = static_cast<float>(i / 8 + 1);
    }
    const Model front = model.up_to("embedding1");
    const std::int64_t in = model.row_shape().elements(), out = front.output_shape().elements();
    std::vector<float> row(static_cast<std::size_t>(in), 0.25F);
    row[3] = 5;  // behind flag, size and its indicator
    EXPECT_EQ(front.predict(View<const float>{row.data(), 1, in, in}).data()[out - 1], 6) << kind;
  }
}

}  // namespace
}  // namespace pellucid
