// The rows of a training: read from files or a sample, and split for a seed.
// Not here: what is learned from them (build.h).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "pellucid/preprocess.h"
#include "pellucid/recipe.h"
#include "pellucid/table.h"
#include "pellucid/train_table.h"

namespace pellucid {

/// Settings of reading from text and back. Throw U02 with what is taken; parse_kinds for a kind that does not exist.
std::map<std::string, AskedKind> parse_kinds(const std::string& text);
char parse_delimiter(const std::string& text);
std::string delimiter_text(char delimiter);
char parse_quote(const std::string& text);  ///< '\0': none
std::string quote_text(char quote);
ImageSize parse_image_size(const std::string& text);
std::string image_size_text(ImageSize size);
/// Seconds from "90s", "2m", "1.5h", "90" or "none" (0), and back. Throws U02.
double parse_duration(const std::string& text);
std::string duration_setting_text(double seconds);

/// How settings say a file is to be read. Throws U02 on a delimiter, kind or image size that is none.
ReadOptions read_options(const Recipe& settings);
/// What --na (lists of words) and --no-na say.
MissingWords missing_words_of(const std::vector<std::string>& na, bool no_na);
/// Images of a further file are made like those of this shape: 28x28 grey, 32x32x3 colour. Other shapes change nothing.
void want_images(ReadOptions& options, const Shape& shape);
/// For this table: what is asked for as a target is a column of this name, or else several with commas between.
PreprocessOptions preprocess_options(const Recipe& settings, const Table& table);

/// Whether the model reads the column as words and not as numbers.
bool takes_words(const FittedColumn& column);
/// Adds to `options` how cells were read in training: the formats of numbers and dates, and the words that mean a
/// missing value. What `options` contains already is kept.
void read_as_trained(ReadOptions& options, const Preprocessor& preprocessor);
/// The same, and the kind of every column that the model needs, for a reader that reads all rows at once.
ReadOptions options_to_predict(const Preprocessor& preprocessor, ReadOptions options);

/// The rows of a shipped sample.
TrainTable sample_table(const std::string& file, std::string_view csv, const Recipe& settings);

/// `fold` counts for --folds only. Throws U06 for settings that exclude each other, and as plan_split.
SplitPlan make_plan(const TrainTable& data, const Recipe& settings, std::uint64_t seed, std::int64_t fold = 0);
/// The datasets that a training reads: training and validation rows, with cross-fitting those of every fold.
std::vector<Dataset*> learned_parts(Split& split);
/// Gives the rows of the datasets their weights from data.weights. Throws U20, U06.
void set_row_weights(Split& split, const TrainTable& data, const Recipe& settings);
/// The plan with its datasets; the table stays.
Split make_split(const TrainTable& data, const Recipe& settings, std::uint64_t seed, std::int64_t fold = 0);

}  // namespace pellucid
