// activations-exercise: five activations and their slopes, computed from their outputs; which slopes vanish.
// Not here: the effect of vanishing slopes on a deep network (vanishing.cc).
#include <algorithm>
#include <cmath>

#include "lessons/lesson.h"

namespace pellucid::tutorial {
namespace {

/// Exercise 2 asks for f(x), exercise 4 for its derivative as a function of the output y = f(x). All five have one,
/// because none of them has the same output at two different slopes.
struct Curve {
  const char* name;
  double (*value)(double x);
  double (*slope_from_output)(double y);
};

constexpr double leak = 0.01;     // leaky ReLU: a constant
constexpr double learned = 0.25;  // PReLU: a trained parameter; He et al. start it at 0.25

const Curve curves[] = {
    {"sigmoid", [](double x) { return 1 / (1 + std::exp(-x)); }, [](double y) { return y * (1 - y); }},
    {"tanh", [](double x) { return std::tanh(x); }, [](double y) { return 1 - y * y; }},
    {"ReLU", [](double x) { return x > 0 ? x : 0; }, [](double y) { return y > 0 ? 1.0 : 0.0; }},
    {"leaky ReLU", [](double x) { return x > 0 ? x : leak * x; }, [](double y) { return y > 0 ? 1.0 : leak; }},
    {"PReLU", [](double x) { return x > 0 ? x : learned * x; }, [](double y) { return y > 0 ? 1.0 : learned; }},
};

/// NumPy's results at -10, -2, 0, 2 and 10: values, then slopes.
const char* const expected[][2] = {
    {"4.53979e-05 0.11920292 0.50000000 0.88079708 0.99995460",
     "4.53958e-05 0.10499359 0.25000000 0.10499359 4.53958e-05"},
    {"-1.00000000 -0.96402758 0.00000000 0.96402758 1.00000000",
     "8.24461e-09 0.07065082 1.00000000 0.07065082 8.24461e-09"},
    {"0 0 0 2 10", "0 0 0 1 1"},
    {"-0.10 -0.02 0.00 2.00 10.00", "0.01 0.01 0.01 1.00 1.00"},
    {"-2.50 -0.50 0.00 2.00 10.00", "0.25 0.25 0.25 1.00 1.00"},
};

/// np.linspace(-10, 10, 100), the points that the text uses.
std::vector<double> points() {
  std::vector<double> x;
  for (int i = 0; i < 100; ++i) x.push_back(-10 + i * 20 / 99.0);
  return x;
}

template <class Function>
std::vector<double> mapped(const std::vector<double>& x, Function function) {
  std::vector<double> y(x.size());
  std::transform(x.begin(), x.end(), y.begin(), function);
  return y;
}

std::vector<double> slopes(const Curve& curve, const std::vector<double>& x) {
  return mapped(mapped(x, curve.value), curve.slope_from_output);
}

/// The largest difference between the slopes and finite differences. No point is at a kink.
double largest_error(const Curve& curve) {
  double largest = 0;
  for (const double x : points()) {
    const double step = 1e-5, numeric = (curve.value(x + step) - curve.value(x - step)) / (2 * step);
    largest = std::max(largest, std::abs(numeric - curve.slope_from_output(curve.value(x))));
  }
  return largest;
}

void draw(Lesson& lesson) {
  figures::Curves values{{"Sigmoid and tanh level off on both sides, the ReLUs on at most one", "x", "f(x)"}, {}};
  figures::Curves steep{{"Where the slope is 0, nothing is learned", "x", "slope"}, {}};
  std::vector<double> near = points();  // the middle only; values up to 10 would flatten everything else
  near.erase(std::remove_if(near.begin(), near.end(), [](double x) { return std::abs(x) > 4; }), near.end());
  for (const Curve& curve : curves) {
    values.series.push_back({curve.name, near, mapped(near, curve.value)});
    steep.series.push_back({curve.name, points(), slopes(curve, points())});
  }
  lesson.show(values);
  lesson.show(steep);
}

void run(Lesson& lesson) {
  lesson.say(
      "The exercises ask for three more activations besides the sigmoid, and for derivatives that use the function's "
      "output instead of its input. Here are tanh, ReLU, leaky ReLU (slope 0.01 on the left) and PReLU, whose slope on "
      "the left is trained (initially 0.25). The ReLUs have a kink at 0; we use the slope of the left side there. The "
      "expected values are NumPy's.");
  const std::vector<double> five = {-10, -2, 0, 2, 10};
  for (std::size_t i = 0; i < std::size(curves); ++i) {
    lesson.exact(std::string(curves[i].name) + " at -10, -2, 0, 2, 10", expected[i][0], mapped(five, curves[i].value));
    lesson.exact("its slope there", expected[i][1], slopes(curves[i], five));
    lesson.holds("its slope agrees with numeric ones at the text's 100 points", largest_error(curves[i]) < 1e-9);
  }
  draw(lesson);

  lesson.say(
      "A layer multiplies the error that passes down through it by this slope. The sigmoid's slope is at most 0.25, "
      "and 4.5e-5 at x = 10. The slope of tanh is at most 1, but it vanishes even faster: after many such layers, the "
      "first ones have nothing to learn from. ReLU passes everything on where x is above 0, and nothing elsewhere; a "
      "neuron that is below 0 for every row is dead. Leaky ReLU and PReLU never vanish. So no single function is best: "
      "the sigmoid suits an output layer that gives a probability, tanh a shallow network, the ReLUs a deep one.");
  std::vector<double> largest;
  for (const Curve& curve : curves) {
    const std::vector<double> all = slopes(curve, {-10, -5, -1, 0, 1, 5, 10});
    largest.push_back(*std::max_element(all.begin(), all.end()));
  }
  lesson.exact("steepest slope of each", "0.25 1.00 1.00 1.00 1.00", largest);
  lesson.exact("after eight layers, at best", "1.5e-05 1.0 1.0 1.0 1.0",
               mapped(largest, [](double slope) { return std::pow(slope, 8); }));
}

}  // namespace

const Tutorial tutorial_activations_exercise{"activations-exercise", "002",
                                             "five activations and their slopes; which of them vanish", run};

}  // namespace pellucid::tutorial
