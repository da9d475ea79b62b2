// iris: three species of flowers by a 4-4-3 network, trained row by row.
// Not here: the neurons (neurons.h), scaling and splitting (rows.h).
#include "lessons/experiments/rows.h"
#include "lessons/lesson.h"

namespace pellucid::tutorial {
namespace {

struct Score {
  double by_argmax = 0, by_rounding = 0;  ///< accuracy in %
  Numbers counts = Numbers(9, 0);         ///< by actual species (down) and predicted species (across)
};

/// The text rounds each output and requires all three to equal the target; the usual rule is the largest output.
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
      "Classification: the species of an iris from the length and width of its sepals and petals. There are three "
      "outputs, one per species; the target is 1 for the correct one. 30 of the 150 flowers are kept for testing; here "
      "the text correctly splits first and then scales by the training rows.");
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
  lesson.in_range("test rows where all three outputs round to the target, %", 95, 100, test.by_rounding,
                  "the text's own count; a row with no output or two outputs above 0.5 counts as wrong");
  lesson.in_range("total error of the 120 training rows after the last 10 epochs", 0, 6, errors.back());
  lesson.show(figures::Curves{{"The training error falls until only a few flowers are wrong", "epoch", "total error"},
                              {{"training rows", epochs, errors}},
                              true});
  lesson.show(figures::Confusion{
      {"Correct predictions are on the diagonal", "predicted", "species"}, table.columns[4].words, test.counts});
  lesson.say(
      "Each sigmoid gives its output independently, so of three outputs two or none may be above 0.5. The text counts "
      "such rows as wrong; the largest output always names exactly one species. With 30 test rows, one flower is 3.3 "
      "%, so this test cannot distinguish two good networks.");
}

}  // namespace

const Tutorial tutorial_iris{"iris",
                             "002",
                             "three species of iris by a 4-4-3 network",
                             run,
                             {{"lr", "0.1", "learning rate"}, {"epochs", "1000", "passes over the 120 training rows"}}};

}  // namespace pellucid::tutorial
