// The description of every setting: name, help, range, unit, words.
// Not here: the names a setting goes by elsewhere (setting_names.cc), reading one from text (set_setting.cc).
#include "pellucid/recipe.h"

#include "core/shell.h"
#include "core/text.h"
#include "pellucid/error.h"
#include "recipe/data.h"
#include "recipe/described.h"
#include "recipe/kind_settings.h"

namespace pellucid {
namespace {

constexpr Range at_least_one{1};
// What stands for a number that may be auto, as `unit`.
constexpr const char* whole_unit = "auto|N";
constexpr const char* real_unit = "auto|X";

void describe_names(Fields& f, const FieldInfo& info, std::vector<std::string>& names) {
  describe_as_text(
      f, info, names,
      [](const std::vector<std::string>& list) {
        std::vector<std::string> texts;
        for (const std::string& name : list) texts.push_back(list_name(name));
        return join(texts, ",");
      },
      [](const std::string& text) { return split_names(text); });
}

void describe_kinds(Fields& f, const FieldInfo& info, std::map<std::string, AskedKind>& kinds) {
  describe_as_text(
      f, info, kinds,
      [](const std::map<std::string, AskedKind>& map) {
        std::vector<std::string> texts;
        for (const auto& [column, kind] : map) texts.push_back(list_name(column) + "=" + std::string(text_of(kind)));
        return join(texts, ",");
      },
      [](const std::string& text) { return parse_kinds(text); });
}

void describe_activation(Fields& f, const FieldInfo& info, Auto<Activation>& activation) {
  describe_as_text(
      f, info, activation, [](const Activation& a) { return a.text(); },
      [](const std::string& text) { return Activation::parse(text); });
}

void describe_reading(DataSettings& s, Fields& f) {
  describe_as_text(f, {"delimiter", "character between the cells, or the word tab", {}, "CHAR"}, s.delimiter,
                   delimiter_text, parse_delimiter);
  describe_as_text(
      f, {"header", "whether the first line names the columns", {}, "", "auto|yes|no"}, s.header,
      [](bool yes) { return std::string(yes ? "yes" : "no"); }, [](const std::string& text) { return text == "yes"; });
  f.field(
      {"skip_rows", "lines to skip above the header; auto: titles and units are recognised", not_negative, whole_unit},
      s.skip_rows);
  describe_as_text(f, {"quote", "character around quoted cells; none: quotes are text; auto: \"", {}, "auto|none|CHAR"},
                   s.quote, quote_text, parse_quote);
  describe_text(f,
                {"encoding",
                 "encoding of the file; auto: UTF-8, or Windows-1252 if it is not UTF-8",
                 {},
                 "",
                 "auto|utf-8|cp1252|utf-16"},
                s.encoding);
  describe_as_text(f, {"image_size", "size to which images are resized, height x width", {}, "auto|HxW"}, s.image_size,
                   image_size_text, parse_image_size);
  describe_words(f,
                 {"image_color", "read images as grey or colour; auto: grey if all are grey", {}, "", "auto|grey|rgb"},
                 s.image_color);
}

void describe_data(DataSettings& s, Fields& f) {
  f.field({"data", "table, archive or folder of images to train on", {}, "DATA"}, s.file);
  f.field({"target", "column to predict, or several (default: label, target, class or y)", {}, "COL,…"}, s.target);
  describe_words(f, {"task", "whether to predict a class or a number", {}, "", "auto|classification|regression"},
                 s.task);
  describe_names(f, {"drop", "columns to leave out", {}, "COL,…"}, s.drop);
  describe_kinds(f, {"kind", "read columns as number, categorical, boolean, date, drop …", {}, "COL=KIND,…"}, s.kind);
  f.field({"val_split", "share of the rows for validation", fraction, "X"}, s.val_split);
  f.field({"test_split", "share of the rows for the final test", fraction, "X"}, s.test_split);
  f.field({"val", "file with the validation rows", {}, "FILE"}, s.val);
  f.field({"test", "file with the test rows", {}, "FILE"}, s.test);
  f.field({"soft_target",
           "columns with the probabilities of the classes, such as p_*, or a file of predictions to learn from",
           {},
           "PATTERN|FILE"},
          s.soft_target);
  f.field({"soft_key", "column that joins the rows of the soft_target file (default: row order)", {}, "COL"},
          s.soft_key);
  f.field({"group", "rows with the same value in this column stay in the same split", {}, "COL"}, s.group);
  f.field({"time", "train on the earliest rows by this column, test on the latest", {}, "COL"}, s.time);
  f.field(
      {"split_column", "the words train, validation and test in this column say in which split a row is", {}, "COL"},
      s.split_column);
  describe_words(f, {"scale", "how numeric columns are scaled", {}, "", "auto|standard|minmax|robust|none"}, s.scale);
  describe_words(f, {"target_scale", "log: learn the logarithm of a numeric target", {}, "", "standard|log"},
                 s.target_scale);
  f.field({"clamp", "limit predicted numbers to the range of the training rows", {}, ""}, s.clamp);
  describe_words(f, {"missing", "what replaces a missing value", {}, "", "auto|error|mean|median|most-frequent|drop"},
                 s.missing);
  f.field({"na", "more words that mean a missing value; COL:WORD for one column", {}, "WORD,…"}, s.na);
  f.field({"no_na", "only blank cells and the words of `na` mean a missing value, not NA, null, none …", {}, ""},
          s.no_na);
  f.field({"rare", "categories with fewer training rows are merged into \"other\"", at_least_one, whole_unit}, s.rare);
  f.field({"one_hot", "one-hot up to N categories, a learned embedding above; 0: never embed", not_negative, "N"},
          s.one_hot);
  describe_words(
      f, {"class_weights", "balanced: all classes get the same total weight in the loss", {}, "", "none|balanced"},
      s.class_weights);
  describe_reading(s, f);
}

void describe_embeddings(ModelSettings& s, Fields& f) {
  f.field({"embedding_size", "learned numbers per category of an embedded column", at_least_one, "N"},
          s.embedding_size);
  describe_words(f,
                 {"number_embedding",
                  "learned features of each numeric column in place of the number; auto: none",
                  {},
                  "",
                  "auto|none|periodic|cosine|piecewise"},
                 s.number_embedding);
  f.field(
      {"number_embedding_size", "learned features per numeric column; auto: 3 (periodic) or 16", {1, 4096}, whole_unit},
      s.number_embedding_size);
  f.field({"number_embedding_scale",
           "standard deviation of the first frequencies of periodic and cosine features, in periods per unit of the "
           "scaled number; auto: 0.1",
           not_negative, real_unit},
          s.number_embedding_scale);
}

void describe_model(ModelSettings& s, Fields& f) {
  describe_words(
      f, {"preset", "default values for the other settings; auto: tabular for tables", {}, "", "auto|plain|tabular"},
      s.preset);
  describe_as_text(
      f,
      {"hidden", "hidden layers: units, or conv3x32,pool,128 for pictures; none: no hidden layer", {}, "auto|none|N,…"},
      s.hidden, hidden_text, parse_hidden);
  describe_activation(f, {"activation", "activation of the hidden layers", {}, "KIND"}, s.activation);
  f.field({"parametric_activation", "each hidden unit learns how much of the activation it uses", {}, ""},
          s.parametric_activation);
  describe_as_text(
      f, {"init", "weight initialisation", {}, "KIND"}, s.init, [](const Initializer& init) { return init.text(); },
      [](const std::string& text) { return Initializer::parse(text); });
  describe_words(
      f, {"parametrization", "ntk: each layer multiplies its weights by 1/√inputs", {}, "", "auto|standard|ntk"},
      s.parametrization);
  f.field(
      {"input_scale", "learnable scale per input; X multiplies its learning rate; 0: none", not_negative, real_unit},
      s.input_scale);
  describe_embeddings(s, f);
  f.field({"dropout", "share of the hidden units' outputs set to zero in training", fraction, "X"}, s.dropout);
  describe_words(f,
                 {"dropout_schedule",
                  "flat_cos: dropout falls to 0 in the second half of the training",
                  {},
                  "",
                  "constant|flat_cos"},
                 s.dropout_schedule);
  f.field({"l1", "adds l1 · sum of |weights| to the loss", not_negative, "X"}, s.l1);
  f.field({"l2", "adds l2 · half the sum of squared weights to the loss", not_negative, "X"}, s.l2);
  describe_choice(f, {"loss", "loss function to minimise", {}, "KIND"}, s.loss);
  describe_activation(f, {"output", "activation of the last layer", {}, "KIND"}, s.output);
  describe_words(f,
                 {"calibrate",
                  "calibrate probabilities on the validation rows (temperature scaling); auto: if the loss smooths "
                  "labels",
                  {},
                  "",
                  "auto|none|temperature"},
                 s.calibrate);
  f.field({"threshold", "decision threshold for the second of two classes", {0, 1, true, true}, real_unit},
          s.threshold);
  f.field({"distill", "hidden layers of a small net that learns the model's predictions", at_least_one, "none|N,…"},
          s.distill);
}

void describe_members(TrainingSettings& s, Fields& f) {
  f.field(
      {"members", "nets trained side by side, the best of them averaged into one model; auto: 1", {1, 256}, whole_unit},
      s.members);
  describe_as_text(
      f, {"vary", "settings that are drawn for each member; auto: those that a rule chose", {}, "auto|none|NAME,…"},
      s.vary, [](const std::vector<std::string>& names) { return names.empty() ? "none" : join(names, ","); },
      [](const std::string& text) { return text == "none" ? std::vector<std::string>() : split_names(text); });
  f.field({"cross_fit",
           "folds of the training and validation rows; each member is one net per fold; 0: off; auto: 4 for members of "
           "the preset tabular",
           {0, 20},
           whole_unit},
          s.cross_fit);
  describe_as_text(f, {"time_limit", "train members for about this long; none: no limit", {}, "none|90s|2m|1h"},
                   s.time_limit, duration_setting_text, parse_duration);
}

void describe_training(TrainingSettings& s, Fields& f) {
  f.field({"epochs", "passes over the training rows", at_least_one, whole_unit}, s.epochs);
  f.field({"batch_size", "rows per training step", at_least_one, whole_unit}, s.batch_size);
  f.field({"learning_rate", "learning rate", positive, real_unit}, s.learning_rate);
  describe_choice(f, {"optimizer", "optimizer", {}, "KIND"}, s.optimizer);
  f.field({"momentum", "momentum of the optimizers momentum and sgd", fraction, real_unit}, s.momentum);
  describe_choice(f,
                  {"schedule",
                   "how the learning rate changes during training",
                   {},
                   "",
                   "auto|constant|step|cosine|plateau|onecycle|coslog4|flat_cos"},
                  s.schedule);
  f.field({"clip_norm", "largest norm of the gradient; 0: no limit", not_negative, "X"}, s.clip_norm);
  f.field({"clip_value", "largest component of the gradient; 0: no limit", not_negative, "X"}, s.clip_value);
  f.field(
      {"patience", "epochs without a better validation loss before training stops; 0: never", not_negative, whole_unit},
      s.patience);
  f.field({"seed", "random seed of splits, first weights, shuffling and dropout", not_negative, "N"}, s.seed);
  f.field({"repeat", "number of trainings, with the seeds seed, seed+1, …", at_least_one, "N"}, s.repeat);
  f.field({"folds", "k-fold cross-validation; 0: off", not_negative, "N"}, s.folds);
  describe_members(s, f);
  f.field({"threads", "threads; 0: all CPUs; results are identical for any number", {0, 64}, "N"}, s.threads);
  describe_words(f,
                 {"metric",
                  "what the model is judged by; decides loss, label smoothing and best epoch",
                  {},
                  "",
                  "auto|accuracy|log_loss|roc_auc|rmse|mae|r2"},
                 s.metric);
  f.field({"patience_factor", "training stops after X times the best epoch plus `patience` epochs", at_least_one, "X"},
          s.patience_factor);
  describe_words(f,
                 {"decay_schedule",
                  "flat_cos: weight decay falls to 0 in the second half of the training",
                  {},
                  "",
                  "constant|flat_cos"},
                 s.decay_schedule);
  f.field({"min_delta", "how much lower a validation loss must be to count as better", not_negative, "X"}, s.min_delta);
  f.field({"keep_best", "keep the weights of the best epoch", {}, ""}, s.keep_best);
  describe_words(
      f, {"best_by", "what makes an epoch the best: validation loss, or accuracy (RMSE)", {}, "", "auto|loss|score"},
      s.best_by);
  f.field({"shuffle", "shuffle the rows in each epoch", {}, ""}, s.shuffle);
  f.field({"row_block", "rows whose gradients are computed and summed together", at_least_one, "N"}, s.row_block);
}

void describe_run(RunSettings& s, Fields& f) {
  f.field({"out", "folder for runs", {}, "DIR"}, s.out);
  f.field({"name", "name of the run (default: DATA-NNN)", {}, "NAME"}, s.name);
  f.field({"memory", "memory for data, the rest in temporary files; auto: half of the free memory", {}, "auto|SIZE"},
          s.memory);
  f.field({"resume", "continue an interrupted run", {}, "RUN"}, s.resume);
  f.field({"init_from", "start from the weights of a model", {}, "MODEL"}, s.init_from);
  f.field({"no_test_rows", "store no training rows in the model file for its self-test", {}, ""}, s.no_test_rows);
  f.field({"no_report", "write no report.html and no examples.json", {}, ""}, s.no_report);
  f.field({"no_health", "do not examine the layers during training", {}, ""}, s.no_health);
}

}  // namespace

void Recipe::describe(Fields& fields) {
  describe_data(data, fields);
  describe_model(model, fields);
  describe_training(training, fields);
  describe_run(run, fields);
}

}  // namespace pellucid
