// The table of initializers, one row per kind; reading and writing their names; filling a parameter.
// Not here: random numbers (core/random.cc), which layer uses which initializer (src/layers).
#include <cmath>

#include "core/text.h"
#include "pellucid/error.h"
#include "pellucid/initializer.h"

namespace pellucid {
namespace {

double uniform(Random& random, double low, double high) {
  return low + (high - low) * random.uniform();
}

// A uniform number of this variance: a uniform number in ±a has the variance a²/3.
double uniform_of(Random& random, double variance) {
  const double limit = std::sqrt(3 * variance);
  return uniform(random, -limit, limit);
}
double normal_of(Random& random, double variance) {
  return std::sqrt(variance) * random.normal();
}

double glorot(std::int64_t fan_in, std::int64_t fan_out) {
  return 2 / static_cast<double>(fan_in + fan_out);
}
double he(std::int64_t fan_in) {
  return 2 / static_cast<double>(fan_in);
}
double lecun(std::int64_t fan_in) {
  return 1 / static_cast<double>(fan_in);
}

using Fan = std::int64_t;
constexpr const char* glorot_source = "Glorot, Bengio, AISTATS 2010";
constexpr const char* he_source = "He, Zhang, Ren, Sun, ICCV 2015";
constexpr const char* lecun_source = "LeCun, Bottou, Orr, Müller, 1998, §4.6";

constexpr const char* by_data_source = "Holzmüller, Grinsztajn, Steinwart, NeurIPS 2024";

const InitializerKind table[] = {
    {"auto", "depends", "chosen by the layer's activation", ""},
    {"constant", "w = value", "all values equal", "", 1, 0, 0,
     [](Random&, double value, double, Fan, Fan) { return value; }},
    {"glorot_normal", "N(0, 2 / (fan_in + fan_out))", "keeps the variance constant with symmetric activations (tanh)",
     glorot_source, 0, 0, 0, [](Random& r, double, double, Fan in, Fan out) { return normal_of(r, glorot(in, out)); }},
    {"glorot_uniform", "U(±√(6 / (fan_in + fan_out)))", "keeps the variance constant with symmetric activations (tanh)",
     glorot_source, 0, 0, 0, [](Random& r, double, double, Fan in, Fan out) { return uniform_of(r, glorot(in, out)); }},
    {"he_normal", "N(0, 2 / fan_in)", "keeps the variance constant with relu and similar activations", he_source, 0, 0,
     0, [](Random& r, double, double, Fan in, Fan) { return normal_of(r, he(in)); }},
    {"he_uniform", "U(±√(6 / fan_in))", "keeps the variance constant with relu and similar activations", he_source, 0,
     0, 0, [](Random& r, double, double, Fan in, Fan) { return uniform_of(r, he(in)); }},
    {"kinks", "b = -Σ w z over 5 training rows, w random with sum 1",
     "the kink of each unit is inside the training rows; the biases of init std", by_data_source, 0, 0, 0,
     [](Random&, double, double, Fan, Fan) { return 0.0; }},
    {"lecun_normal", "N(0, 1 / fan_in)", "keeps the variance of a sum constant; needed for selu", lecun_source, 0, 0, 0,
     [](Random& r, double, double, Fan in, Fan) { return normal_of(r, lecun(in)); }},
    {"lecun_uniform", "U(±√(3 / fan_in))", "keeps the variance of a sum constant", lecun_source, 0, 0, 0,
     [](Random& r, double, double, Fan in, Fan) { return uniform_of(r, lecun(in)); }},
    {"normal", "N(0, sigma²)", "normally distributed with standard deviation sigma", "", 1, 0.05, 0,
     [](Random& r, double sigma, double, Fan, Fan) { return sigma * r.normal(); }},
    {"std", "N(0, 1), then divided by the standard deviation of x W over the training rows",
     "each sum starts with deviation 1 on the training rows, whatever the inputs; biases: kinks", by_data_source, 0, 0,
     0, [](Random& r, double, double, Fan in, Fan) { return normal_of(r, lecun(in)); }},
    {"truncated_normal", "N(0, sigma²), cut at ±2 sigma", "normally distributed without large values", "", 1, 0.05, 0,
     [](Random& r, double sigma, double, Fan, Fan) {
       double z = r.normal();
       while (z < -2 || z > 2) z = r.normal();
       return sigma * z;
     }},
    {"uniform", "U(low, high)", "uniformly distributed between two bounds", "", 2, -0.05, 0.05,
     [](Random& r, double low, double high, Fan, Fan) { return uniform(r, low, high); }},
    {"zeros", "w = 0", "all values 0; the default for biases", "", 0, 0, 0,
     [](Random&, double, double, Fan, Fan) { return 0.0; }},
};

const InitializerKind& find_kind(std::string_view given) {
  std::string name(given);
  if (name.starts_with("xavier_")) name.replace(0, 6, "glorot");
  std::vector<std::string> names;
  for (const InitializerKind& kind : table) {
    if (kind.name == name) return kind;
    names.emplace_back(kind.name);
  }
  const std::string near = closest(name, names);
  throw Error("U11", "no initializer " + quote(given),
              {near.empty() ? "there are: " + join(names, ", ") : "did you mean " + near + "?"});
}

[[noreturn]] void refuse(const std::string& text, const std::string& why) {
  throw Error("U12", "initializer " + quote(text) + ": " + why);
}

}  // namespace

Initializer::Initializer(std::string_view name, double first, double second)
    : kind_(&find_kind(name)), first_(first), second_(second) {
  const int given = std::isnan(first) ? 0 : std::isnan(second) ? 1 : 2;
  if (given > kind_->parameters) {
    refuse(std::string(name), "takes " + (kind_->parameters == 0 ? "no numbers" : plural(kind_->parameters, "number")) +
                                  ", got " + std::to_string(given));
  }
  if (std::isnan(first_)) first_ = kind_->first_default;
  if (std::isnan(second_)) second_ = kind_->second_default;
  if (!std::isfinite(first_) || !std::isfinite(second_)) refuse(text(), "takes finite numbers");
  if (std::string_view(kind_->name).ends_with("normal") && first_ < 0) refuse(text(), "sigma is 0 or more");
  if (kind_->parameters == 2 && first_ > second_) refuse(text(), "low must not exceed high");
}

Initializer Initializer::parse(std::string_view text) {
  const std::string whole = trim(text);
  const std::size_t open = whole.find('(');
  if (open == std::string::npos) return Initializer(whole);
  if (whole.back() != ')') refuse(whole, "the closing parenthesis is missing");
  const auto words = split_text(std::string_view(whole).substr(open + 1, whole.size() - open - 2), ',');
  double numbers[2] = {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::quiet_NaN()};
  if (words.size() > 2) refuse(whole, "takes at most two numbers");
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (!parse_number(words[i], numbers[i]) || !std::isfinite(numbers[i])) {
      refuse(whole, "takes numbers, got " + quote(words[i]));
    }
  }
  return Initializer(trim(std::string_view(whole).substr(0, open)), numbers[0], numbers[1]);
}

bool Initializer::is_auto() const noexcept {
  return kind_->value == nullptr;
}

std::string Initializer::text() const {
  std::string result = kind_->name;
  if (kind_->parameters >= 1) result += "(" + number_text(first_);
  if (kind_->parameters >= 2) result += ", " + number_text(second_);
  return kind_->parameters >= 1 ? result + ")" : result;
}

template <class T>
void Initializer::fill(const RandomKey& key, std::int64_t fan_in, std::int64_t fan_out, T* values,
                       std::int64_t n) const {
  if (is_auto()) throw Error("P01", "an initializer \"auto\" was not replaced by its layer");
  Random random(key);
  for (std::int64_t i = 0; i < n; ++i) {
    values[i] = static_cast<T>(kind_->value(random, first_, second_, fan_in, fan_out));
  }
}

template void Initializer::fill<float>(const RandomKey&, std::int64_t, std::int64_t, float*, std::int64_t) const;
template void Initializer::fill<double>(const RandomKey&, std::int64_t, std::int64_t, double*, std::int64_t) const;

std::vector<const InitializerKind*> initializer_kinds() {
  std::vector<const InitializerKind*> kinds;
  for (const InitializerKind& kind : table) kinds.push_back(&kind);
  return kinds;
}

}  // namespace pellucid
