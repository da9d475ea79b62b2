// iris: three species of flowers by a 4-4-3 net, row by row.
// Not here: the neurons (neurons.h), scaling and splitting (rows.h).
#include "lessons/experiments/rows.h"
#include "lessons/lesson.h"

namespace pellucid::tutorial {
namespace {

struct Score {
  double by_argmax = 0, by_rounding = 0;  ///< % of the rows
  Numbers counts = Numbers(9, 0);         ///< true species down, predicted across
};

/// The text rounds each output and wants all three to equal the target; usual is the largest output.
Score count(NeuronNet& net, const Rows& inputs, const Rows& targets) {
  Score score;
  for (std::size_t r = 0; r < inputs.size(); ++r) {
    const Numbers outputs = net.forward(inputs[r]);
    Numbers rounded;
    for (const double output : outputs) rounded.push_back(output > 0.5 ? 1 : 0);
    const int truth = argmax(targets[r]), said = argmax(outputs);
    ++score.counts[static_cast<std::size_t>(3 * truth + said)];
    score.by_argmax += truth == said;
    score.by_rounding += rounded == targets[r];
  }
  score.by_argmax *= 100 / static_cast<double>(inputs.size());
  score.by_rounding *= 100 / static_cast<double>(inputs.size());
  return score;
}

void run(Lesson& lesson) {
  lesson.say(
      "Classification: which of three species an iris is, from the length and width of its sepals and petals. Three "
      "outputs, one a species, and the target is 1 for the right one. 30 of the 150 flowers are kept for testing; "
      "here the text splits first and scales by the training rows, as it should be.");
  const Table table = lesson.shipped("iris");
  SplitRows rows = train_test_split(rows_of(table, 0, 3, 150), one_hot(table.columns[4].codes, 3), 0.2, 42);
  standardise(rows);
  NumpyRandom random(lesson.seed(42));
  NeuronNet net({4, 4, 3}, random);
  Numbers epochs, errors;
  for (std::int64_t epoch = 0; epoch < lesson.integer("epochs"); ++epoch) {
    for (std::size_t r = 0; r < rows.x_train.size(); ++r)
      net.learn(rows.x_train[r], rows.y_train[r], lesson.number("lr"));
    if (epoch % 10 != 0) continue;
    epochs.push_back(static_cast<double>(epoch));
    errors.push_back(net.total_error(rows.x_train, rows.y_train));
  }
  const Score test = count(net, rows.x_test, rows.y_test);
  lesson.in_range("test rows right by the largest output, %", 95, 100, test.by_argmax);
  lesson.in_range("test rows right when all three outputs round to the target, %", 95, 100, test.by_rounding,
                  "the text's own count; a row with no output, or two, above 0.5 is wrong for it");
  lesson.in_range("total error of the 120 training rows after the last 10 epochs", 0, 6, errors.back());
  lesson.show(figures::Curves{{"The training error falls to what a few flowers make", "epoch", "total error"},
                              {{"training rows", epochs, errors}},
                              true});
  lesson.show(figures::Confusion{
      {"Right answers are on the diagonal", "predicted", "species"}, table.columns[4].words, test.counts});
  lesson.say(
      "The sigmoids answer each by itself, so three outputs may say yes twice or not at all. The text counts such "
      "rows as wrong; the largest output always names one species, which is what one wants to know. With 30 test "
      "rows one flower is 3.3 %: no two nets can be told apart by this.");
}

}  // namespace

const Tutorial tutorial_iris{"iris",
                             "002",
                             "three species of iris by a 4-4-3 net",
                             run,
                             {{"lr", "0.1", "learning rate"}, {"epochs", "1000", "passes over the 120 training rows"}}};

}  // namespace pellucid::tutorial
