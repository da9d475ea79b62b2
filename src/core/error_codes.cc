// The rows of the table of codes. A code keeps its meaning for good.
// Not here: where each code is thrown.
#include "core/error_codes.h"

namespace pellucid {

namespace {

constexpr CodeInfo table[] = {
    {"U01", "unknown flag", "The command has no flag of this name.", "See `pellucid help COMMAND`."},
    {"U02", "bad flag value", "The flag's value is not of the form or range it takes.", "The message names both."},
    {"U03", "unknown command", "There is no command of this name.", "See `pellucid --help`."},
    {"U04", "not in this version", "The command is planned; this version does not have it.", "See CHANGELOG.md."},
    {"U05", "bad configuration", "pellucid.toml, --set or a catalogue has one or more problems; all are listed.",
     "Mend them all."},
    {"U06", "flags that exclude each other", "Two flags were given of which only one can hold.", "Drop one."},
    {"U10", "name taken", "A kind of this name is registered already.", "Choose another name."},
    {"U11", "unknown kind", "No activation, layer, loss, optimizer, initializer, schedule or metric has this name.",
     "The message lists the known ones."},
    {"U12", "setting out of range", "A setting's value lies outside the range it is defined for.",
     "The message prints the range."},
    {"U20", "sizes that do not agree", "Two things that must have the same count or shape do not; both are printed.",
     "Mend the call."},
    {"U21", "model not ready",
     "The model has no parameters yet: it learns its input shape from fit(), build() or load().",
     "Call one of them first."},
    {"U22", "no gradient", "A layer of the model has no derivative (hard_threshold), so it cannot be trained.",
     "Use another activation, or set the weights by hand."},
    {"U23", "no such value", "No value of this name exists, or it was not named in `keep` before compile.",
     "The message lists the names."},
    {"U24", "model changed under its user",
     "A predictor or a training holds on to a model whose layers or parameters were replaced, or that was moved, "
     "assigned to or destroyed; or the predictor was moved from.",
     "Make a new predictor after a change; write numbers into parameters instead of replacing them."},
    {"U25", "model not finite",
     "A parameter of the model holds NaN or infinity: nothing it predicts would mean anything, and its file would be "
     "refused.",
     "Train again with a smaller learning rate, or mend the numbers that were put into it."},
    {"U30", "output exists", "The folder or file to be written exists already.", "Choose another name, or --force."},
    {"U31", "resumed with other settings",
     "A resumed run ends as if it had never been interrupted, so its settings stay what they were. The message names "
     "those "
     "that differ. Settings that touch no weight may change: --threads, --memory, --repeat, --calibrate, --threshold, "
     "the "
     "--no-... flags; --patience may be raised, and --epochs too unless the schedule is planned over all epochs.",
     "Leave the settings away that the message names, or train a new run with them."},
    {"U32", "run in use", "Another pellucid is writing into this run's folder.",
     "Wait until it has ended, or choose another --name."},
    {"U35", "setting without effect",
     "A setting was given that this training does not use: it belongs to another optimizer, schedule or loss, or to a "
     "part that the net does not have. Nothing that is asked for is ignored without a word.",
     "Leave the setting out, or choose what it belongs to; the message says which."},
    {"U36", "setting not decided yet", "The value of a setting was asked for while it is \"auto\".",
     "Resolve the recipe first, or ask is_auto()."},
    {"D10", "cannot open", "The data file does not exist, is a directory, is empty or cannot be read.",
     "Check the path."},
    {"D11", "no such column", "The named column is not in the table, or no target was named and none can be guessed.",
     "Name one with --target."},
    {"D12", "not a number",
     "A column is nearly all numbers, but some cells are not, or may be read in two ways (1,234); or a cell is no date "
     "or boolean in a column of those.",
     "Mend the cells, or say what the column is: --kind COLUMN=categorical, number, decimal-comma, day-first."},
    {"D13", "ragged row", "A row has more or fewer fields than the header.",
     "Look for a stray quote or delimiter there."},
    {"D14", "missing cell", "A cell is missing and --missing error was asked for.",
     "Fill it, or choose --missing median, mean, most-frequent or drop."},
    {"D15", "infinite cell", "A cell is inf or too large for a number.", "Mend the cell."},
    {"D16", "damaged data file", "The file is truncated, binary where text was expected, or contradicts itself.",
     "Fetch it again."},
    {"D17", "nothing to learn", "The table has no rows, the target has one class only, or a label is out of range.",
     "Check the target column."},
    {"D18", "target missing", "Rows have no value in the target column.", "Remove or fill those rows."},
    {"D19", "cannot split", "There are too few rows, or too few of a class, for training, validation and test parts.",
     "Set --val-split 0 or --test-split 0, or give more rows."},
    {"D20", "columns differ", "The data lacks columns that the model was trained on.",
     "Rename the columns as they were in training; order does not matter, further columns are ignored."},
    {"D21", "model file refused",
     "The file is damaged, truncated, not a pellucid model, or written by a newer version.",
     "Train again, or use the version that wrote it."},
    {"D22", "far from the training data",
     "A column's values lie far from those seen in training, single values are far outside the training range, words "
     "are unknown to the model, or the test rows are distributed otherwise.",
     "Check the unit and the spelling of the column; the result holds for rows like the test rows only."},
    {"D23", "two columns of one name", "Columns are found by name, and two of the table have the same.",
     "Rename one of them in the file's header."},
    {"D24", "not the expected file",
     "An address gave a file of another size or SHA-256 than the catalogue says; nothing of it was kept.",
     "Try again later; if it stays, tell the publisher, or name a mirror in PELLUCID_FETCH_MIRROR."},
    {"D25", "data set absent", "The data set lies in none of the folders in which data sets are looked for.",
     "`pellucid fetch NAME` gets it, or PELLUCID_DATA names the folder it lies in."},
    {"D26", "images of several kinds",
     "Images differ in size or colour from each other, or from those the model was trained on, and a net takes one "
     "kind.",
     "Choose a size with --image-size (they are resized), grey or colour with --image-color."},
    {"D27", "image not read",
     "The image is of a format or kind that is not read (GIF, WebP, HEIC …), or claims more pixels than are taken.",
     "Make it a PNG or a usual JPEG, or smaller, first."},
    {"D28", "numbers with marks",
     "A column's numbers have marks of thousands, decimal commas or a unit ($1,200; 1.234,5; 45%), and are read so.",
     "Nothing need be done; --kind COLUMN=categorical keeps them as words."},
    {"D29", "whole numbers taken as codes",
     "A column is named as codes are (…code, …type, …id) and has few whole numbers: each becomes a category.",
     "Nothing need be done; --kind COLUMN=number keeps them as numbers."},
    {"D30", "rare words put together",
     "Words of a column that too few training rows have cannot be learned one by one: they share the category "
     "\"other\", to which words that training did not see fall as well.",
     "Nothing need be done; --rare N says how many rows a category needs, --rare 1 keeps every word."},
    {"D31", "unbalanced classes",
     "One of two classes has less than 15 % of the rows. Always saying the other is right nearly every time, so the "
     "accuracy tells little; F1 of the rare class tells more.",
     "--threshold auto says the rare class where that serves both classes best; --class-weights balanced counts its "
     "rows more in training."},
    {"D32", "skewed target",
     "The target's values are 0 or above, most of them small and a few very large, and their logarithms are nearly "
     "symmetric: factors rather than differences may be what the columns tell.",
     "Nothing need be done. --target-scale log learns the logarithm, so that being wrong by a factor counts the same "
     "for "
     "small and large values; a lower RMSE is not to be expected of it."},
    {"D33", "targets that cannot be learned together",
     "Several targets are learned by one net where all are numbers, or all have two classes (a question of yes or no "
     "each). These are of both sorts, or one has three classes or more.",
     "Learn them one at a time; numbers that were taken for classes are numbers with --task regression."},
    {"D34", "nearly numbers or dates",
     "At least half of a column's cells are numbers or dates, but not all, or they are not all written in one way, or "
     "day and month cannot be told apart. The column is read as words, which says much less than its numbers.",
     "--na COLUMN:WORD where a word means that the value is missing; mend cells that are mistakes; --kind "
     "COLUMN=day-first (month-first) for dates; --kind COLUMN=categorical keeps it as words without this warning."},
    {"D35", "rows that belong together",
     "Rows are divided at random, but a column has dates, or names patients, customers or the like with several rows "
     "each. Test rows then lie between training rows of the same days or of the same patient, and the result is better "
     "than it will be for later days or other patients.",
     "--time COLUMN tests on the latest rows, --group COLUMN keeps the rows of a group in one part; --drop COLUMN "
     "where "
     "neither matters."},
    {"D36", "cells that may not be missing",
     "Cells count as missing that perhaps are not: the few cells of a date column that are no dates, or NA in a column "
     "of words where it may be a word (Namibia).",
     "Mend the cells that are mistakes; --no-na counts only blank cells as missing."},
    {"D37", "spellings of one class",
     "Classes of the target are written in several ways (True, TRUE, 1; Ja, ja), or otherwise than in training. They "
     "are "
     "put together, under the most frequent spelling of the training rows.",
     "Nothing need be done; --kind TARGET=categorical makes every spelling a class of its own."},
    {"D38", "target that cannot be learned",
     "The target differs in every row, is an id, a date or free text, or it is a number with other words among its "
     "cells.",
     "Name another --target, or say how it is meant: --na WORD for words that mean nothing is known, --task "
     "classification or --task regression."},
    {"D39", "prediction not finite",
     "The model's output for a row is no finite number: a cell lies so far from the training data that the calculation "
     "overflows.",
     "Mend the cell, or its unit."},
    {"D01", "repeated rows", "Some rows of the table are equal in every column, or test rows repeat training rows.",
     "Nothing need be done for a few; many put the same row into training and test, and the result flatters."},
    {"D02", "leak",
     "One column alone tells the target, or two or three columns add up to it. Often they were written down after it, "
     "and will not be there when a prediction is wanted.",
     "--drop them, unless they are known before the target."},
    {"D03", "small class", "A class has too few rows to be learned or judged.", "Collect more, or drop the class."},
    {"D04", "constant column", "A column never varies in the training rows; it carries nothing and is multiplied by 0.",
     "Nothing need be done; --drop COLUMN removes it."},
    {"D05", "column left out",
     "A text column has nearly as many words as rows (names, ids) or dates that cannot be read for certain, a column "
     "of numbers is an id, or a column has no value in the training rows.",
     "Nothing need be done; --kind COLUMN=categorical keeps words as categories, --kind COLUMN=number numbers."},
    {"D06", "column that names rows",
     "Whole numbers that never repeat and count, rise, fall or are of one length: most likely a row's number or id.",
     "--drop COLUMN: such a number says nothing of a new row."},
    {"D08", "nearly constant column", "At least 99.5 % of the column's cells are equal; little can be learned from it.",
     "Nothing need be done; --drop COLUMN removes it."},
    {"D07", "labels in doubt",
     "The net gave some training rows' own labels a low probability all through the training: they are mislabelled, or "
     "hard. `suspects` in report.json ranks them, and the page shows them.",
     "Look at them; mend or drop those that are wrong, and train again."},
    {"D45", "category in another spelling",
     "A word differs from a category of the model only in blanks, the coding of accents, zeros of a whole number or "
     "letter case, and is taken for it.",
     "Nothing, if it means the same; else spell the words as in training."},
    {"D46", "rows that were trained on",
     "Rows to be judged equal training rows in every column that the model uses. A model knows such rows; how good it "
     "is on new ones they do not tell.",
     "Judge with rows of which none was trained on; the run has kept test rows aside, whose score is in its report."},
    {"D47", "nothing in a row or column",
     "A row holds no cell in any column that the model uses, or a column holds no cell at all.",
     "Check that the file has all columns filled as in training."},
    {"D50", "text that is not UTF-8",
     "The file is text in another encoding, which its first bytes tell: UTF-16, or Windows-1252 as Excel writes it.",
     "Nothing need be done where the words look right; --encoding names the encoding."},
    {"D51", "lines that are no rows",
     "Lines of the file are not read as rows: titles above the header, units below it; or a file has row names without "
     "a "
     "column name, or blank lines in its one column.",
     "Nothing need be done where they are what the note says; --skip-rows N passes over N lines and no others."},
    {"D52", "rows inside quotes",
     "A quote is opened in one row and closed many lines later, and the lines between look like rows of the table.",
     "--quote none reads quotes as text; --quote '\"' takes the lines as one cell, as they are written."},
    {"D53", "classes that come later",
     "With --time the earliest rows are trained on, and a class of the target occurs in later rows only, so that it "
     "cannot be learned.",
     "Remove the rows of the class or join it with another one; a random split trains on every class."},
    {"D40", "run refused", "The run's report.json is of a newer version, or another program wrote it.",
     "Use the pellucid that wrote it, or train again."},
    {"D41", "runs that cannot be compared", "The runs learned different targets, or one classes and one numbers.",
     "Compare runs that answer the same question."},
    {"D42", "resumed with other rows",
     "A resumed run ends as if it had never been interrupted, so it needs the rows it began with: the same cells, "
     "columns, "
     "classes and order of the rows. The message names the columns that differ.",
     "Give the data it was trained on, or train a new run: leave out --resume."},
    {"H01", "training ran away",
     "The loss or a gradient was no longer a finite number. Training stopped; the layer with the largest gradient is "
     "named, the last good weights are kept.",
     "As for N01: a smaller --lr, scaled columns, --clip-norm 1."},
    {"H02", "dead units",
     "Units of a hidden layer give the same output to every row that was looked at: nothing reaches the layers behind "
     "them, and no gradient reaches their weights. A note from 10 % of a layer on, a warning over 50 %.",
     "A smaller --lr, or --activation leaky_relu; with few dead units, nothing."},
    {"H03", "vanishing gradient",
     "After the first epoch the gradient of the first layer's weights is under a thousandth of the last layer's: what "
     "lies in front hardly learns.",
     "--activation relu or gelu instead of sigmoid, fewer layers, or another --init."},
    {"H04", "saturated units",
     "Over half of a layer's sigmoid or tanh outputs lie at an end of their range after the first epoch, where the "
     "slope is under 8 % of its greatest.",
     "Scale the columns (--scale standard); smaller first weights."},
    {"H05", "step size",
     "A step of the first epoch moves the weights of every layer by an unusual share of their size: over 3 % jumps "
     "about, under 0.001 % stands still.",
     "A smaller or larger --lr, as the finding says."},
    {"H06", "nothing learned",
     "After three epochs or more the training loss is not even 2 % below that of the best answer that does not look at "
     "the columns (the shares of the classes, the mean of the target).",
     "Another --lr, more epochs; look whether the columns tell the target at all."},
    {"H07", "overfitting",
     "The kept weights do better on training rows than on validation rows, by more than 10 points of accuracy or 0.1 "
     "of R² and more than chance explains. A note where only the validation loss rose by 10 % after its best epoch, "
     "which was kept.",
     "More rows, --l2, --dropout, fewer units; the note needs nothing."},
    {"N01", "loss not finite", "The loss became NaN or infinite. Training stops; the last good weights are kept.",
     "Lower the learning rate, scale the inputs, or clip gradients: --clip-norm 1."},
    {"M01", "cannot write",
     "The output cannot be written: no permission, no such folder, a file in the folder's place.",
     "Choose another folder with --out."},
    {"M02", "not enough memory", "What was asked for needs more memory than the machine or its container has.",
     "Use smaller layers or batches."},
    {"M03", "no space", "The disk is full or a file size limit was reached. Nothing half-written was left.",
     "Free space, or choose another folder with --out, for data in temporary files with TMPDIR."},
    {"M04", "cannot fetch", "No address of the file could be reached, or none gave all of it.",
     "Look at the network and the proxy's variables (https_proxy), then run it again: it goes on where it stopped."},
    {"P01", "a mistake in pellucid", "pellucid met a state that must not occur.", "Please report it with the command."},
};

}  // namespace

std::span<const CodeInfo> code_table() {
  return table;
}

}  // namespace pellucid
