// gabon: which points are inside a country? Two networks that differ only in their activation.
// Not here: the activations themselves (blocks.cc), the straight line of one neuron (mcculloch.cc).
#include <algorithm>
#include <cmath>

#include "lessons/lesson.h"
#include "pellucid/numpy_random.h"

namespace pellucid::tutorial {
namespace {

using Numbers = std::vector<double>;

/// Gabon's border, roughly: degrees east and north.
constexpr double border[][2] = {{11.1, -4.0}, {10.1, -3.0}, {9.4, -2.1},  {8.8, -1.1},  {8.8, -0.8},  {9.0, -0.5},
                                {9.3, 0.3},   {9.5, 1.0},   {9.8, 1.1},   {11.3, 1.1},  {11.3, 2.3},  {11.8, 2.3},
                                {12.4, 2.2},  {13.0, 2.3},  {13.0, 1.8},  {13.3, 1.3},  {14.0, 1.4},  {14.3, 1.2},
                                {13.8, 0.0},  {14.3, -0.6}, {14.4, -1.3}, {14.3, -2.0}, {14.0, -2.5}, {13.1, -2.4},
                                {12.6, -1.9}, {12.5, -2.4}, {11.8, -2.5}, {11.5, -2.8}, {11.9, -3.4}};
constexpr std::size_t corners = std::size(border);
constexpr double west = 8, east = 15, south = -4.5, north = 2.8;

/// A ray from the point to the east crosses the border an odd number of times if the point is inside.
bool inside(double x, double y) {
  bool odd = false;
  for (std::size_t i = 0, j = corners - 1; i < corners; j = i++) {
    const auto [x0, y0] = border[j];
    const auto [x1, y1] = border[i];
    if ((y0 > y) != (y1 > y) && x < x0 + (x1 - x0) * (y - y0) / (y1 - y0)) odd = !odd;
  }
  return odd;
}

/// Degrees scaled to about -1 … 1, the inputs of the network.
double scaled(double degrees, double low, double high) {
  return 2 * (degrees - low) / (high - low) - 1;
}

struct Points {
  Numbers x, y;
  std::vector<std::int32_t> labels;  ///< 1: inside
};

Points draw_points(std::int64_t count, NumpyRandom& random) {
  Points points;
  for (std::int64_t i = 0; i < count; ++i) {
    points.x.push_back(random.uniform(west, east));
    points.y.push_back(random.uniform(south, north));
    points.labels.push_back(inside(points.x.back(), points.y.back()));
  }
  return points;
}

Dataset dataset_of(const Points& points) {
  Numbers rows;
  for (std::size_t i = 0; i < points.x.size(); ++i) {
    rows.push_back(scaled(points.x[i], west, east));
    rows.push_back(scaled(points.y[i], south, north));
  }
  return Dataset::classification(rows, Shape{2}, points.labels, 2);
}

BasicModel<double> train(Lesson& lesson, const Dataset& data, Activation activation) {
  const std::int64_t units = lesson.integer("hidden");
  BasicModel<double> model{Dense(units, activation), Dense(units, activation), Dense(1, sigmoid)};
  BasicFitOptions<double> options;
  options.epochs = lesson.integer("epochs");
  options.batch_size = 32;
  options.optimizer = Adam{.learning_rate = lesson.number("lr")};
  options.schedule.kind = "cosine";
  options.seed = lesson.seed(1);
  options.cancel = lesson.cancel();
  lesson.doing("training with " + activation.text());
  fit(model, data, {}, options);
  lesson.doing("looking at the result");
  return model;
}

double accuracy(const BasicModel<double>& model, const Dataset& data) {
  return 100 * evaluate(model, data).score();
}

double logit(const BasicModel<double>& model, double x, double y) {
  const double row[] = {x, y}, p = model.predict(View<const double>{row, 1, 2, 2}).values()[0];
  return std::log(p / (1 - p));
}

/// The difference between the value at the centre of two corners of the map and the mean of the two; 0 for a plane.
double bend(const BasicModel<double>& model) {
  return logit(model, 0, 0) - (logit(model, -0.5, -0.5) + logit(model, 0.5, 0.5)) / 2;
}

figures::Map map_of(const BasicModel<double>& model, const std::string& title, const Points& points) {
  constexpr int size = 60;
  figures::Map map{{title, "degrees east", "degrees north"}, west, east, south, north, size, size, {}, {0.5}, {}};
  for (int row = 0; row < size; ++row) {
    for (int column = 0; column < size; ++column) {
      const double place[] = {-1 + 2.0 * column / (size - 1), -1 + 2.0 * row / (size - 1)};
      map.values.push_back(model.predict(View<const double>{place, 1, 2, 2}).values()[0]);
    }
  }
  map.points = {{"outside", {}, {}}, {"inside", {}, {}}};
  for (std::size_t i = 0; i < 300 && i < points.x.size(); ++i) {
    figures::Series& series = map.points[static_cast<std::size_t>(points.labels[i])];
    series.x.push_back(points.x[i]);
    series.y.push_back(points.y[i]);
  }
  return map;
}

void run(Lesson& lesson) {
  lesson.say(
      "Has somebody crossed a border? A network learns from points on the map, given by longitude and latitude, which "
      "of them are in Gabon. Without an activation, several linear layers are one linear layer: whatever the depth, "
      "the network draws one straight line. With an activation in each unit, the same layers follow the border. The "
      "text shows its own map; ours is drawn from a rough outline.");
  NumpyRandom random(lesson.seed(1));
  const Points train_points = draw_points(lesson.integer("points"), random), test_points = draw_points(4000, random);
  const Dataset train_data = dataset_of(train_points), test_data = dataset_of(test_points);
  const double share = 100 * static_cast<double>(std::ranges::count(test_points.labels, 1)) / 4000;
  const double majority = std::max(share, 100 - share);
  lesson.in_range("always predicting the larger class, accuracy on new points, %", 50, 75, majority);

  const BasicModel<double> straight = train(lesson, train_data, linear);
  lesson.in_range("identity, accuracy on new points, %", 0, majority + 5, accuracy(straight, test_data),
                  "at most 5 points above the larger class's share");
  lesson.in_range("identity: deviation of its logit from a straight line", -1e-9, 1e-9, bend(straight));
  lesson.show(map_of(straight, "Without an activation, three layers draw one straight line", test_points));

  const Activation activation = Activation::parse(lesson.text("activation"));
  const BasicModel<double> bent = train(lesson, train_data, activation);
  lesson.in_range(activation.text() + ", accuracy on new points, %", 97, 100, accuracy(bent, test_data));
  lesson.show(map_of(bent, "With " + activation.text() + " the same layers follow the border", test_points));
}

}  // namespace

const Tutorial tutorial_gabon{"gabon",
                              "000",
                              "inside or outside a border: the same net without and with an activation",
                              run,
                              {{"activation", "tanh", "activation of the nonlinear network"},
                               {"hidden", "32", "units of each of the two hidden layers"},
                               {"points", "6000", "points to learn from"},
                               {"epochs", "60", "passes over the points"},
                               {"lr", "0.01", "learning rate of Adam"}}};

}  // namespace pellucid::tutorial
