// california-250: house prices of 250 districts, by a small sigmoid network trained row by row.
// Not here: preparing the rows (california.h), more rows and a larger network (california_bigger.cc).
#include "lessons/experiments/california.h"

namespace pellucid::tutorial {
namespace {

struct Course {
  Numbers epochs, errors, printed;  ///< the error after every 25th epoch; the epochs that the text prints: every 500th
};

Course train(Lesson& lesson, NeuronNet& net, const SplitRows& rows) {
  Course course;
  train_by_rows(lesson, net, rows, lesson.integer("epochs"), lesson.number("lr"), 25, [&](std::int64_t epoch) {
    course.epochs.push_back(static_cast<double>(epoch));
    course.errors.push_back(net.total_error(rows.x_train, rows.y_train));
    if (epoch % 500 == 0) course.printed.push_back(course.errors.back());
  });
  return course;
}

double largest_difference(const Rows& a, const Rows& b) {
  const Numbers one = flat(a), other = flat(b);
  double largest = 0;
  for (std::size_t i = 0; i < one.size(); ++i) largest = std::max(largest, std::abs(one[i] - other[i]));
  return largest;
}

/// The text scales before it splits, so the test rows influence the scaling. Here this happens to change nothing.
void scaling_before_the_split(Lesson& lesson, const Districts& districts, const SplitRows& literal) {
  lesson.say(
      "The text scales all 250 rows before it splits them, so the test rows take part in the scaling. This is a leak, "
      "and a habit to avoid. Here it has no effect: the features are scaled once more by the training rows alone, and "
      "a second scaling of this kind cancels the first; of the prices, both the smallest and the largest are training "
      "rows.");
  const SplitRows raw = train_test_split(districts.features, districts.prices, 0.2, 42);
  SplitRows right = raw;
  standardise(right);
  lesson.in_range("largest difference of a test feature from scaling by the training rows alone", 0, 1e-9,
                  largest_difference(literal.x_test, right.x_test));
  lesson.in_range("the same for the scaled prices", 0, 1e-9,
                  largest_difference(literal.y_test, MinMaxScaler(raw.y_train)(raw.y_test)));
}

void run(Lesson& lesson) {
  lesson.say(
      "Regression: the median house value of a district from its income, the age and size of its houses, its "
      "population and its location. The text uses the first 250 districts of California, 50 of them for testing, and "
      "an 8-8-1 network of sigmoids. Prices are scaled to 0 … 1, the range of a sigmoid.");
  const Districts districts = first_of(read_districts(lesson), 250);
  const Prepared data = prepare(districts);
  NeuronNet net = californian_net(lesson);
  const Course literal = train(lesson, net, data.rows);
  lesson.exact("total training error after every 500 epochs", "13.6394 1.6854 1.2979 1.1744 1.1187 1.0770",
               literal.printed);
  const TestPrices prices = test_prices(net, data);
  const RegressionScores test = score({prices.truth, prices.predicted});
  lesson.in_range("test error (RMSE, $100,000)", 0.3, 0.45, test.rmse);
  lesson.in_range("R² on the test rows", 0.7, 0.9, test.r2);

  NeuronNet chain_rule = californian_net(lesson, false);
  const Course right = train(lesson, chain_rule, data.rows);
  lesson.in_range("total training error at the end, weights changed last", 0.9, 1.2, right.errors.back(),
                  "as in XOR, passing errors down through weights that were already changed has little effect at such "
                  "a small rate");
  lesson.show(figures::Curves{{"The training error falls fast at first, then slowly", "epoch", "total error"},
                              {{"as the text does it", literal.epochs, literal.errors},
                               {"by the chain rule", right.epochs, right.errors, true}},
                              true});
  lesson.show(
      figures::Scatter{{"Test districts are near the line of correct predictions", "price, $100,000", "predicted"},
                       {{"50 test districts", prices.truth, prices.predicted}},
                       true});
  scaling_before_the_split(lesson, districts, data.rows);
}

}  // namespace

const Tutorial tutorial_california_250{
    "california-250",
    "002",
    "house prices of 250 Californian districts by an 8-8-1 network",
    run,
    {{"lr", "0.03", "learning rate"}, {"epochs", "3000", "passes over the 200 training rows"}},
    "california-housing"};

}  // namespace pellucid::tutorial
