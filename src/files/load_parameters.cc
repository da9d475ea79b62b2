// load_parameters: which tensor of a file is which parameter of a model. Not here: reading files (tensor_files.cc).
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "core/text.h"
#include "pellucid/error.h"
#include "pellucid/tensor_files.h"
#include "tables/words.h"

namespace pellucid {
namespace {

Shape turned(const Shape& shape) {
  return shape.rank() == 2 ? Shape{shape[1], shape[0]} : shape;
}

class Loader {
 public:
  Loader(Model& model, std::span<const NamedTensor> tensors, const NameMap& map)
      : model_(model), tensors_(tensors), map_(map), taken_(tensors.size()) {}

  LoadedParameters load() {
    if (!model_.is_built()) throw Error("U21", "load_parameters: the model has no parameters yet; build() makes them");
    const auto count = model_.parameters().size();
    from_.assign(count, -1);
    result_.loaded.resize(count);
    for (const auto& [parameter, source] : map_.sources) model_.parameter(parameter);  // throws U23
    for (std::size_t p = 0; p < count; ++p) take_named(p);
    for (std::size_t p = 0; p < count; ++p) {
      if (from_[p] < 0) take_next(p);
    }
    for (std::size_t p = 0; p < count; ++p) require_finite(p);
    for (std::size_t p = 0; p < count; ++p) copy(p);
    for (std::size_t t = 0; t < tensors_.size(); ++t) {
      if (!taken_[t]) result_.unused.push_back(tensors_[t].name);
    }
    return std::move(result_);
  }

 private:
  const Parameter<float>& parameter(std::size_t p) const { return model_.parameters()[p]; }
  const NamedTensor& tensor_of(std::size_t p) const { return tensors_[static_cast<std::size_t>(from_[p])]; }

  std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const NamedTensor& tensor : tensors_) names.push_back(tensor.name);
    return names;
  }

  void take(std::size_t p, std::size_t t, bool transposed, const char* how) {
    const Shape needed = parameter(p).value.shape(), got = tensors_[t].values.shape();
    if (!((transposed ? turned(got) : got) == needed)) refuse_shape(p, t, transposed);
    taken_[t] = true;
    from_[p] = static_cast<int>(t);
    result_.loaded[p] = {parameter(p).name, tensors_[t].name, transposed && got.rank() == 2, how};
  }

  // By the map, or by the same name.
  void take_named(std::size_t p) {
    const auto mapped = map_.sources.find(parameter(p).name);
    const bool is_mapped = mapped != map_.sources.end();
    const std::string& name = is_mapped ? mapped->second.tensor : parameter(p).name;
    const auto found = std::ranges::find(tensors_, name, &NamedTensor::name);
    if (found != tensors_.end()) {
      const bool transposed = is_mapped ? mapped->second.transposed : map_.transposed;
      return take(p, static_cast<std::size_t>(found - tensors_.begin()), transposed, is_mapped ? "map" : "name");
    }
    if (!is_mapped) return;
    const std::string near = closest(name, names());
    throw Error("U23", fmt::format("the file has no tensor {} for {}", quote(name), parameter(p).name),
                {near.empty() ? "it has: " + listed(names()) : "did you mean " + quote(near) + "?"});
  }

  // The first remaining tensor with the same number of axes, which distinguishes weights from biases.
  void take_next(std::size_t p) {
    const int axes = parameter(p).value.shape().rank();
    std::vector<std::string> left, wanted;
    std::size_t first = tensors_.size();
    for (std::size_t t = 0; t < tensors_.size(); ++t) {
      if (taken_[t] || tensors_[t].values.shape().rank() != axes) continue;
      first = std::min(first, t);
      left.push_back(tensors_[t].name);
    }
    for (std::size_t q = 0; q < from_.size(); ++q) {
      if (from_[q] < 0 && parameter(q).value.shape().rank() == axes) wanted.push_back(parameter(q).name);
    }
    if (left.size() == wanted.size()) return take(p, first, map_.transposed, "shape and order");
    throw Error("U23",
                fmt::format("the order does not tell which tensors are {}: {} with {} left{}", listed(wanted),
                            plural(static_cast<std::int64_t>(left.size()), "tensor"), plural(axes, "axis"),
                            left.empty() ? "" : " (" + listed(left) + ")"),
                {"name them: NameMap::sources = {{\"" + wanted.front() + "\", {\"" +
                 (left.empty() ? "TENSOR" : left.front()) + "\", false}}, …}; true: transposed"});
  }

  [[noreturn]] void refuse_shape(std::size_t p, std::size_t t, bool transposed) const {
    const Shape needed = parameter(p).value.shape(), got = tensors_[t].values.shape();
    const bool turns = (transposed ? got : turned(got)) == needed;
    throw Error(
        "U20",
        fmt::format("tensor {} has the shape {}{}, {} needs {}", quote(tensors_[t].name), got.text(),
                    transposed ? ", transposed" : "", parameter(p).name, needed.text()),
        turns ? std::vector<std::string>{transposed ? "it fits without being transposed"
                                                    : "it fits transposed (PyTorch's order): set transposed = true"}
              : std::vector<std::string>{});
  }

  void require_finite(std::size_t p) const {
    if (std::ranges::all_of(tensor_of(p).values.values(),
                            [](double x) { return std::isfinite(static_cast<float>(x)); }))
      return;
    throw Error("U25", "tensor " + quote(tensor_of(p).name) + " contains a number that is not finite in float32");
  }

  void copy(std::size_t p) {
    const View<const double> from = tensor_of(p).values.view();
    Tensor<float>& to = model_.parameters()[p].value;
    if (!result_.loaded[p].transposed) {
      std::ranges::transform(tensor_of(p).values.values(), to.data(), [](double x) { return static_cast<float>(x); });
      return;
    }
    for (std::int64_t r = 0; r < from.rows; ++r) {
      for (std::int64_t c = 0; c < from.columns; ++c) to.view()(c, r) = static_cast<float>(from(r, c));
    }
  }

  Model& model_;
  std::span<const NamedTensor> tensors_;
  const NameMap& map_;
  std::vector<bool> taken_;
  std::vector<int> from_;  // index of the tensor of each parameter
  LoadedParameters result_;
};

}  // namespace

LoadedParameters load_parameters(Model& model, std::span<const NamedTensor> tensors, const NameMap& map) {
  return Loader(model, tensors, map).load();
}

}  // namespace pellucid
