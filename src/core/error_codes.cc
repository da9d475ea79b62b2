// The table of error and finding codes. The meaning of a code never changes.
// Not here: the Error class (core/error.cc).
#include "core/error_codes.h"

namespace pellucid {

namespace {

constexpr CodeInfo table[] = {
    {"U01", "unknown flag", "The command has no flag with this name.", "See `pellucid help COMMAND`."},
    {"U02", "bad flag value", "The value of the flag has the wrong form or is out of range.",
     "The message names the value and what is allowed."},
    {"U03", "unknown command", "There is no command with this name.", "See `pellucid --help`."},
    {"U04", "not in this version", "The command is planned; this version does not have it.", "See CHANGELOG.md."},
    {"U05", "bad configuration",
     "A configuration file, a setting given as text or a data catalogue has one or more mistakes; the message lists "
     "all of them.",
     "Correct them."},
    {"U06", "contradictory flags", "Two flags contradict each other.", "Remove one of them."},
    {"U10", "name already in use", "A kind with this name is already registered.", "Choose another name."},
    {"U11", "unknown kind",
     "There is no activation, layer, loss, optimizer, initializer, schedule or metric with this name.",
     "The message lists the known names."},
    {"U12", "setting out of range", "The value of a setting is out of range.", "The message shows the range."},
    {"U20", "sizes do not match", "Two counts or shapes must be equal but are not; the message shows both.",
     "Correct the call."},
    {"U21", "model not ready",
     "The model has no parameters yet. It gets its input shape, and with it the parameters, from fit(), build() or "
     "load().",
     "Call one of them first."},
    {"U22", "no gradient", "A layer of the model (hard_threshold) has no derivative, so the model cannot be trained.",
     "Use another activation, or set the weights by hand."},
    {"U23", "no such value",
     "There is no value with this name, or it was not listed in `keep` before the model was compiled.",
     "The message lists the names."},
    {"U24", "model changed while in use",
     "A predictor or a training refers to a model whose layers or parameters were replaced, or that was moved, "
     "assigned to or destroyed; or the predictor itself was moved from. A predictor follows a parameter to which a "
     "tensor of the same shape was assigned.",
     "Make a new predictor after such a change; write new numbers into existing parameters instead of replacing them."},
    {"U25", "model not finite",
     "A parameter of the model is NaN or infinite. Its predictions would be meaningless, and its file would be "
     "refused.",
     "Train again with a smaller learning rate, or correct the numbers that were written into the parameter."},
    {"U26", "no gradients to use",
     "A Stepper was asked for something that its last call did not make: update() or gradient() without gradients, "
     "backward() without forward(), input_gradient() without StepOptions::input_gradient, or step() while gradients "
     "wait for update().",
     "Call gradients() first, then update(); set StepOptions::input_gradient = true for the gradient of the input."},
    {"U27", "training has ended",
     "A Trainer was asked for another epoch after its training had ended: all epochs are done, it stopped early, or it "
     "failed.",
     "Look at done() before epoch(). To train longer, make another Trainer; with FitOptions::resume it continues."},
    {"U28", "nothing to train", "Every parameter of the model is frozen, so training would change nothing.",
     "Let a layer be trained again: model.freeze(name, false)."},
    {"U29", "cannot be exported",
     "The model has something that the export cannot write: a layer, an activation or a loss of your own, a layer that "
     "is too large for the format, or a column of words where the file takes only numbers. The message names it.",
     "Give a layer of your own the function express() (pellucid/expression.h), or replace the layer."},
    {"U30", "output exists", "The output folder or file already exists.", "Choose another name, or use `force`."},
    {"U31", "resumed with different settings",
     "A resumed run gives the same result as an uninterrupted one, so its settings must not change. The message names "
     "the settings that differ. Settings that change no weight may differ: `threads`, `memory`, `repeat`, `calibrate`, "
     "`threshold`, `no_report`, `no_health` and `no_test_rows`. `patience` and `patience_factor` may be larger, and so "
     "may `epochs` unless "
     "the "
     "schedule is planned over all epochs.",
     "Leave out the settings that the message names, or train a new run with them."},
    {"U32", "run in use", "Another pellucid process is writing to this run's folder.",
     "Wait until it has finished, or choose another `name`."},
    {"U33", "heads, losses and targets that do not fit",
     "The heads of the model, their losses and the targets of the data do not fit each other, or a loss of your own is "
     "used where it is not defined. The message names the head or the loss.",
     "Correct the heads (Model::set_heads) or the loss."},
    {"U34", "members cannot be trained",
     "Members are nets with drawn settings that are trained side by side and chosen by the validation rows. They "
     "cannot "
     "start from another model's weights, they need validation rows, and `vary` takes only settings that members can "
     "draw. The message says which of these is the reason.",
     "Follow the message, or train a single net: `members = 1`."},
    {"U35", "setting without effect",
     "A setting was given that this training does not use: it belongs to another optimizer, schedule or loss, or to a "
     "part that the net does not have. Nothing that is asked for is ignored without a word.",
     "Leave the setting out, or choose what it belongs to; the message says which."},
    {"U36", "setting not decided yet", "The value of a setting was asked for while it is \"auto\".",
     "Resolve the recipe first, or ask is_auto()."},
    {"U37", "not in this build", "The library was built without something that this function needs.",
     "Build it again with the option that the message names."},
    {"U38", "cannot be imported",
     "The file of another program is whole, but contains something for which pellucid has no layer: an operator, an "
     "attribute, a type. The message names it.",
     "docs/import.md lists what can be imported. Replace the layer in the program that made the net, and export "
     "again."},
    {"U39", "call refused",
     "A function of the C interface was given a null pointer, or a buffer that is too small; or a request to "
     "`pellucid serve` is not as docs/serve.md describes it.",
     "The message names the argument or the part of the request."},
    {"D10", "cannot open", "The data file does not exist, is a directory, is empty or cannot be read.",
     "Check the path."},
    {"D11", "no such column", "The table has no column with this name; or no target was given and none can be guessed.",
     "Name the target with `target`."},
    {"D12", "not a number",
     "Nearly all cells of a column are numbers, but some are not or are ambiguous (1,234); or a column of dates or "
     "booleans contains a cell of another kind.",
     "Correct the cells, or set the kind of the column: `kind = COLUMN=categorical`, number, decimal-comma or "
     "day-first."},
    {"D13", "ragged row", "A row has more or fewer fields than the header.",
     "Look for a stray quote or delimiter in that row."},
    {"D14", "missing cell", "A cell is missing, and `missing = error` does not allow that.",
     "Fill the cell, or choose `missing = median`, mean, most-frequent or drop."},
    {"D15", "infinite cell", "A cell is infinite, or too large for a floating-point number.", "Correct the cell."},
    {"D16", "damaged data file", "The file is truncated, contains binary data instead of text, or contradicts itself.",
     "Download it again."},
    {"D17", "nothing to learn", "The table has no rows, the target has only one class, or a label is out of range.",
     "Check the target column."},
    {"D18", "target missing", "Some rows have no value in the target column.",
     "Remove these rows, or fill in the target."},
    {"D19", "cannot split",
     "There are too few rows, or too few rows of a class, for training, validation and test splits.",
     "Use `val_split = 0` or `test_split = 0`, or provide more rows."},
    {"D20", "columns differ", "The data lack columns that the model was trained on.",
     "Name the columns as in training. Their order does not matter, and additional columns are ignored."},
    {"D21", "model file refused",
     "The file is damaged, truncated, not a pellucid model (or, in an import, not of the format that its name says), "
     "or "
     "written by a newer version.",
     "Train or export again, or use the version that wrote it."},
    {"D22", "far from the training data",
     "The values of a column are far from those seen in training, single values are far outside the training range, "
     "some categories are unknown to the model, or the distribution of the test rows differs from training.",
     "Check the unit and the spelling of the column. The model's score holds only for rows like its test rows."},
    {"D23", "duplicate column name", "Columns are identified by name, and two columns of the table have the same name.",
     "Rename one of them in the file's header."},
    {"D24", "not the expected file",
     "A download has another size or SHA-256 than the catalogue says; it was discarded.",
     "Try again later. If the error persists, tell the publisher, or set PELLUCID_FETCH_MIRROR to a mirror."},
    {"D25", "data set not found", "The data set is in none of the data folders.",
     "Download it with `pellucid fetch NAME`, or set PELLUCID_DATA to the folder that contains it."},
    {"D26", "images differ in size or colour",
     "The images differ in size or colour from each other or from those the model was trained on. A model needs images "
     "of one size and one colour mode.",
     "Set the size with `image_size` (images are resized), and grey or colour with `image_color`."},
    {"D27", "image cannot be read",
     "The image has an unsupported format (GIF, WebP, HEIC …) or encoding, or more pixels than allowed.",
     "Convert it to PNG or baseline JPEG, or make it smaller."},
    {"D28", "numbers with separators or units",
     "The numbers of a column have thousands separators, decimal commas or a unit ($1,200; 1.234,5; 45%); they are "
     "read as numbers.",
     "Nothing to do. `kind = COLUMN=categorical` treats them as categories instead."},
    {"D29", "whole numbers treated as categories",
     "A column has few different whole numbers and a name that suggests codes (…code, …type, …id), so each number "
     "becomes a category.",
     "Nothing to do. `kind = COLUMN=number` treats them as numbers instead."},
    {"D30", "rare categories merged",
     "Some categories of a column have too few training rows to be learned. They are merged into the category "
     "\"other\", which also stands for categories that training did not see.",
     "Nothing to do. `rare = N` sets how many rows a category needs; `rare = 1` keeps every category."},
    {"D31", "unbalanced classes",
     "One of two classes has less than 15 % of the rows. A model that always predicts the other class would be right "
     "nearly every time, so accuracy says little; the F1 score of the rare class says more.",
     "`threshold = auto` chooses the decision threshold that serves both classes best; `class_weights = balanced` "
     "gives "
     "the rare class more weight in training."},
    {"D32", "skewed target",
     "The target has no negative values, most values are small and a few are very large, and their logarithms are "
     "nearly symmetric. The columns may then explain factors rather than differences.",
     "Nothing to do. `target_scale = log` learns the logarithm, so that an error by the same factor counts the same "
     "for "
     "small and large values; this does not necessarily lower the RMSE."},
    {"D33", "targets that need separate models",
     "One model can learn several targets if all are numbers, or if all have two classes. These targets mix both, or "
     "one of them has three or more classes.",
     "Train one model per target. If numbers were mistaken for classes, use `task = regression`."},
    {"D34", "column of nearly numbers or dates",
     "At least half of a column's cells are numbers or dates, but not all are; or they are written in different ways; "
     "or day and month cannot be told apart. The column is treated as categories, which loses most of its information.",
     "Use `na = COLUMN:WORD` if a word means that the value is missing; correct cells that are mistakes; use "
     "`kind = COLUMN=day-first` (or month-first) for dates; `kind = COLUMN=categorical` keeps categories without this "
     "warning."},
    {"D35", "related rows in different splits",
     "Rows are split at random, but a column contains dates, or identifies patients, customers or the like that have "
     "several rows each. Test rows then come from the same days or the same patients as training rows, and the score "
     "is better than it will be for later days or other patients.",
     "`time = COLUMN` tests on the latest rows; `group = COLUMN` keeps rows with the same value in the same split; use "
     "`drop = COLUMN` if neither matters."},
    {"D36", "values that may not be missing",
     "Some cells are treated as missing but may not be: the few cells of a date column that are not dates, or NA in a "
     "text column where it may be a word (Namibia).",
     "Correct the cells that are mistakes; `no_na` treats only blank cells as missing."},
    {"D37", "several spellings of one class",
     "Classes of the target are spelled in several ways (True, TRUE, 1; Ja, ja), or differently than in training. They "
     "are merged under the spelling that most training rows use.",
     "Nothing to do. `kind = TARGET=categorical` makes every spelling its own class."},
    {"D38", "target that cannot be learned",
     "The target differs in every row, is an ID, a date or free text, or is a number but has words in some cells.",
     "Choose another `target`, or say what it means: `na = WORD` for words that stand for a missing value, "
     "`task = classification` or `task = regression`."},
    {"D39", "prediction not finite",
     "The model's output for a row is not a finite number, because a cell is so far from the training data that the "
     "calculation overflows.",
     "Correct the cell or its unit."},
    {"D01", "repeated rows", "Some rows are equal in every column, or test rows repeat training rows.",
     "A few do no harm. With many, the same row is in training and in test, and the score is too good."},
    {"D02", "leakage",
     "One column alone predicts the target nearly perfectly, or two or three columns add up to it. Such columns are "
     "often recorded after the target and are unknown when a prediction is needed.",
     "Remove them with `drop`, unless they are known before the target."},
    {"D03", "small class", "A class has too few rows to be learned or evaluated.",
     "Collect more rows, or remove the class."},
    {"D04", "constant column",
     "A column has the same value in all training rows. It carries no information and is multiplied by 0.",
     "Nothing to do; `drop = COLUMN` removes it."},
    {"D05", "column not used",
     "The model does not use this column: it is a text column with a different value in nearly every row (names, IDs), "
     "has dates that cannot be read reliably, is a number that is an ID, or has no value in the training rows.",
     "Nothing to do. `kind = COLUMN=categorical` uses it as categories, `kind = COLUMN=number` as a number."},
    {"D06", "column that looks like an ID",
     "The column has whole numbers that never repeat and that count, rise, fall or have equal length. It is probably a "
     "row number or an ID.",
     "Remove it with `drop = COLUMN`: it says nothing about a new row."},
    {"D08", "nearly constant column", "At least 99.5 % of the column's cells are equal, so it can contribute little.",
     "Nothing to do; `drop = COLUMN` removes it."},
    {"D07", "labels that may be wrong",
     "The model gave the labels of some training rows a low probability throughout training: they may be mislabelled, "
     "or are hard to predict. `suspects` in report.json ranks them, and the report page shows them.",
     "Look at them, correct or remove the wrong ones, and train again."},
    {"D43", "no interval of this level",
     "A prediction interval or set was asked for, and the model was trained without validation rows, with too few of "
     "them for this level, or by an earlier version of pellucid.",
     "Ask for a lower level: 0.9 needs 9 validation rows, 0.99 needs 99. Or train again with validation rows."},
    {"D44", "soft targets that are no probabilities",
     "The columns or the file of `soft_target` hold for each row one probability per class. A number is missing or not "
     "between 0 and 1, or the numbers of a row do not have the sum 1 (within 0.001).",
     "Correct the row that the message names."},
    {"D45", "category spelled differently",
     "A word differs from one of the model's categories only in blanks, the encoding of accents, leading zeros or zero "
     "decimals of a whole number (021, 21.0), or letter case. It is treated as that category.",
     "Nothing to do if it means the same; otherwise spell the words as in training."},
    {"D46", "evaluation on training rows",
     "Some rows to be evaluated equal training rows in every column that the model uses. A score on rows that the "
     "model has already seen says nothing about new rows.",
     "Evaluate on rows that were not used in training. The run's report contains the score on its own test rows."},
    {"D47", "empty row or column",
     "A row has no value in any column that the model uses, or a column has no value at all.",
     "Check that all columns of the file are filled as in training."},
    {"D50", "text that is not UTF-8",
     "The text of the file has another encoding, recognised by its first bytes: UTF-16, or Windows-1252 as Excel "
     "writes it.",
     "Nothing to do if the words look right; otherwise set the encoding with `encoding`."},
    {"D51", "lines that are not rows",
     "Some lines of the file are not rows: titles above the header, units below it. Or the file has row names without "
     "a column name, or blank lines in its only column.",
     "Nothing to do if the note is right; `skip_rows = N` skips exactly N lines."},
    {"D52", "rows inside a quoted cell",
     "A quote opens in one row and closes many lines later, and the lines in between look like rows of the table.",
     "`quote = none` reads quotes as text; `quote = \"` reads the lines as one cell, as they are written."},
    {"D53", "classes missing from the training rows",
     "With `time` the model is trained on the earliest rows, and one class of the target occurs only in later rows, so "
     "it cannot be learned.",
     "Remove the rows of that class, merge it with another class, or split at random, which trains on every class."},
    {"D54", "soft targets that do not fit the table",
     "A class has no column among the soft targets, or the rows of their file and of the table cannot be joined: other "
     "numbers of rows, or a key that is missing, repeated or unknown.",
     "Write them for the same rows: pellucid predict MODEL DATA --proba -o FILE; `soft_key = COLUMN` joins by a key."},
    {"D40", "run refused", "The run's report.json was written by a newer version or by another program.",
     "Use the version of pellucid that wrote it, or train again."},
    {"D41", "runs that cannot be compared",
     "The runs have different targets, or one predicts classes and the other numbers.",
     "Compare runs with the same target."},
    {"D42", "resumed with different data",
     "A resumed run gives the same result as an uninterrupted one, so it needs the same rows: the same cells, columns, "
     "classes and order. The message names the columns that differ.",
     "Provide the data it was trained on, or train a new run without `resume`."},
    {"H01", "training diverged",
     "The loss or a gradient is not finite any more. Training stopped and kept the last good weights; the finding "
     "names the layer with the largest gradient.",
     "As for N01: a smaller `learning_rate`, scaled columns, `clip_norm = 1`."},
    {"H02", "dead units",
     "Some units of a hidden layer give the same output for every row of the sample. They pass no information on, and "
     "their weights get no gradient. This is a note from 10 % of a layer on, a warning above 50 %.",
     "A smaller `learning_rate`, or `activation = leaky_relu`. If only few units are dead, nothing to do."},
    {"H03", "vanishing gradient",
     "After the first epoch, the gradient of the first layer's weights is less than a thousandth of the last layer's, "
     "so the first layers hardly learn.",
     "`activation = relu` or gelu instead of sigmoid, fewer layers, or another `init`."},
    {"H04", "saturated units",
     "After the first epoch, more than half of a layer's sigmoid or tanh outputs are near an end of their range, where "
     "the slope is less than 8 % of its maximum.",
     "Scale the columns (`scale = standard`), or use smaller initial weights."},
    {"H05", "step size",
     "In the first epoch, one step changes the weights of every layer by an unusual share of their size: more than 3 % "
     "makes training erratic, less than 0.001 % hardly changes anything.",
     "A smaller or larger `learning_rate`, as the finding says."},
    {"H06", "nothing learned",
     "After three or more epochs, the training loss is less than 2 % below that of the best constant prediction (the "
     "class frequencies, the mean of the target).",
     "Another `learning_rate` or more epochs; check whether the columns can predict the target at all."},
    {"H07", "overfitting",
     "The model is better on training rows than on validation rows, by more than 10 points of accuracy or 0.1 of R², "
     "and by more than chance explains. This is only a note if just the validation loss rose by 10 % after its best "
     "epoch, whose weights were kept.",
     "More rows, `l2`, `dropout`, or fewer units; a note needs no action."},
    {"N01", "loss not finite", "The loss became NaN or infinite. Training stopped; the last good weights were kept.",
     "Lower the learning rate, scale the inputs, or clip gradients: `clip_norm = 1`."},
    {"M01", "cannot write",
     "The output cannot be written: no permission, no such folder, or a file in place of a folder.",
     "Choose another folder with `out`."},
    {"M02", "not enough memory", "The operation needs more memory than the machine or its container has.",
     "Use smaller layers or batches."},
    {"M03", "no space", "The disk is full, or a file would exceed the size limit. No partial file was left.",
     "Free some space, choose another folder with `out`, or set TMPDIR for temporary files."},
    {"M04", "cannot fetch", "None of the file's addresses could be reached, or none sent all of it.",
     "Check the network and the proxy variables (https_proxy), then run the command again; it continues where it "
     "stopped."},
    {"P01", "internal error", "pellucid reached a state that should be impossible. This is a bug.",
     "Please report it together with the command."},
};

}  // namespace

std::span<const CodeInfo> code_table() {
  return table;
}

}  // namespace pellucid
