// Each operation of a net as a loop over numbers of one row. Values share buffers once nobody reads them any more.
// Not here: the activations' functions (functions.cc).
#include "export/c/net.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "export/c/pictures.h"
#include "export/c/text.h"
#include "pellucid/error.h"

namespace pellucid::c {

namespace {

/// Which buffer holds which value.
class Buffers {
 public:
  explicit Buffers(const Net& net) : net_(net), last_(net.last_uses()), place_(net.sizes.size(), -1) {}

  std::string name(int value) const {
    return value == 0 ? "x" : fmt::format("v{}", place_[static_cast<std::size_t>(value)]);
  }
  /// A buffer for the value; `over`: a value that ends here and whose buffer may be taken over, or -1.
  void place(int value, int operation, int over) {
    for (const int input : net_.operations[static_cast<std::size_t>(operation)].inputs) {
      if (input == over) release(input, operation);
    }
    const std::int64_t size = net_.sizes[static_cast<std::size_t>(value)];
    int best = -1;
    for (std::size_t i = 0; i < sizes_.size(); ++i) {
      if (free_[i] && (best < 0 || sizes_[i] >= sizes_[static_cast<std::size_t>(best)])) best = static_cast<int>(i);
    }
    if (best < 0) {
      best = static_cast<int>(sizes_.size());
      sizes_.push_back(0);
      free_.push_back(true);
    }
    const auto at = static_cast<std::size_t>(best);
    sizes_[at] = std::max(sizes_[at], size);
    free_[at] = false;
    place_[static_cast<std::size_t>(value)] = best;
    for (const int input : net_.operations[static_cast<std::size_t>(operation)].inputs) release(input, operation);
    if (last_[static_cast<std::size_t>(value)] < 0) free_[at] = true;  // nobody reads it
  }
  const std::vector<std::int64_t>& sizes() const noexcept { return sizes_; }

 private:
  void release(int value, int operation) {
    const int at = place_[static_cast<std::size_t>(value)];
    if (value > 0 && last_[static_cast<std::size_t>(value)] == operation && at >= 0) {
      if (!released_[value]) free_[static_cast<std::size_t>(at)] = true;
      released_[value] = true;
    }
  }

  const Net& net_;
  std::vector<int> last_, place_;
  std::vector<std::int64_t> sizes_{};
  std::vector<bool> free_{};
  std::map<int, bool> released_{};
};

class NetWriter {
 public:
  NetWriter(const Model& model, const Net& net, std::string prefix, Functions& functions)
      : model_(model), net_(net), prefix_(std::move(prefix)), functions_(functions), buffers_(net) {}

  NetText write() {
    std::string lines;
    for (std::size_t i = 0; i < net_.operations.size(); ++i) lines += operation(static_cast<int>(i));
    std::int64_t at = 0;
    for (const int value : net_.outputs) {
      const std::int64_t n = size(value);
      lines += fmt::format("  memcpy(y + {}, {}, {} * sizeof *y);\n", at, buffers_.name(value), n);
      at += n;
    }
    std::string buffers;
    for (std::size_t i = 0; i < buffers_.sizes().size(); ++i) {
      buffers += fmt::format("  float v{}[{}];\n", i, buffers_.sizes()[i]);
      text_.stack_bytes += buffers_.sizes()[i] * 4;
    }
    text_.body = buffers + lines;
    return text_;
  }

 private:
  std::int64_t size(int value) const { return net_.sizes[static_cast<std::size_t>(value)]; }

  // The name of a parameter's array; it is written when it is first needed.
  std::string constant(int parameter) {
    const auto& from = model_.parameters()[static_cast<std::size_t>(parameter)];
    std::string& name = names_[parameter];
    if (!name.empty()) return name;
    name = fmt::format("{}_{}_{}", prefix_, parameter, identifier(from.name));
    const std::span<const float> numbers(from.value.data(), static_cast<std::size_t>(from.value.size()));
    text_.constants +=
        fmt::format("/* {} */\n", comment(from.name + " " + from.value.shape().text())) + array(name, numbers);
    text_.constant_bytes += from.value.size() * 4;
    return name;
  }

  std::string operation(int i) {
    const NetOperation& o = net_.operations[static_cast<std::size_t>(i)];
    const int value = i + 1;
    const bool by_number = size(value) == size(o.inputs.front()) &&
                           (o.kind == NetOperator::apply || o.kind == NetOperator::add ||
                            o.kind == NetOperator::add_constant || o.kind == NetOperator::multiply ||
                            o.kind == NetOperator::multiply_constant || o.kind == NetOperator::multiply_number);
    std::vector<std::string> from;
    for (const int input : o.inputs) from.push_back(buffers_.name(input));
    buffers_.place(value, i, by_number ? o.inputs.front() : -1);
    return text_of(o, value, from, buffers_.name(value));
  }

  std::string text_of(const NetOperation& o, int value, const std::vector<std::string>& from, const std::string& to) {
    const std::string n = std::to_string(size(value));
    const auto each = [&](const std::string& right) {
      return fmt::format("  for (int j = 0; j < {}; ++j) {}[j] = {};\n", n, to, right);
    };
    switch (o.kind) {
      case NetOperator::product:
        return product(o, value, from.front(), to);
      case NetOperator::group_product:
        return group_product(o, value, from.front(), to);
      case NetOperator::apply:
        return apply(o, value, from.front(), to);
      case NetOperator::add:
        return each(fmt::format("{}[j] + {}[j]", from[0], from[1]));
      case NetOperator::add_constant:
        return each(fmt::format("{}[j] + {}[j]", constant(o.constant), from[0]));
      case NetOperator::multiply:
        return each(fmt::format("{}[j] * {}[j]", from[0], from[1]));
      case NetOperator::multiply_constant:
        return each(fmt::format("{}[j] * {}[j]", constant(o.constant), from[0]));
      case NetOperator::multiply_number:
        return each(fmt::format("{} * {}[j]", literal(static_cast<float>(o.factor)), from[0]));
      case NetOperator::slice:
        return fmt::format("  memcpy({}, {} + {}, {} * sizeof *{});\n", to, from[0], o.first, n, to);
      case NetOperator::concat:
        return concat(o, from, to);
      case NetOperator::look_up:
        return look_up(o, n, from.front(), to);
      case NetOperator::bin_shares:
        return bin_shares(o, value, from.front(), to);
      case NetOperator::normalize:
        return normalize(o, value, from.front(), to);
      case NetOperator::normalize_rows:
        return normalize_rows(o, value, from.front(), to);
      case NetOperator::convolution:
        return heading(o) + convolution_text(o, size(value) / (o.window.out_rows * o.window.out_columns), from.front(),
                                             constant(o.constant), o.bias < 0 ? "" : constant(o.bias), to);
      case NetOperator::max_pool:
      case NetOperator::average_pool:
        return heading(o) + pool_text(o, from.front(), to);
    }
    throw Error("P01", "an operation of a net that C cannot say");
  }

  std::string heading(const NetOperation& o) const {
    return fmt::format("  /* {} */\n", comment(model_.nodes()[static_cast<std::size_t>(o.node)].name));
  }

  // The columns go in groups that fit into vector registers; within a group each output is one chain over the inputs.
  std::string product(const NetOperation& o, int value, const std::string& from, const std::string& to) {
    const std::int64_t k = size(o.inputs.front()), n = size(value);
    constexpr std::int64_t widest = 32;
    std::string result = heading(o);
    const std::string weight = constant(o.constant);
    for (std::int64_t first = 0; first < n;) {
      std::int64_t width = std::min(n - first, widest);
      const std::int64_t groups = (n - first) / width;
      result +=
          filled(R"(  for (int g = 0; g < @groups@; ++g) {
    float c[@width@];
    for (int j = 0; j < @width@; ++j) c[j] = @start@;
    for (int i = 0; i < @k@; ++i) {
      const float a = @from@[i], *w = @weight@ + i * @n@ + @first@ + g * @width@;
      for (int j = 0; j < @width@; ++j) c[j] = fmaf(a, w[j], c[j]);
    }
    memcpy(@to@ + @first@ + g * @width@, c, sizeof c);
  }
)",
                 {{"groups", std::to_string(groups)},
                  {"width", std::to_string(width)},
                  {"start", o.bias < 0 ? "0.0f" : fmt::format("{}[{} + g * {} + j]", constant(o.bias), first, width)},
                  {"k", std::to_string(k)},
                  {"from", from},
                  {"weight", weight},
                  {"n", std::to_string(n)},
                  {"first", std::to_string(first)},
                  {"to", to}});
      first += groups * width;
    }
    return result;
  }

  std::string group_product(const NetOperation& o, int value, const std::string& from, const std::string& to) {
    const std::int64_t n = size(value) / o.groups;
    return heading(o) + filled(R"(  for (int g = 0; g < @groups@; ++g) {
    for (int j = 0; j < @n@; ++j) {
      float c = @start@;
      for (int i = g * @k@; i < (g + 1) * @k@; ++i) c = fmaf(@from@[i], @weight@[i * @n@ + j], c);
      @to@[g * @n@ + j] = c;
    }
  }
)",
                               {{"groups", std::to_string(o.groups)},
                                {"n", std::to_string(n)},
                                {"start", o.bias < 0 ? "0.0f" : fmt::format("{}[g * {} + j]", constant(o.bias), n)},
                                {"k", std::to_string(size(o.inputs.front()) / o.groups)},
                                {"from", from},
                                {"weight", constant(o.constant)},
                                {"to", to}});
  }

  std::string bin_shares(const NetOperation& o, int value, const std::string& from, const std::string& to) {
    const std::int64_t groups = size(o.inputs.front());
    return filled(R"(  for (int g = 0; g < @groups@; ++g) {
    for (int j = 0; j < @bins@; ++j) {
      const float *e = @edges@ + g * (@bins@ + 1) + j, number = @from@[g];
      const int last = j + 1 == @bins@ || !(e[2] > e[1]);
      float share = 0.0f;
      if (e[1] > e[0] && !(j > 0 && number <= e[0])) {
        share = number >= e[1] && !last ? 1.0f : (number - e[0]) / (e[1] - e[0]);
      }
      @to@[g * @bins@ + j] = share;
    }
  }
)",
                  {{"groups", std::to_string(groups)},
                   {"bins", std::to_string(size(value) / groups)},
                   {"edges", constant(o.constant)},
                   {"from", from},
                   {"to", to}});
  }

  std::int64_t channels(const NetOperation& o) const {
    return model_.parameters()[static_cast<std::size_t>(o.constant)].value.size();
  }

  std::string normalize(const NetOperation& o, int value, const std::string& from, const std::string& to) {
    return heading(o) + filled(R"(  for (int j = 0; j < @n@; ++j) {
    const float factor = @gamma@[j] * (1.0f / sqrtf(@variance@[j] + @epsilon@));
    for (int i = j; i < @all@; i += @n@) @to@[i] = fmaf(@from@[i] - @mean@[j], factor, @beta@[j]);
  }
)",
                               {{"n", std::to_string(channels(o))},
                                {"all", std::to_string(size(value))},
                                {"gamma", constant(o.constant)},
                                {"beta", constant(o.bias)},
                                {"mean", constant(o.mean)},
                                {"variance", constant(o.variance)},
                                {"epsilon", literal(static_cast<float>(o.factor))},
                                {"from", from},
                                {"to", to}});
  }

  std::string normalize_rows(const NetOperation& o, int value, const std::string& from, const std::string& to) {
    return heading(o) + fmt::format("  for (int i = 0; i < {1}; i += {0}) {2}({3} + i, {4}, {5}, {6}, {7} + i);\n",
                                    channels(o), size(value), functions_.normalize_rows(channels(o)), from,
                                    constant(o.constant), constant(o.bias), literal(static_cast<float>(o.factor)), to);
  }

  std::string apply(const NetOperation& o, int value, const std::string& from, const std::string& to) {
    const std::int64_t n = size(value);
    if (!o.activation.kind().rowwise) {
      return fmt::format("  for (int j = 0; j < {}; ++j) {}[j] = {}({}[j]);\n", n, to,
                         functions_.activation(o.activation), from);
    }
    const std::string copy = from == to ? "" : fmt::format("  memcpy({}, {}, {} * sizeof *{});\n", to, from, n, to);
    return copy + fmt::format("  {}({});\n", functions_.softmax(n), to);
  }

  std::string concat(const NetOperation& o, const std::vector<std::string>& from, const std::string& to) {
    std::string result;
    std::int64_t at = 0;
    for (std::size_t i = 0; i < from.size(); ++i) {
      const std::int64_t n = size(o.inputs[i]);
      result += fmt::format("  memcpy({} + {}, {}, {} * sizeof *{});\n", to, at, from[i], n, to);
      at += n;
    }
    return result;
  }

  std::string look_up(const NetOperation& o, const std::string& n, const std::string& from, const std::string& to) {
    return filled(R"(  if (@from@[@column@] > -0.5f && @from@[@column@] < @rows@.0f - 0.5f) {
    memcpy(@to@, @table@ + (@first@ + (int)(@from@[@column@] + 0.5f)) * @n@, @n@ * sizeof *@to@);
  } else {
    for (int j = 0; j < @n@; ++j) @to@[j] = 0.0f;
  }
)",
                  {{"from", from},
                   {"column", std::to_string(o.first)},
                   {"rows", std::to_string(o.rows)},
                   {"table", constant(o.constant)},
                   {"first", std::to_string(o.first_row)},
                   {"n", n},
                   {"to", to}});
  }

  const Model& model_;
  const Net& net_;
  std::string prefix_;
  Functions& functions_;
  Buffers buffers_;
  std::map<int, std::string> names_{};
  NetText text_{};
};

}  // namespace

NetText net_text(const Model& model, const Net& net, const std::string& prefix, Functions& functions) {
  return NetWriter(model, net, prefix, functions).write();
}

}  // namespace pellucid::c
