// The texts of the glossary. Each one says what the term means, then gives an example with a number.
// Not here: how a text is found and laid out (app/commands/explain.cc).
#include "app/text/glossary.h"

namespace pellucid::app {
namespace {

constexpr const char* data = "Data";
constexpr const char* network = "Network";
constexpr const char* training = "Training";
constexpr const char* results = "Results";

constexpr Term terms[] = {
    // Data
    {"categorical feature", data, "category, categories, categorical",
     "A feature whose values are names, not amounts: a city, a colour, a product code. A network computes with "
     "numbers, "
     "so names become one-hot columns or an embedding. Example: \"colour\" with red, green and blue becomes three "
     "columns of 0 and 1."},
    {"class", data, "classes, label, labels",
     "One of the possible answers of a classification. The class in the data is also called the label of the row. "
     "Example: the iris data has 150 rows and 3 classes, 50 rows each."},
    {"class imbalance", data, "imbalance, imbalanced, majority class",
     "One class has far more rows than another. Accuracy then looks good although nothing was learned: if 95 % of the "
     "rows are \"no\", a model that always predicts \"no\" has 95 % accuracy. Look at recall, F1 and ROC AUC, and "
     "compare with the baseline."},
    {"classification", data, "",
     "The task of predicting a class: which of several given answers is right. The model gives a probability for each "
     "class and predicts the most probable one. Example: 0.7 setosa, 0.2 versicolor, 0.1 virginica predicts setosa."},
    {"drift", data, "shift, distribution shift",
     "New data look different from the training data, so that the model meets values it never learned from. Example: "
     "training prices were 100 to 900, and a new file has 1,500. Check the units first, then train again with newer "
     "data."},
    {"duplicate", data, "duplicates, repeated rows",
     "A row that occurs more than once. If one copy is in the training rows and the other in the test rows, the test "
     "only shows that the model remembers. Example: 300 copies among 1,000 test rows can turn 80 % accuracy into 86 "
     "%."},
    {"feature", data, "features, input, inputs, feature column",
     "A value that the model reads to make its prediction; in a table, every column that is used and is not the "
     "target. "
     "Example: predicting a price from area and rooms uses two features. A categorical column can become several "
     "features."},
    {"group split", data, "group, groups, grouped split",
     "A split that keeps rows which belong together on the same side. Example: 5 visits of each of 200 patients are "
     "1,000 rows. Without groups the model is tested on patients it has already seen, and the result is too good. "
     "--group patient keeps all visits of a patient together."},
    {"leakage", data, "leak, data leakage, target leakage",
     "A feature contains the answer, or something that is known only after the answer. The test result is then "
     "excellent and the model is useless. Example: \"number of instalments paid\" predicts with 99 % whether a loan "
     "was "
     "granted, because only granted loans have any. Leave such columns out with --drop."},
    {"missing value", data, "missing, missing values, imputation, missing cell",
     "A cell without a value. pellucid fills it with a value learned from the training rows (the median, by default) "
     "and adds a column that tells the model that the value was missing. Example: 11 empty cells of TotalCharges are "
     "filled with 1,424."},
    {"one-hot", data, "one hot, one hot encoding, dummy variable, dummies",
     "A way to write a category as numbers: one column per category, 1 in the column of the row's category and 0 in "
     "the "
     "others. Example: of red, green and blue, green is 0 1 0. With many categories an embedding is smaller."},
    {"outlier", data, "outliers",
     "A value far away from all others, by mistake or by nature. It can dominate the scale of a feature and the "
     "squared "
     "error. Example: one age of 999 among ages of 20 to 80. Correct it, mark it as missing, or use --scale robust."},
    {"regression", data, "",
     "The task of predicting a number, such as a price or a temperature. The prediction is in the unit of the target. "
     "Example: a model predicts 251,000 for a house that was sold for 240,000; its error is 11,000."},
    {"soft target", data, "soft targets, soft label, soft labels",
     "Probabilities of the classes as the target of a row, in place of one class: 0.9 cat, 0.1 dog. They come from "
     "another model or from several people. Example: --soft-target 'p_*' reads them from the columns p_cat and p_dog."},
    {"split", data, "splits, train test split, part, parts",
     "The division of the rows into training, validation and test set. Each row is in exactly one of them, chosen by "
     "the "
     "seed. Example: of 1,000 rows, 700 train the model, 150 validate it and 150 test it."},
    {"standardisation", data, "standardization, scaling, standard scaling, z score, normalisation, normalization",
     "Shifts and scales a feature so that its mean is 0 and its standard deviation is 1 on the training rows. Features "
     "of different units then have equal weight at the start. Example: area 120 with mean 100 and standard deviation "
     "40 "
     "becomes 0.5."},
    {"stratified split", data, "stratified, stratification, stratify",
     "A split in which every part has the same share of each class. Example: if 20 % of all rows are \"yes\", about "
     "20 % of the training rows and of the test rows are \"yes\" too. pellucid splits this way when the target is a "
     "class."},
    {"target", data, "targets, target column, response",
     "The column that the model learns to predict. Example: --target price makes price the target; all other columns "
     "are features. There can be several targets."},
    {"test set", data, "test, test rows, test data, hold out, holdout",
     "Rows that neither training nor any choice has used. They show how good the model is on new data, and they are "
     "used "
     "once, at the end. Example: 150 of 1,000 rows. A result on the training rows says little: a model can learn them "
     "by heart."},
    {"training set", data, "train set, training rows, training data",
     "The rows from which the model learns: their features, targets and the errors made on them. Everything that is "
     "learned from data, means and categories included, comes from these rows only. Example: 700 of 1,000 rows."},
    {"validation set", data, "validation, validation rows, validation data",
     "Rows that are not trained on, but looked at after every epoch: to stop early, to keep the best epoch, to "
     "calibrate "
     "probabilities. Example: 150 of 1,000 rows. Because choices depend on them, the final judgement needs a separate "
     "test set."},

    // Network
    {"activation", network, "activation function, non linearity",
     "The function that a unit applies to its weighted sum. Without it, several layers would be no more than one "
     "linear "
     "layer. Example: relu turns -1.5 into 0 and keeps 2. `pellucid explain relu` shows one of them."},
    {"dense layer", network, "fully connected layer, linear layer",
     "A layer in which every unit reads every value of the layer before. Example: 10 inputs and 32 units have "
     "10 · 32 weights and 32 biases: 352 parameters."},
    {"embedding", network, "embeddings",
     "A short list of numbers per category that the model learns. Categories which behave alike get similar numbers. "
     "Example: 500 postal codes become 8 numbers each instead of 500 one-hot columns."},
    {"ensemble", network, "ensembles",
     "Several models whose predictions are averaged. Their errors partly cancel, so the average is often better than "
     "any "
     "one of them. Example: five models with 80 % accuracy each may reach 82 % together, at five times the cost."},
    {"hidden layer", network, "hidden layers, hidden",
     "A layer between the inputs and the output. Its units are features that the network makes for itself. Example: "
     "--hidden 64,32 gives two hidden layers, of 64 and of 32 units. Without hidden layers the model is linear. For "
     "pictures: conv3x32 is a convolution with 3 x 3 pixels and 32 output channels (conv3x32s2: stride 2; "
     "conv3x32v: no padding), pool and avgpool the maximum and mean of 2 x 2 pixels, globalpool the mean of all "
     "pixels, norm batch "
     "normalization of the layer before it. shift2, flip and cutout8 at the beginning change the pictures at random in "
     "training. Example: --hidden conv3x32,pool,conv3x64,pool,128"},
    {"hyperparameter", network, "hyperparameters, setting, settings",
     "A setting that is chosen before training and not learned by it, such as the learning rate or the number of "
     "hidden "
     "units. Example: `pellucid tune` tries 20 combinations and keeps the best on the validation rows."},
    {"learnable scale", network, "input scale, scale layer",
     "A layer that multiplies each input by a number of its own, which training adjusts: useless features can be "
     "turned "
     "down and important ones up. Example: --input-scale 6 adds such a layer, whose factors learn six times as fast as "
     "the weights."},
    {"layer", network, "layers",
     "One step of a network: it takes numbers, computes others and passes them on. Example: a net for iris has 4 "
     "inputs, "
     "a dense layer of 16 units and an output layer of 3."},
    {"linear model", network, "logistic regression, linear regression",
     "A model whose prediction is a weighted sum of the features (for classes, turned into probabilities). It has no "
     "hidden layer. It is a good baseline: if a network is no better than it, the simpler model is the better choice. "
     "Example: price = 1,200 · area + 8,000 · rooms + 20,000."},
    {"logits", network, "logit",
     "The outputs of a classifier before softmax or sigmoid turn them into probabilities. Example: the logits 2, 1 and "
     "0 "
     "become the probabilities 0.67, 0.24 and 0.09."},
    {"NTK parametrisation", network, "ntk, ntk parametrization, parametrization, parametrisation",
     "The layer multiplies its weights by 1/√inputs, so that the same learning rate suits layers of any width. Weights "
     "then begin as plain standard normal numbers. Example: with 256 inputs the factor is 1/16. The preset \"tabular\" "
     "uses it."},
    {"parameter", network, "parameters, weight, weights, bias, biases",
     "A number in the model that training changes: the weights, which multiply inputs, and the biases, which are "
     "added. "
     "Example: a unit with weights 2 and -1 and bias 0.5 computes 2·x1 - x2 + 0.5."},
    {"unit", network, "units, neuron, neurons",
     "The smallest piece of a layer: it computes a weighted sum of its inputs, adds a bias and applies the activation. "
     "Example: weights 2 and -1, bias 0.5 and inputs 1 and 3 give -0.5, and relu makes 0 of it."},
    {"weight initialisation", network, "weight initialization, initialisation, initialization, initial weights",
     "How the first weights are drawn, before any training. They must differ from each other and keep the size of the "
     "numbers about equal from layer to layer. Example: he_normal with 50 inputs draws weights with a standard "
     "deviation of 0.2."},

    // Training
    {"backpropagation", training, "backprop, backward pass, backward",
     "The computation of all gradients in one pass from the loss back to the first layer, by the chain rule. It costs "
     "about twice as much as a prediction. Example: a net with 10,000 weights gets all 10,000 slopes in one pass "
     "instead "
     "of 10,000 separate trials."},
    {"batch size", training, "batch, batches, mini batch, minibatch",
     "The number of rows per training step. Small batches give many noisy steps per epoch, large ones few exact steps. "
     "Example: 1,000 training rows with a batch size of 32 make 32 steps per epoch; the last one has 8 rows."},
    {"checkpoint", training, "checkpoints, resume",
     "A file with everything that is needed to continue an interrupted training, the optimizer's memory included. "
     "pellucid writes last.checkpoint into the run's folder. Example: training stopped at epoch 40 of 100 continues "
     "there with --resume, and the result is the same as without the interruption."},
    {"convergence", training, "converge, converged",
     "The loss has stopped falling, so further epochs bring nothing. Example: the validation loss is 0.312 after epoch "
     "60 and 0.311 after epoch 90. If it still falls at the end, train with more --epochs."},
    {"cross-entropy", training, "cross entropy",
     "The usual loss of classification: minus the logarithm of the probability given to the right class. It punishes "
     "confident mistakes most. Example: 0.9 for the right class costs 0.105, 0.1 costs 2.303."},
    {"dead unit", training, "dead units, dead, dying relu",
     "A unit whose output is 0 for every row, so that its gradient is 0 and it never changes again. A few are "
     "harmless. "
     "If many of the units are dead (finding H02), lower the learning rate or use leaky_relu. Example: 40 of 64 "
     "units."},
    {"distillation", training, "distill, distil, teacher, student, knowledge distillation",
     "A small network learns what a large model predicts, not only which class is right: probabilities say more per "
     "row "
     "than labels. Example: --distill 32,16 trains a network of a few hundred multiplications beside the model."},
    {"dropout", training, "",
     "During training, each value of a layer is set to 0 with a given probability. The network cannot rely on any "
     "single "
     "unit, which reduces overfitting. Predictions use all units. Example: with 0.2, one value in five is dropped and "
     "the rest are multiplied by 1.25."},
    {"early stopping", training, "patience",
     "Training ends when the validation loss has not improved for a number of epochs, the patience; the best epoch is "
     "kept. Example: with patience 10 and the best loss after epoch 35, training stops after epoch 45 and keeps the "
     "weights of epoch 35."},
    {"epoch", training, "epochs",
     "One pass of training over all training rows. Example: 1,000 rows with a batch size of 100 make 10 steps per "
     "epoch, "
     "and 50 epochs make 500 steps."},
    {"exploding gradient", training, "exploding gradients, divergence, diverged",
     "Gradients grow from layer to layer or from step to step until the loss is infinite. Lower the learning rate or "
     "clip the gradients. Example: the loss goes 0.7, 3.1, 240, NaN."},
    {"fine-tuning", training, "fine tuning, transfer learning, pretrained",
     "Continuing to train a model that was trained on other data, often with a lower learning rate. Example: a model "
     "of "
     "50,000 old rows is trained for 5 more epochs on 500 new ones."},
    {"gradient", training, "gradients, slope",
     "For each parameter, how much the loss grows when the parameter grows a little. Training moves every parameter "
     "against its gradient. Example: with gradient 0.5 and learning rate 0.1, plain gradient descent moves a weight "
     "from 1 to 0.95."},
    {"gradient clipping", training, "clipping, clip norm, clip value, gradient norm",
     "Limits the size of the gradient before a step, so that one unusual batch cannot throw the weights far away. "
     "Example: --clip-norm 1 scales a gradient of length 5 down to length 1."},
    {"label smoothing", training, "smoothed labels",
     "Training with targets that are a little uncertain instead of 0 and 1, so that the network does not become too "
     "confident. Example: with 0.1 and two classes, the right class has the target 0.95 and the other one 0.05."},
    {"learning rate", training, "lr, step size",
     "How far each step moves the weights against their gradient. Too large, and the loss jumps or becomes infinite; "
     "too "
     "small, and training takes very long. Example: Adam starts with 0.001; try ten times more or less."},
    {"loss", training, "loss function, cost, objective",
     "The number that training minimises: how wrong the predictions are, averaged over rows. Example: for regression "
     "the "
     "mean squared error; predictions 3 and 5 for targets 2 and 5 have the loss 0.5. Compare losses only for the same "
     "data and the same loss function."},
    {"momentum", training, "velocity",
     "Each step keeps a part of the previous ones, so that steps in a lasting direction add up and zigzags cancel. "
     "Example: with momentum 0.9 and a constant gradient the steps become up to 10 times longer."},
    {"optimizer", training, "optimiser, optimizers",
     "The rule that turns gradients into changes of the weights. Adam, the usual choice, adapts the step of each "
     "weight "
     "to its recent gradients. Example: `pellucid explain adam` gives its formula and two worked steps."},
    {"overfitting", training, "overfit, overfitted",
     "The model learns the training rows by heart, noise included, instead of what holds for new rows. The training "
     "loss "
     "keeps falling while the validation loss rises. Example: 99 % accuracy on training rows, 80 % on test rows. More "
     "data, a smaller net, weight decay, dropout or early stopping help."},
    {"preset", training, "presets",
     "A name for a whole set of settings that work well together. Example: --preset tabular means three hidden layers "
     "of "
     "256 units, suitable activations, learning rates and a schedule. Settings that you give yourself win."},
    {"regularisation", training, "regularization, l1, l2, penalty",
     "Anything that keeps a model simple in order to reduce overfitting: weight decay, dropout, early stopping, or a "
     "penalty on large weights in the loss. Example: --l2 0.01 adds 0.005 times the sum of the squared weights."},
    {"saturated unit", training, "saturated, saturation",
     "A unit with sigmoid or tanh whose output is almost always at an end of its range. Its gradient is then close to "
     "0, "
     "and it hardly learns (finding H04). Scale the inputs, or use smaller first weights. Example: tanh of 6 is "
     "0.99999."},
    {"schedule", training, "learning rate schedule, schedules",
     "How the learning rate changes during training, as a factor between 0 and 1. Large steps at first, small ones at "
     "the end. Example: half way through a cosine schedule the factor is 0.5."},
    {"seed", training, "random seed, reproducible, reproducibility",
     "The number from which all random choices of a run follow: split, first weights, order of the rows, dropout. The "
     "same seed gives the same model, bit for bit, on any number of threads. Example: --seed 7; without it the seed is "
     "42."},
    {"step", training, "steps, training step, iteration",
     "One update of all weights, computed from one batch. Example: 50 epochs with 10 batches each are 500 steps."},
    {"tuning", training, "tune, hyperparameter search, trial, trials",
     "A search for good settings: many short trainings, of which the best on the validation rows go on. The test rows "
     "are used for the winner only. Example: `pellucid tune` with 20 trials may find that 128 units and a learning "
     "rate "
     "of 0.003 work best."},
    {"underfitting", training, "underfit",
     "The model is too simple or trained too briefly: even the training rows are predicted badly. Use more units, more "
     "epochs or a larger learning rate. Example: 70 % accuracy on both training and test rows, where 90 % is "
     "possible."},
    {"vanishing gradient", training, "vanishing gradients",
     "Gradients shrink from layer to layer towards the input, so that the first layers hardly learn. It happens in "
     "deep "
     "nets with sigmoid or tanh; relu and suitable initial weights avoid it. Example: ten sigmoid layers can shrink a "
     "gradient to a millionth."},
    {"weight decay", training, "",
     "Each step also shrinks every weight a little towards 0, which reduces overfitting. Example: adamw with learning "
     "rate 0.001 and weight decay 0.01 takes away one hundred-thousandth of each weight per step."},

    // Results
    {"accuracy", results, "",
     "The share of rows whose predicted class is right. Example: 174 of 200 test rows are right: 87 %. Compare it with "
     "the baseline, above all when one class is much more frequent than the others."},
    {"baseline", results, "baselines, constant answer, dummy",
     "The result of a very simple model on the same rows: always the most frequent class (or the mean), and a linear "
     "model. A network has to be clearly better than both. Example: 73 % of customers stay, so a model with 74 % "
     "accuracy "
     "has learned almost nothing."},
    {"bootstrap", results, "",
     "A way to see how uncertain a result is: compute it again on many random samples of the same test rows, drawn "
     "with "
     "repetition. Example: 1,000 samples give RMSEs of which 95 % are between 2.1 and 2.6: that is the confidence "
     "interval."},
    {"calibration", results,
     "calibrated, temperature, temperature scaling, reliability, expected calibration error, ece",
     "Probabilities are calibrated if they come true: of all rows predicted with 80 %, about 80 % are right. Networks "
     "are "
     "often too confident; pellucid divides the logits by one number, the temperature, learned from the validation "
     "rows. "
     "Example: average confidence 80.8 %, accuracy 81.0 %: well calibrated."},
    {"confidence", results, "average confidence",
     "The probability that a model gives to its predicted class. It is worth believing only if the model is "
     "calibrated. "
     "Example: probabilities 0.7 and 0.3 predict the first class with a confidence of 70 %."},
    {"confidence interval", results, "interval, 95 % interval, wilson interval",
     "The range in which the true value probably lies, since a result from few test rows is partly luck. A 95 % "
     "interval "
     "contains it in 95 of 100 cases. Example: 90 % accuracy on 100 rows means 83 % to 94 %; on 10,000 rows, 89.4 % to "
     "90.6 %."},
    {"confusion matrix", results, "confusion",
     "A table that counts for each actual class (row) how often each class was predicted (column). Right predictions "
     "are "
     "on the diagonal. Example: 30 in the row \"no\" and the column \"yes\" means that 30 rows were \"no\" and "
     "predicted "
     "as \"yes\"."},
    {"decision threshold", results, "threshold, cutoff",
     "With two classes, the probability above which the second class is predicted; 0.5 unless chosen otherwise. A "
     "lower "
     "threshold finds more of them and makes more false alarms. Example: with 0.3, a probability of 0.4 predicts "
     "\"yes\"."},
    {"F1", results, "f1 score, f score, macro f1",
     "The harmonic mean of precision and recall; it is high only if both are. Example: precision 0.8 and recall 0.5 "
     "give "
     "0.62. The F1 of several classes is the mean over the classes (macro F1)."},
    {"k-fold cross-validation", results, "cross validation, k fold, fold, folds",
     "The rows are divided into k parts, the folds; k models are trained, each tested on another fold. Every row is "
     "tested once, and the spread shows how much luck is in one split. Example: --folds 5 trains five models, each on "
     "80 % of the rows."},
    {"members", results, "member, ensemble, ensembling, averaging, cross-fitting, cross fit",
     "Several nets are trained with other seeds and settings, and the best of them are averaged into one model, which "
     "errs less than each of them because their errors differ. With cross-fitting every member is several nets, each "
     "trained without one part of the rows and validated on it, so that all rows teach. Example: --members 16."},
    {"log loss", results, "logloss",
     "The mean of minus the logarithm of the probability given to the right class: it judges the probabilities, not "
     "only "
     "the predicted classes. Lower is better. Example: always 0.5 for two classes gives 0.693; always 0.9 for the "
     "right "
     "one gives 0.105."},
    {"macro average", results, "macro, weighted average",
     "The mean over classes, each counted equally however few rows it has. A weighted average counts each class by its "
     "rows. Example: F1 0.9 for 900 rows and 0.5 for 100 rows: macro 0.70, weighted 0.86."},
    {"MAE", results, "mean absolute error",
     "The mean of the errors' sizes, in the unit of the target. Outliers count less than in the RMSE. Example: errors "
     "of "
     "1, -2 and 3 have an MAE of 2."},
    {"mislabelled row", results, "mislabelled, label noise, hard row, suspect",
     "A training row whose target is probably wrong: the model keeps contradicting it although it learned from it. "
     "Some "
     "of these rows are only unusual. Example: 183 of 4,930 training rows (3.7 %); look at the first few by hand "
     "before "
     "you change anything."},
    {"paired test", results, "mcnemar, significance, significant, p value, chance",
     "A comparison of two models on the same test rows that asks whether their difference could be chance. The p-value "
     "is the probability of such a difference if both are equally good. Example: one model is right on 30 rows where "
     "the "
     "other is wrong, and wrong on 12: p = 0.008, more than chance explains."},
    {"permutation importance", results, "importance, feature importance",
     "How much worse the model becomes when the values of one column are shuffled among the rows. A large loss means "
     "that "
     "the model relies on that column; it does not mean that the column is the cause. Example: tenure 4.8 means 4.8 "
     "points less accuracy."},
    {"precision", results, "",
     "Of the rows that are predicted as a class, the share that really belongs to it. Example: 50 rows are predicted "
     "as "
     "\"yes\" and 40 of them are \"yes\": precision 0.8. See also recall."},
    {"prediction", results, "predictions, predict, inference, predicted class",
     "What the model answers for a row: a class with its probability, or a number in the unit of the target. Example: "
     "`pellucid predict MODEL new.csv` writes one prediction per row."},
    {"prediction interval", results, "prediction set, conformal prediction, coverage, interval of a prediction",
     "The range around a prediction in which the truth lies with a given certainty; for classes, the set of classes "
     "that "
     "contains the true one. Both come from the errors on the validation rows. Example: 41,300 with the 90 % interval "
     "35,000 to 47,600: of 100 such intervals about 90 contain the truth."},
    {"R²", results, "r2, r squared, coefficient of determination",
     "The share of the target's variation that the model explains. 1 is perfect, 0 is no better than always predicting "
     "the mean, and below 0 is worse than that. Example: 0.81 means that 81 % of the variance is explained."},
    {"recall", results, "sensitivity, true positive rate",
     "Of the rows that belong to a class, the share that is predicted as it. Example: 80 rows are \"yes\" and 40 of "
     "them "
     "were found: recall 0.5. See also precision."},
    {"residual", results, "residuals",
     "The true value minus the predicted one, for one row of a regression. Residuals should scatter evenly around 0; a "
     "bend means that the model misses something. Example: sold for 240,000, predicted 251,000: residual -11,000."},
    {"RMSE", results, "root mean squared error, mse, mean squared error",
     "The square root of the mean squared error, in the unit of the target. Large errors count more than in the MAE. "
     "Example: errors of 1, -2 and 3 have an RMSE of 2.16."},
    {"ROC AUC", results, "auc, roc, roc curve",
     "The probability that a randomly chosen row of the class gets a higher probability than a randomly chosen other "
     "row. It does not depend on the decision threshold. 1 is perfect and 0.5 is guessing. Example: 0.84 means that 84 "
     "of 100 such pairs are in the right order."},
    {"support", results, "",
     "The number of rows of a class among the rows that are judged. Results of a class with little support are "
     "uncertain. Example: recall 0.67 with a support of 3 means 2 of 3 rows."},
};

}  // namespace

std::span<const Term> glossary() {
  return terms;
}

}  // namespace pellucid::app
