// apartments: one linear neuron with given weights predicts the prices of a hundred apartments.
// Not here: drawing the apartments (mock_data.h), a network that learns its weights (shallow_linear.cc).
#include "lessons/experiments/least_squares.h"
#include "lessons/experiments/mock_data.h"
#include "lessons/lesson.h"

namespace pellucid::tutorial {
namespace {

void show_data(Lesson& lesson, const Apartments& apartments) {
  Numbers inputs, outputs;
  for (std::size_t r = 0; r < 10; ++r) {
    inputs.insert(inputs.end(), apartments.rows[r].begin(), apartments.rows[r].end());
    outputs.push_back(apartments.prices[r]);
  }
  lesson.exact("surface and distance of the first ten",
               "58.16 572.97 195.92 809.80 156.60 349.04 96.23 86.82 153.22 817.92 "
               "167.94 806.25 143.29 315.92 106.34 482.67 152.96 427.77 79.46 955.76",
               inputs);
  lesson.exact("their prices in millions",
               "1.581913 3.450274 2.978769 2.808258 2.556398 3.023983 3.099523 2.121069 3.136544 1.273443", outputs);
  figures::Series near{"nearer than 525 m", {}, {}}, far{"farther", {}, {}};
  for (std::size_t r = 0; r < apartments.rows.size(); ++r) {
    figures::Series& series = apartments.rows[r][1] < 525 ? near : far;
    series.x.push_back(apartments.rows[r][0]);
    series.y.push_back(apartments.prices[r]);
  }
  lesson.show(figures::Scatter{
      {"The price grows with the surface, and near a station it is higher", "surface, m²", "price, millions"},
      {near, far}});
}

void predict_prices(Lesson& lesson, const Apartments& apartments) {
  BasicModel<double> neuron{Dense{1}};
  neuron.build({2});
  neuron.parameter("dense1.weight") = Tensor<double>({2, 1}, Numbers{14373 / 1e6, -1286 / 1e6});
  neuron.parameter("dense1.bias") = Tensor<double>({1}, Numbers{1.386});
  const Dataset data = dataset_of(apartments.rows, apartments.prices);
  const Tensor<double> predictions = neuron.predict(data);
  lesson.exact("first predictions", "1.48509426 3.16055536 3.18794636 2.65746327 2.53638594",
               predictions.values().first(5));

  const double loss = evaluate(neuron, data).loss;
  const Numbers best = normal_equation(apartments.rows, apartments.prices);
  const double least = mean_squared_error(best, apartments.rows, apartments.prices);
  lesson.in_range("mean squared error: given weights, then the least that any can have", 0.02, 0.03,
                  Numbers{loss, least}, "The text defines this loss and prints none.");
  lesson.show(figures::Scatter{
      {"The remaining errors are the noise of up to a tenth", "price, millions", "predicted"},
      {{"apartments", apartments.prices, Numbers(predictions.values().begin(), predictions.values().end())}},
      true});
}

void run(Lesson& lesson) {
  lesson.say(
      "A hundred apartments are generated: a surface, a distance to the next station, and a price that is a linear "
      "function of both, changed at random by up to a tenth.");
  NumpyRandom random(lesson.seed(47));
  const Apartments apartments(random);
  show_data(lesson, apartments);
  lesson.say(
      "A linear neuron multiplies each input by its weight and adds a bias. Its weights need not be learned here, "
      "because we know the rule: 14,373 per square metre, -1,286 per metre of distance, and 100,000 + 1,000 · 1,286 as "
      "the bias. In millions that is 0.014373, -0.001286 and 1.386. All rows at once are one product: 100 × 2 by 2 × "
      "1.");
  predict_prices(lesson, apartments);
  lesson.say(
      "Least squares would choose other weights than those of the rule, because it also fits the noise of these "
      "hundred rows. The gap between the two is the gain from fitting noise, and on new apartments it would be a "
      "loss.");
}

}  // namespace

const Tutorial tutorial_apartments{"apartments", "004",
                                   "one linear neuron with given weights predicts the prices of apartments", run};

}  // namespace pellucid::tutorial
