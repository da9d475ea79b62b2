// The setting `hidden`: its text, the net that it makes, and what is refused.
// Not here: the layers (tests/layers), rules that choose the setting (resolve_test.cc).
#include "pellucid/hidden_layer.h"

#include <gtest/gtest.h>

#include "pellucid/train_table.h"
#include "recipe/build.h"
#include "recipe/hidden_layers.h"
#include "support/files.h"

namespace pellucid {
namespace {

using test::refusal;

Preprocessor fitted(const std::vector<FittedColumn>& columns) {
  Preprocessor preprocessor;
  preprocessor.columns = columns;
  preprocessor.targets = {{.name = "y", .classes = {"a", "b", "c"}}};
  return preprocessor;
}

Preprocessor picture(const Shape& shape) {
  return fitted({{.name = "pixels", .shape = shape, .features = shape.elements(), .learned = BytesColumn{}}});
}

Preprocessor named(const std::vector<std::string>& names) {
  std::vector<FittedColumn> columns;
  for (const std::string& name : names) columns.push_back({.name = name, .learned = NumberColumn{}});
  return fitted(columns);
}

// The kinds of the layers with the sizes of their outputs: "conv2d 28x28x32".
std::vector<std::string> net(const std::string& hidden, const Preprocessor& preprocessor, Recipe recipe = {}) {
  recipe.model.hidden = parse_hidden(hidden);
  Model model = make_model(recipe, preprocessor);
  model.set_row_shape(preprocessor.row_shape());
  std::vector<std::string> layers;
  for (std::size_t i = 0; i < model.nodes().size(); ++i) {
    const Activation* const f = model.nodes()[i].layer->output_activation();
    layers.push_back(std::string(model.nodes()[i].layer->kind()) + " " +
                     model.output_shape(static_cast<int>(i)).text() +
                     (f != nullptr && !(*f == linear) ? " " + f->text() : ""));
  }
  return layers;
}

using Texts = std::vector<std::string>;

TEST(HiddenLayer, has_a_text_that_reads_as_the_same_layer) {
  for (const char* text : {"128", "conv3x32", "conv5x6v", "conv3x64s2", "conv1x8s3v", "pool", "pool3", "avgpool",
                           "avgpool4", "globalpool", "norm", "shift2", "flip", "cutout8"}) {
    const HiddenLayer layer = HiddenLayer::parse(text);
    EXPECT_EQ(layer.text(), text);
    EXPECT_EQ(HiddenLayer::parse(layer.text()), layer);
  }
  EXPECT_EQ(HiddenLayer::parse("conv3x32s1").text(), "conv3x32");
  EXPECT_EQ(HiddenLayer::parse("pool2").text(), "pool");
  EXPECT_EQ(hidden_text(parse_hidden("conv3x32,norm,pool,128")), "conv3x32,norm,pool,128");
  EXPECT_EQ(hidden_text({}), "none");
  EXPECT_EQ(parse_hidden("64,32"), (std::vector<HiddenLayer>{64, 32}));
}

TEST(HiddenLayer, refuses_other_texts_and_numbers_out_of_range) {
  for (const char* text :
       {"conv", "conv3", "conv3x", "convx3", "conv3x32s", "conv3x32vs2", "conv3x32w", "poolx", "pool 2", "avg",
        "globalpool2", "norm1", "Conv3x32", "1.5", "", "conv-3x4", "conv99999999999999999999x4"}) {
    EXPECT_EQ(refusal([&] { HiddenLayer::parse(text); }).code(), "U02") << text;
  }
  for (const char* text : {"0", "-3", "conv0x32", "conv3x0", "conv65x8", "conv3x32s0", "pool0", "pool1000"}) {
    EXPECT_EQ(refusal([&] { HiddenLayer::parse(text); }).code(), "U12") << text;
  }
}

TEST(HiddenLayer, convolutions_pooling_and_dense_layers_end_in_the_activation) {
  EXPECT_EQ(net("conv3x32,pool,conv3x64s2,pool,128", picture(Shape{28, 28})),
            (Texts{"conv2d 28x28x32 relu", "max_pool2d 14x14x32", "conv2d 7x7x64 relu", "max_pool2d 3x3x64",
                   "dense 128 relu", "dense 3"}));
  EXPECT_EQ(net("conv5x6v,avgpool,conv5x16v,globalpool", picture(Shape{32, 32, 3})),
            (Texts{"conv2d 28x28x6 relu", "average_pool2d 14x14x6", "conv2d 10x10x16 relu", "global_average_pool2d 16",
                   "dense 3"}));
}

TEST(HiddenLayer, augmentation_is_one_layer_before_all_others) {
  EXPECT_EQ(net("flip,shift2,cutout3,conv3x2,globalpool", picture(Shape{8, 8, 3})).front(), "augment 8x8x3");
  EXPECT_EQ(net("shift1,16", picture(Shape{8, 8})), (Texts{"augment 8x8", "dense 16 relu", "dense 3"}));
  for (const char* hidden : {"conv3x2,flip", "flip,conv3x2,shift2", "shift2,shift3,16"}) {
    EXPECT_EQ(refusal([&] { net(hidden, picture(Shape{8, 8})); }).code(), "U20") << hidden;
  }
}

TEST(HiddenLayer, norm_stands_between_a_layer_without_bias_and_its_activation) {
  Recipe recipe;
  recipe.model.dropout = 0.5;
  EXPECT_EQ(net("conv3x8,norm,pool,16,norm", picture(Shape{8, 8, 3}), recipe),
            (Texts{"conv2d 8x8x8", "batch_norm 8x8x8", "activation 8x8x8 relu", "max_pool2d 4x4x8", "dense 16",
                   "batch_norm 16", "activation 16 relu", "dropout 16", "dense 3"}));
  recipe.model.hidden = parse_hidden("16,norm");
  Model model = make_model(recipe, named({"a", "b"}));
  model.build(Shape{2});
  EXPECT_EQ(model.needs(0)[1].wanted, false);  // the bias
  EXPECT_EQ(model.needs(0)[0].initializer.text(), Initializer(relu.kind().initializer).text());
}

TEST(HiddenLayer, columns_named_like_pixels_are_a_picture) {
  Texts grid, cells, numbered;
  for (int y = 0; y < 4; ++y) {
    for (int x = 0; x < 6; ++x) grid.push_back("pixel_" + std::to_string(y) + "_" + std::to_string(x));
  }
  for (int y = 1; y <= 2; ++y) {
    for (int x = 1; x <= 3; ++x) cells.push_back(std::to_string(y) + "x" + std::to_string(x));
  }
  for (int i = 0; i < 784; ++i) numbered.push_back("pixel" + std::to_string(i));
  EXPECT_EQ(picture_shape(named(grid)), (Shape{4, 6, 1}));
  EXPECT_EQ(picture_shape(named(cells)), (Shape{2, 3, 1}));
  EXPECT_EQ(picture_shape(named(numbered)), (Shape{28, 28, 1}));
  EXPECT_EQ(net("conv3x2,pool", named(grid)),
            (Texts{"reshape 4x6x1", "conv2d 4x6x2 relu", "max_pool2d 2x3x2", "dense 3"}));
  std::swap(grid[3], grid[4]);
  numbered.pop_back();
  for (const Texts& names : {grid, numbered, Texts{"a", "b", "c", "d"}, Texts{"v1"}, Texts{"1", "2", "3", "4"},
                             Texts{"a_0_0", "a_0_1", "b_1_0", "b_1_1"}}) {
    EXPECT_EQ(picture_shape(named(names)).rank(), 0) << names.front();
  }
}

TEST(HiddenLayer, in_a_wrong_place_is_refused_with_a_way_out) {
  const auto refused = [](const std::string& hidden, const Preprocessor& preprocessor) {
    return refusal([&] { net(hidden, preprocessor); });
  };
  const Error table = refused("conv3x32,pool,128", named({"a", "b"}));
  EXPECT_EQ(table.code(), "U20");
  EXPECT_EQ(std::string(table.what()),
            "hidden: conv3x32 needs pictures, and the rows are 2 numbers without the shape of one");
  ASSERT_EQ(table.details().size(), 1U);
  EXPECT_EQ(refused("128,conv3x32", picture(Shape{8, 8})).code(), "U20");
  EXPECT_EQ(refused("globalpool,pool", picture(Shape{8, 8})).code(), "U20");
  EXPECT_EQ(refused("norm,64", named({"a", "b"})).code(), "U20");
  EXPECT_EQ(refused("64,norm,norm", named({"a", "b"})).code(), "U20");
  EXPECT_EQ(refused("conv3x4,pool,pool,pool,pool", picture(Shape{8, 8})).code(), "U20");  // nothing is left
}

}  // namespace
}  // namespace pellucid
