// Record: predictions from one row that is set column by column equal those from a table bit by bit; what is refused.
// Not here: that it allocates nothing (model/allocation_test.cc).
#include "pellucid/record.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "pellucid/evaluation.h"
#include "pellucid/random.h"
#include "pellucid/trainer.h"
#include "support/files.h"

namespace pellucid {
namespace {

using test::refusal;

constexpr std::string_view header = "size,colour,garden,sold,code";
const std::vector<std::string> names = {"size", "colour", "garden", "sold", "code"};

// A number, a category, a boolean, a date, and a code that is embedded. Some cells are missing.
std::vector<std::vector<std::string>> make_rows(int rows, std::uint32_t stream) {
  const std::vector<std::string> colours = {"red", "green", "blue", "white"};
  Random random({.seed = 2, .stream = stream});
  std::vector<std::vector<std::string>> all;
  for (int r = 0; r < rows; ++r) {
    std::vector<std::string> row = {
        fmt::format("{:.2f}", 50 + 20 * random.normal()), colours[random.below(4)], random.below(2) == 0 ? "no" : "yes",
        fmt::format("202{}-0{}-1{}", random.below(5), 1 + random.below(9), random.below(10)),
        fmt::format("k{}", random.below(12))};
    if (random.below(8) == 0) row[random.below(5)] = "";
    all.push_back(row);
  }
  return all;
}

std::string csv_of(const std::vector<std::vector<std::string>>& rows, const std::string& targets,
                   const std::function<std::string(std::size_t)>& target) {
  std::string csv = std::string(header) + targets + "\n";
  for (std::size_t r = 0; r < rows.size(); ++r) {
    for (const std::string& cell : rows[r]) csv += (&cell == rows[r].data() ? "" : ",") + cell;
    csv += target(r) + "\n";
  }
  return csv;
}

Model train(const std::string& csv, const ColumnNames& target, Model net, TargetScaling scale = TargetScaling::standard,
            MissingCells missing = MissingCells::automatic) {
  const PreprocessOptions how{.missing = missing, .one_hot = 6, .target_scale = scale};
  fit(net, split(read_csv(csv), {.target = target, .preprocess = how}), {.epochs = 3});
  return net;
}

// Sets the size as a double unless `as_words`, and all other cells as the text in the file.
void set_row(Record& record, const std::vector<std::string>& row, bool as_words) {
  for (std::size_t c = 0; c < row.size(); ++c) {
    const int column = record.index(names[c]);
    if (row[c].empty()) {
      record.set_missing(column);
    } else if (c == 0 && !as_words) {
      record.set(column, std::stod(row[c]));
    } else {
      record.set(column, std::string_view(row[c]));
    }
  }
}

std::string label(std::size_t r) {
  return r % 3 == 0 ? ",small" : r % 3 == 1 ? ",medium" : ",large";
}

Model classifier() {
  return train(csv_of(make_rows(300, 1), ",y", label), "y", {Dense{8, relu}, Dense{3, softmax}});
}

TEST(Record, has_the_same_probabilities_and_class_as_a_table_row) {
  const Model model = classifier();
  auto rows = make_rows(60, 2);
  rows[0][1] = "violet";  // not a category of the training rows
  rows[1][4] = "k99";
  const Dataset data = model.preprocessor->transform(read_csv(csv_of(rows, "", [](std::size_t) { return ""; })), false);
  const Tensor<double> expected = predict_proba(model, data);
  Record record(model);
  for (const bool as_words : {false, true}) {
    for (std::size_t r = 0; r < rows.size(); ++r) {
      set_row(record, rows[r], as_words);
      const Answer answer = record.predict();
      ASSERT_EQ(answer.probabilities.size(), 3u);
      std::int32_t best = 0;
      for (std::int64_t c = 0; c < 3; ++c) {
        const double p = expected.view()(static_cast<std::int64_t>(r), c);
        EXPECT_EQ(answer.probabilities[static_cast<std::size_t>(c)], p) << "row " << r;
        if (p > expected.view()(static_cast<std::int64_t>(r), best)) best = static_cast<std::int32_t>(c);
      }
      EXPECT_EQ(answer.predicted_class, best);
      EXPECT_EQ(answer.class_name, model.preprocessor->targets[0].classes[static_cast<std::size_t>(best)]);
      EXPECT_TRUE(answer.values.empty());
    }
  }
}

TEST(Record, has_the_same_value_as_a_table_row_in_the_unit_of_the_target) {
  for (const TargetScaling scale : {TargetScaling::standard, TargetScaling::log}) {
    const auto price = [](std::size_t r) { return fmt::format(",{}.5", 10 + r * r % 977); };
    const Model model = train(csv_of(make_rows(300, 1), ",price", price), "price", {Dense{8, relu}, Dense{1}}, scale);
    const auto rows = make_rows(40, 3);
    const Dataset data =
        model.preprocessor->transform(read_csv(csv_of(rows, "", [](std::size_t) { return ""; })), false);
    const Tensor<double> expected = predict_values(model, data);
    Record record(model);
    for (std::size_t r = 0; r < rows.size(); ++r) {
      set_row(record, rows[r], false);
      const Answer answer = record.predict();
      EXPECT_EQ(answer.value(), expected.data()[r]) << "row " << r;
      EXPECT_TRUE(answer.probabilities.empty());
      EXPECT_EQ(answer.predicted_class, -1);
    }
  }
}

TEST(Record, with_several_binary_targets_has_one_probability_per_target) {
  const auto targets = [](std::size_t r) {
    return std::string(r % 2 == 0 ? ",no" : ",yes") + (r % 3 ? ",no" : ",yes");
  };
  const Model model =
      train(csv_of(make_rows(300, 1), ",rain,frost", targets), {"rain", "frost"}, {Dense{8, relu}, Dense{2, sigmoid}});
  const auto rows = make_rows(20, 4);
  const Dataset data = model.preprocessor->transform(read_csv(csv_of(rows, "", [](std::size_t) { return ""; })), false);
  const Tensor<double> expected = predict_proba(model, data);
  Record record(model);
  for (std::size_t r = 0; r < rows.size(); ++r) {
    set_row(record, rows[r], true);
    const Answer answer = record.predict();
    ASSERT_EQ(answer.probabilities.size(), 2u);
    for (std::size_t c = 0; c < 2; ++c) EXPECT_EQ(answer.probabilities[c], expected.data()[2 * r + c]) << "row " << r;
  }
}

TEST(Record, uses_the_decision_threshold_of_the_model) {
  const auto seldom = [](std::size_t r) { return r % 4 == 0 ? ",yes" : ",no"; };
  Model model = train(csv_of(make_rows(300, 1), ",y", seldom), "y", {Dense{8, relu}, Dense{1, sigmoid}});
  Record first(model);
  set_row(first, make_rows(1, 5)[0], false);
  const double p = first.predict().probabilities[1];
  model.threshold = p * 0.99;
  Record below(model);
  set_row(below, make_rows(1, 5)[0], false);
  EXPECT_EQ(below.predict().class_name, "yes");
  model.threshold = std::min(p * 1.01, 1.0);
  Record above(model);
  set_row(above, make_rows(1, 5)[0], false);
  EXPECT_EQ(above.predict().class_name, "no");
}

TEST(Record, columns_that_were_never_set_are_missing_and_others_keep_their_values) {
  const Model model = classifier();
  Record unset(model), missing(model), kept(model);
  for (int c = 0; c < missing.columns(); ++c) missing.set_missing(c);
  const auto copy = [](const Answer& answer) {
    return std::vector<double>(answer.probabilities.begin(), answer.probabilities.end());
  };
  EXPECT_EQ(copy(unset.predict()), copy(missing.predict()));
  EXPECT_EQ(copy(unset.set(unset.index("size"), std::nan("")).predict()), copy(missing.predict()));

  set_row(kept, {"61.5", "red", "yes", "2023-04-05", "k3"}, false);
  kept.set(kept.index("colour"), "blue");
  Record whole(model);
  set_row(whole, {"61.5", "blue", "yes", "2023-04-05", "k3"}, false);
  EXPECT_EQ(copy(kept.predict()), copy(whole.predict()));
  EXPECT_EQ(copy(kept.predict()), copy(whole.predict()));
  Record moved = std::move(kept);
  EXPECT_EQ(copy(moved.predict()), copy(whole.predict()));
}

TEST(Record, booleans_and_dates_can_be_set_as_numbers_or_text) {
  const Model model = classifier();
  Record words(model), numbers(model);
  set_row(words, {"40", "red", "yes", "2023-04-05", "k3"}, false);
  set_row(numbers, {"40", "red", "no", "2020-01-01", "k3"}, false);
  numbers.set(numbers.index("garden"), 1.0);
  numbers.set(numbers.index("sold"), "2023-04-05");
  const Answer a = words.predict(), b = numbers.predict();
  for (std::size_t c = 0; c < 3; ++c) EXPECT_EQ(a.probabilities[c], b.probabilities[c]);
}

TEST(Record, words_that_mean_a_missing_value_in_a_file_do_so_here) {
  const Model model = classifier();
  Record record(model), missing(model);
  const Answer expected = missing.predict();
  for (const char* const word : {"", " ", "NA", "null"}) {
    set_row(record, {"61.5", "red", "yes", "2023-04-05", "k3"}, false);
    for (int c = 0; c < record.columns(); ++c) record.set(c, word);
    const Answer found = record.predict();
    for (std::size_t c = 0; c < 3; ++c) EXPECT_EQ(found.probabilities[c], expected.probabilities[c]) << word;
  }
  record.set(record.index("size"), "unknown");  // means missing in columns of numbers and dates
  EXPECT_EQ(record.predict().probabilities[0], expected.probabilities[0]);
}

TEST(Record, a_number_that_means_a_missing_value_does_so_in_every_spelling) {
  Model model = classifier();
  model.preprocessor->missing_words.words = {"size:-999"};
  Record record(model), missing(model);
  const double expected = missing.predict().probabilities[0];
  const int size = record.index("size");
  EXPECT_NE(record.set(size, 61.5).predict().probabilities[0], expected);
  EXPECT_EQ(record.set(size, -999.0).predict().probabilities[0], expected);
  EXPECT_NE(record.set(size, 61.5).predict().probabilities[0], expected);
  EXPECT_EQ(record.set(size, "-999.00").predict().probabilities[0], expected);
}

// Images of 3x2 pixels, alone or beside a number.
Table image_table(bool with_number) {
  Table table;
  table.source = "images";
  table.rows = 80;
  Column pixels{.name = "pixels", .type = Column::Type::bytes, .shape = Shape{3, 2}};
  Column size{.name = "size"}, label{.name = "label"};
  for (int r = 0; r < 80; ++r) {
    for (int i = 0; i < 6; ++i)
      pixels.bytes.push_back(static_cast<std::uint8_t>((r * 37 + i * 91 + r % 2 * i * 11) % 256));
    size.numbers.push_back(r * 7 % 23);
    label.numbers.push_back(r % 2);
  }
  label.integers = true;
  table.columns = {pixels, label};
  if (with_number) table.columns.push_back(size);
  return table;
}

TEST(Record, takes_the_pixels_of_an_image_alone_or_beside_other_columns) {
  for (const bool with_number : {false, true}) {
    const Table table = image_table(with_number);
    Model model{Flatten{}, Dense{4, relu}, Dense{2, softmax}};
    if (with_number) model = Model{Dense{4, relu}, Dense{2, softmax}};
    fit(model, split(table, {.target = "label", .preprocess = {.task = Task::classification}}), {.epochs = 2});
    const Tensor<double> expected = predict_proba(model, model.preprocessor->transform(table, false));
    Record record(model);
    const int pixels = record.index("pixels");
    EXPECT_EQ(refusal([&] { record.predict(); }).code(), "D14");
    for (std::int64_t r = 0; r < table.rows; ++r) {
      const std::uint8_t* const bytes = table.columns[0].bytes.data() + 6 * r;
      record.set(pixels, std::vector<double>(bytes, bytes + 6));
      if (with_number) record.set(record.index("size"), table.columns[2].numbers[static_cast<std::size_t>(r)]);
      const Answer answer = record.predict();
      for (std::int64_t c = 0; c < 2; ++c)
        EXPECT_EQ(answer.probabilities[static_cast<std::size_t>(c)], expected.view()(r, c)) << "row " << r;
    }
    EXPECT_EQ(refusal([&] { record.set(pixels, std::vector<double>(5)); }).code(), "U20");
    EXPECT_EQ(refusal([&] { record.set(pixels, 3.0); }).code(), "U20");
    EXPECT_EQ(refusal([&] { record.set(pixels, "3"); }).code(), "U20");
    for (const double wrong : {-1.0, 256.0, 0.5, std::nan("")}) {
      EXPECT_EQ(refusal([&] { record.set(pixels, std::vector<double>(6, wrong)); }).code(), "D12");
    }
  }
}

TEST(Record, an_unknown_column_name_is_refused_with_the_nearest_one) {
  const Model model = classifier();
  const Record record(model);
  EXPECT_EQ(record.columns(), 5);
  const Error near = refusal([&] { record.index("color"); });
  EXPECT_EQ(near.code(), "D11");
  EXPECT_STREQ(near.what(), "the model uses no column \"color\"");
  EXPECT_EQ(near.details(), std::vector<std::string>{"did you mean \"colour\"?"});
  const Error far = refusal([&] { record.index("xyz"); });
  ASSERT_EQ(far.details().size(), 1u);
  EXPECT_EQ(far.details()[0].find("columns: "), 0u) << far.details()[0];
}

TEST(Record, an_index_out_of_range_is_refused) {
  const Model model = classifier();
  Record record(model);
  for (const int column : {-1, 5}) {
    const Error error = refusal([&] { record.set(column, 1.0); });
    EXPECT_EQ(error.code(), "U20");
    EXPECT_EQ(error.what(), fmt::format("a record of this model has the columns 0 to 4, got {}", column));
    EXPECT_EQ(refusal([&] { record.set(column, "red"); }).code(), "U20");
    EXPECT_EQ(refusal([&] { record.set_missing(column); }).code(), "U20");
  }
}

TEST(Record, values_without_meaning_in_their_column_are_refused) {
  const Model model = classifier();
  Record record(model);
  const auto told = [&](const std::string& column, const auto& cell) {
    const Error error = refusal([&] { record.set(record.index(column), cell); });
    EXPECT_EQ(error.code(), "D12") << column;
    return std::string(error.what());
  };
  EXPECT_EQ(told("size", std::string_view("large")), "column \"size\": \"large\" is not a number");
  EXPECT_EQ(told("size", std::string_view("inf")), "column \"size\": \"inf\" is not a number");
  EXPECT_EQ(told("garden", 2.0), "column \"garden\": \"2\" is neither 0 nor 1");
  EXPECT_EQ(told("garden", std::string_view("perhaps")).find("column \"garden\": \"perhaps\" is neither of "), 0u);
  EXPECT_EQ(
      told("sold", std::string_view("2023-02-30")).find("column \"sold\": \"2023-02-30\" is not a date of the form "),
      0u);
  // A refused value changes nothing.
  Record other(model);
  const Answer a = record.predict(), b = other.predict();
  for (std::size_t c = 0; c < 3; ++c) EXPECT_EQ(a.probabilities[c], b.probabilities[c]);
}

TEST(Record, a_number_too_far_from_the_training_data_is_refused) {
  const Model model = classifier();
  Record record(model);
  const Error error = refusal([&] { record.set(record.index("size"), 1e300); });
  EXPECT_EQ(error.code(), "D15");
  EXPECT_EQ(std::string(error.what()).find("column \"size\": 1e+300 is too far outside the training range"), 0u)
      << error.what();
}

TEST(Record, a_missing_cell_is_refused_if_the_model_refuses_missing_cells) {
  auto rows = make_rows(300, 1);
  for (auto& row : rows) {
    for (std::size_t c = 0; c < row.size(); ++c) {
      if (row[c].empty()) row[c] = std::vector<std::string>{"50", "red", "no", "2020-01-01", "k1"}[c];
    }
  }
  const Model model =
      train(csv_of(rows, ",y", label), "y", {Dense{3, softmax}}, TargetScaling::standard, MissingCells::error);
  Record record(model);
  set_row(record, rows[0], false);
  EXPECT_EQ(record.predict().probabilities.size(), 3u);
  record.set_missing(record.index("size"));
  const Error error = refusal([&] { record.predict(); });
  EXPECT_EQ(error.code(), "D14");
  EXPECT_STREQ(error.what(), "column \"size\": the cell is missing");
}

TEST(Record, a_model_without_a_preprocessor_or_changed_since_is_refused) {
  Model plain{Dense{2}};
  plain.build(Shape{3});
  EXPECT_EQ(refusal([&] { Record record(plain); }).code(), "U20");
  Model model = classifier();
  Record record(model);
  model.add(Dense{3, softmax});
  EXPECT_EQ(refusal([&] { record.predict(); }).code(), "U24");
}

TEST(Record, an_output_that_is_not_finite_is_an_error) {
  Model model = classifier();
  for (float& w : model.parameter("dense1.weight").values()) w = std::numeric_limits<float>::max();
  Record record(model);
  set_row(record, {"3000", "red", "yes", "2023-04-05", "k3"}, false);
  EXPECT_EQ(refusal([&] { record.predict(); }).code(), "D39");
}

}  // namespace
}  // namespace pellucid
