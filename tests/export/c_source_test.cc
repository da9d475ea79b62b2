// C sources: what a C compiler makes of them computes the same bits as pellucid; hostile names; what is refused.
// Not here: the program's command (tests/cli/export.txt).
#include "pellucid/c_source.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <limits>
#include <sstream>
#include <string>
#include <vector>

#include "pellucid/evaluation.h"
#include "pellucid/layers.h"
#include "pellucid/normalization.h"
#include "pellucid/number_embeddings.h"
#include "pellucid/picture_layers.h"
#include "pellucid/random.h"
#include "pellucid/record.h"
#include "pellucid/trainer.h"
#include "support/files.h"

namespace pellucid {
namespace {

using test::refusal;

constexpr const char* strict = "-std=c99 -Wall -Wextra -Wconversion -pedantic -Werror";

std::string text_of(const std::string& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

struct Ran {
  int status = -1;
  std::string out;
};

// Compiles the two files, with `more` behind the source, and runs the program.
Ran run_c(const Model& model, const std::string& flags, const std::string& more = "", const std::string& name = "net") {
  const test::TempFolder folder;
  const CSource c = c_source(model, name);
  folder.file(name + ".h", c.header);
  const std::string source = folder.file(name + ".c", c.source + more);
  const std::string log = folder.path() + "/log", program = folder.path() + "/program";
  const std::string build = fmt::format("cc {} {} -o {} {} -lm > {} 2>&1", strict, flags, program, source, log);
  if (std::system(build.c_str()) != 0) {
    ADD_FAILURE() << text_of(log);
    return {};
  }
  Ran ran;
  ran.status = std::system(fmt::format("{} > {} 2>&1", program, log).c_str());
  ran.out = text_of(log);
  return ran;
}

Tensor<float> random_rows(std::int64_t rows, std::int64_t columns, double size = 3) {
  Random random({.seed = 5, .stream = 1});
  Tensor<float> result(Shape{rows, columns});
  for (std::int64_t i = 0; i < result.size(); ++i) result.data()[i] = static_cast<float>(size * random.normal());
  return result;
}

void expect_equal_bits(const Model& model, const std::string& flags, std::int64_t rows) {
  const Ran ran = run_c(model, flags + " -DNET_SELF_TEST");
  EXPECT_EQ(ran.status, 0) << flags;
  EXPECT_EQ(ran.out, fmt::format("net: {0} of {0} test rows equal to the bit\n", rows)) << flags;
}

// All activations side by side behind one layer, then every other layer.
Model every_kind() {
  Model model;
  model.add(Dense{16, tanh}, "first");
  std::vector<std::string> names;
  for (const ActivationKind* kind : activation_kinds()) {
    names.emplace_back(kind->name);
    model.add(ActivationLayer{Activation(kind)}, kind->name, {"first"});
  }
  names.insert(names.end(), {"periodic", "cosine", "piecewise"});
  model.add(PeriodicEmbedding({0, 3, 4}), "periodic", {"input"})
      .add(CosineEmbedding({1, 8}, 5, 1), "cosine", {"input"});
  model.add(PiecewiseLinearEmbedding({2, 3}, 3, 4), "piecewise", {"input"});
  model.add(Concat{}, "all", names)
      .add(Scale{}, "scaled")
      .add(ParametricActivation{mish}, "mixed")
      .add(Dropout{0.5}, "dropped");
  model.add(Dense{37, silu}, "left").add(Dense{37, sigmoid}, "right", {"scaled"});
  model.add(Multiply{}, "product", {"left", "right"}).add(Add{}, "sum", {"product", "left", "right"});
  model.add(Slice{3, Shape{30}}, "slice").add(Reshape{Shape{5, 6}}, "reshaped");
  model.add(BatchNorm{}, "by_batch").add(LayerNorm{0.01}, "by_row").add(Flatten{}, "flat").add(LayerNorm{}, "by_rows");
  model.add(Reshape{Shape{5, 6}}, "picture").add(Conv2D{6, {3, 2}, mish, {.padding = "same"}});
  model.add(MaxPool2D{2, {.stride = 1, .padding = "1"}}).add(AveragePool2D{{2, 3}, {.padding = "same"}});
  model.add(Conv2D{8, 3, tanh, {.stride = {1, 2}, .padding = "2", .dilation = 2, .groups = 2}});
  model.add(GlobalAveragePool2D{}).add(Dense{3, softmax}, "one").add(Dense{3, softmax}, "two", {"sum"});
  model.add(Average{}, "mean", {"one", "two"});
  model.build({9}, 7);
  const Tensor<float> rows = random_rows(12, 9);
  set_edges(model, Dataset::regression(rows.values(), Shape{9}, std::vector<float>(12)));
  Random random({.seed = 6, .stream = 1});
  for (Parameter<float>& p : model.parameters()) {
    const bool constant = p.name.starts_with("cosine.") || p.name == "piecewise.weight" || p.name == "mixed.factor" ||
                          p.name.starts_with("by_");
    for (float& value : p.value.values()) value += constant ? static_cast<float>(random.normal()) : 0;
    if (p.name.ends_with("variance")) {
      for (float& value : p.value.values()) value = std::abs(value);
    }
  }
  return model;
}

TEST(CSource, an_embedding_of_all_columns_reads_the_row_itself) {
  const LayerRef layers[] = {PeriodicEmbedding({0, 1, 2}), CosineEmbedding({0, 1, 2}, 4, 1),
                             PiecewiseLinearEmbedding({0, 1, 2}, 2, 4)};
  for (const LayerRef& layer : layers) {
    Model model{layer, Dense{3, relu}, Dense{2}};
    model.build({3}, 5);
    model.test_rows = random_rows(20, 3);
    set_edges(model, Dataset::regression(model.test_rows->values(), Shape{3}, std::vector<float>(20)));
    expect_equal_bits(model, "-O2", 20);
  }
}

TEST(CSource, gives_the_same_bits_for_every_activation_and_layer_at_every_optimisation_level) {
  Model model = every_kind();
  model.test_rows = random_rows(200, 9);
  for (const char* flags : {"-O0", "-O2", "-O3 -march=native", "-std=gnu17 -O3 -march=native"}) {
    expect_equal_bits(model, flags, 200);
  }
}

TEST(CSource, gives_the_same_bits_for_numbers_so_small_that_they_count_as_zero) {
  Model model{Dense{20, relu}, Dense{40, softmax}};
  model.build({6}, 3);
  for (auto& parameter : model.parameters()) {
    for (std::int64_t i = 0; i < parameter.value.size(); ++i) parameter.value.data()[i] *= 20;
  }
  model.test_rows = random_rows(100, 6);
  Tensor<float> tiny = random_rows(50, 6, 1e-38);
  expect_equal_bits(model, "-O2", 100);
  model.test_rows = tiny;
  expect_equal_bits(model, "-O2", 50);
}

TEST(CSource, looks_categories_up_in_an_embedding) {
  Model model{Embedding({{1, 4}, {3, 7}}, 3), Dense{5, gelu}, Dense{2}};
  model.build({5}, 1);
  Tensor<float> rows = random_rows(60, 5);
  for (std::int64_t r = 0; r < 60; ++r) {
    rows.data()[r * 5 + 1] = static_cast<float>(r % 6 - 1);  // -1 and 4 are no category
    rows.data()[r * 5 + 3] = static_cast<float>(r % 9 - 1);
  }
  model.test_rows = rows;
  expect_equal_bits(model, "-O2", 60);
}

TEST(CSource, uses_shared_weights_once) {
  Model model;
  model.add_input("a", {4}).add_input("b", {4});
  model.add(Dense{6, tanh}, "branch", {"a"});
  model.add_shared("branch", "again", {"b"});
  model.add(Concat{}, "both", {"branch", "again"}).add(Dense{1, sigmoid}, "output");
  model.build({8}, 1);
  model.test_rows = random_rows(20, 8);
  expect_equal_bits(model, "-O2", 20);
  EXPECT_EQ(c_source(model, "net").constant_bytes, 4 * model.parameter_count());
}

// Rows of a table with a number, a category, a boolean, a moment and a code that is embedded.
struct Row {
  std::string number, colour, garden, date, code;
};

std::vector<Row> make_rows(int count, std::uint32_t stream) {
  const std::vector<std::string> colours = {"red", "gr\"een", "bl?\?/ue", "*/ @p@"};
  Random random({.seed = 2, .stream = stream});
  std::vector<Row> rows;
  for (int r = 0; r < count; ++r) {
    Row row = {fmt::format("{:.2f}", 50 + 20 * random.normal()), colours[random.below(4)],
               random.below(2) == 0 ? "no" : "yes",
               fmt::format("202{}-0{}-1{} {:02}:{:02}:{:02}", random.below(5), 1 + random.below(9), random.below(10),
                           random.below(24), random.below(60), random.below(60)),
               fmt::format("k{}", random.below(12))};
    if (random.below(4) == 0) (random.below(2) == 0 ? row.number : row.colour) = "";
    rows.push_back(row);
  }
  return rows;
}

std::string quoted(const std::string& cell) {
  std::string result = "\"";
  for (const char c : cell) result += c == '"' ? std::string("\"\"") : std::string(1, c);
  return result + "\"";
}

using Label = std::function<std::string(int)>;

Model train_on(const std::vector<Row>& rows, const ColumnNames& target, const std::string& names, const Label& label,
               Model net, const PreprocessOptions& how) {
  std::string csv = "size */,colour,garden,sold,code," + names + "\n";
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const Row& row = rows[r];
    csv += row.number + "," + quoted(row.colour) + "," + row.garden + "," + row.date + "," + row.code + "," +
           label(static_cast<int>(r)) + "\n";
  }
  fit(net, split(read_csv(csv), {.target = target, .preprocess = how}), {.epochs = 3});
  return net;
}

// The C program that predicts the rows and prints each answer.
std::string main_for(const std::vector<Row>& rows) {
  std::string text = "\n#include <stdio.h>\nint main(void) {\n  double r[NET_RECORD], p[NET_ANSWER];\n  int c;\n";
  const auto word = [](int column, const std::string& cell) {
    std::string escaped;
    for (const char c : cell) escaped += fmt::format("\\{:03o}", static_cast<unsigned char>(c));
    return cell.empty() ? std::string("NAN") : fmt::format("net_code({}, \"{}\")", column, escaped);
  };
  for (const Row& row : rows) {
    const std::string& d = row.date;
    text += fmt::format("  r[0] = {}; r[1] = {}; r[2] = {}; r[4] = {};\n", row.number.empty() ? "NAN" : row.number,
                        word(1, row.colour), row.garden == "yes" ? 1 : 0, word(4, row.code));
    text += fmt::format("  r[3] = net_days({}, {}, {}, {} + {} / 60.0 + {} / 3600.0);\n", d.substr(0, 4),
                        std::stoi(d.substr(5, 2)), std::stoi(d.substr(8, 2)), std::stoi(d.substr(11, 2)),
                        std::stoi(d.substr(14, 2)), std::stod(d.substr(17, 2)));
    text +=
        "  c = net_predict(r, p); printf(\"%d\", c); for (c = 0; c < NET_ANSWER; ++c) printf(\" %a\", p[c]); "
        "printf(\"\\n\");\n";
  }
  return text + "  return 0;\n}\n";
}

void expect_same_answers(const Model& model, const std::vector<Row>& rows) {
  const Ran ran = run_c(model, "-O2", main_for(rows));
  ASSERT_EQ(ran.status, 0) << ran.out;
  std::istringstream lines(ran.out);
  Record record(model);
  for (const Row& row : rows) {
    const std::vector<std::string> cells = {row.number, row.colour, row.garden, row.date, row.code};
    for (int c = 0; c < 5; ++c) {
      const std::string& cell = cells[static_cast<std::size_t>(c)];
      cell.empty() ? record.set_missing(c) : record.set(c, std::string_view(cell));
    }
    const Answer answer = record.predict();
    std::string text;
    lines >> text;
    EXPECT_EQ(text, std::to_string(std::max(answer.predicted_class, 0)));
    for (const double expected : answer.values.empty() ? answer.probabilities : answer.values) {
      lines >> text;
      EXPECT_EQ(std::strtod(text.c_str(), nullptr), expected) << cells[1] << " " << row.date;
    }
  }
}

std::vector<Row> rows_to_predict() {
  std::vector<Row> rows = make_rows(60, 9);
  rows[0].colour = "never seen";
  rows[1].code = "k999";
  rows[2].number = "1e6";
  rows[3].date = "1969-12-31 23:59:59";
  rows[4].date = "2000-02-29 00:00:00";
  return rows;
}

TEST(CSource, predicts_classes_of_raw_rows_as_a_record_does) {
  const Label label = [](int r) { return r % 3 == 0 ? "small" : r % 3 == 1 ? "medium" : "lar\"\"ge"; };
  const Label named = [&](int r) { return "\"" + label(r) + "\""; };
  const Model model =
      train_on(make_rows(300, 1), "y", "y", named, {Embedding({{13, 13}}, 2), Dense{8, relu}, Dense{3, softmax}},
               {.scale = Scaling::robust, .one_hot = 6});
  expect_same_answers(model, rows_to_predict());
}

TEST(CSource, predicts_two_classes_with_the_threshold_of_the_model) {
  Model model = train_on(make_rows(300, 1), "y", "y", [](int r) { return r % 3 == 0 ? "yes" : "no"; },
                         {Dense{8, tanh}, Dense{1, sigmoid}}, {});
  model.threshold = 0.4;
  expect_same_answers(model, rows_to_predict());
}

TEST(CSource, gives_values_in_their_unit) {
  const Label prices = [](int r) { return fmt::format("{}.5,{}.25", 1000 + 17 * r, r % 7); };
  expect_same_answers(
      train_on(make_rows(300, 1), {"price", "rooms"}, "price,rooms", prices, {Dense{8, gelu}, Dense{2}}, {}),
      rows_to_predict());
  const Label price = [](int r) { return std::to_string(10 + r * r); };
  expect_same_answers(train_on(make_rows(300, 1), "price", "price", price, {Dense{8, relu}, Dense{1}},
                               {.target_scale = TargetScaling::log}),
                      rows_to_predict());
}

TEST(CSource, gives_a_probability_for_each_of_several_binary_targets) {
  const Label both = [](int r) { return fmt::format("{},{}", r % 2 == 0 ? "yes" : "no", r % 3 == 0 ? "yes" : "no"); };
  expect_same_answers(train_on(make_rows(300, 1), {"a", "b"}, "a,b", both, {Dense{8, relu}, Dense{2, sigmoid}}, {}),
                      rows_to_predict());
}

TEST(CSource, says_when_a_cell_is_missing_that_the_model_needs) {
  std::vector<Row> rows = make_rows(300, 1);
  for (Row& row : rows) {
    if (row.number.empty()) row.number = "3";
    if (row.colour.empty()) row.colour = "red";
  }
  const Model model = train_on(rows, "y", "y", [](int r) { return r % 2 == 0 ? "a" : "b"; }, {Dense{2, softmax}},
                               {.missing = MissingCells::error});
  const std::string code =
      "\nint main(void) {\n  double r[NET_RECORD] = {0, 0, 0, 0, 0}, p[NET_ANSWER];\n"
      "  if (net_predict(r, p) < 0) return 1;\n  r[0] = NAN;\n"
      "  if (net_predict(r, p) != NET_MISSING) return 2;\n  r[0] = 1e300;\n"
      "  return net_predict(r, p) == NET_TOO_FAR ? 0 : 3;\n}\n";
  EXPECT_EQ(run_c(model, "-O2", code).status, 0);
}

// A layer of a user's own: y = 2 x.
template <bool expressed>
class Twice : public LayerOf<Twice<expressed>> {
 public:
  static constexpr std::string_view name = expressed ? "test_twice_expressed" : "test_twice", summary = "2 x";
  void describe(Fields&) override {}
  Shape output_shape(std::span<const Shape> inputs) const override { return inputs[0]; }
  std::vector<Need> needs(std::span<const Shape>) const override { return {}; }
  template <class T>
  void run_forward(Pass<T>& pass) const {
    const View<const T> x = pass.x();
    for (std::int64_t r = 0; r < x.rows; ++r) {
      for (std::int64_t c = 0; c < x.columns; ++c) pass.y()(r, c) = 2 * x(r, c);
    }
  }
  template <class T>
  void run_backward(Pass<T>&) const {}
  Expression::Value express(Expression& to) const override {
    return expressed ? to.multiply(2, to.input()) : Layer::express(to);
  }
};

// An activation and a loss of a user's own.
class Square : public ActivationOf<Square> {
 public:
  static constexpr std::string_view name = "test_square_for_c", summary = "z^2";
  template <class T>
  void value(const T* z, T* y, std::int64_t n) const {
    for (std::int64_t i = 0; i < n; ++i) y[i] = z[i] * z[i];
  }
  template <class T>
  void gradient(const T* z, const T*, const T* dy, T* dz, std::int64_t n) const {
    for (std::int64_t i = 0; i < n; ++i) dz[i] = 2 * z[i] * dy[i];
  }
};

class OwnLoss : public LossOf<OwnLoss> {
 public:
  static constexpr std::string_view name = "test_loss_for_c", summary = "(y - t)^2";
  template <class T>
  void rows(View<const T> y, View<const T> target, T* loss, View<T> dy) const {
    for (std::int64_t r = 0; r < y.rows; ++r) {
      dy(r, 0) = 2 * (y(r, 0) - target(r, 0));
      loss[r] = dy(r, 0) * dy(r, 0) / 4;
    }
  }
};

TEST(CSource, writes_a_layer_of_your_own_that_expresses_itself) {
  Model model{Dense{4, relu}, Twice<true>(), Dense{2}};
  model.build({3}, 1);
  model.test_rows = random_rows(20, 3);
  expect_equal_bits(model, "-O2", 20);
}

TEST(CSource, refuses_layers_activations_and_losses_of_your_own_that_it_cannot_write) {
  Model layer{Dense{4}, Twice<false>()}, activation{Dense{4, Square()}};
  layer.build({3}, 1);
  activation.build({3}, 1);
  EXPECT_EQ(refusal([&] { c_source(layer, "net"); }).code(), "U29");
  EXPECT_EQ(refusal([&] { c_source(activation, "net"); }).code(), "U29");
  register_loss<OwnLoss>();
  Model loss{Dense{1}};
  fit(loss, split(read_csv("x,y\n1,2.5\n2,3.5\n3,4.5\n4,5.5\n5,6.25\n6,7.5\n7,8.5\n8,9.5\n"), {.target = "y"}),
      {.epochs = 1, .loss = OwnLoss()});
  EXPECT_EQ(refusal([&] { c_source(loss, "net"); }).code(), "U29");
  loss.preprocessor.reset();
  EXPECT_NE(c_source(loss, "net").source, "");
}

TEST(CSource, refuses_what_it_cannot_write) {
  Model model{Dense{5000, softmax}};
  model.build({2}, 1);
  EXPECT_EQ(refusal([&] { c_source(model, "net"); }).code(), "U29");
  Model small{Dense{2}};
  EXPECT_EQ(refusal([&] { c_source(small, "net"); }).code(), "U21");
  small.build({2}, 1);
  for (const char* name : {"", "1net", "a-b", "int", "über"})
    EXPECT_EQ(refusal([&] { c_source(small, name); }).code(), "U12") << name;
}

}  // namespace
}  // namespace pellucid
