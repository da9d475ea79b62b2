// Asks each layer of a model for its operations.
// Not here: what each layer answers (src/layers).
#include "export/net.h"

#include <algorithm>

#include "core/text.h"
#include "model/heads.h"
#include "pellucid/error.h"

namespace pellucid {

namespace {

class Recorder final : public Expression {
 public:
  explicit Recorder(const Model& model) : model_(model) { net_.sizes.push_back(model.row_shape().elements()); }

  void add_node(int node) {
    node_ = node;
    const Node& here = model_.nodes()[static_cast<std::size_t>(node)];
    try {
      outputs_.push_back(here.layer->express(*this).index);
    } catch (const Error& error) {
      if (error.code() != "U29") throw;
      throw Error("U29", "layer " + quote(here.name) + ": " + error.what(), error.details());
    }
  }

  Net finished() {
    for (const int node : output_nodes(model_)) net_.outputs.push_back(outputs_[static_cast<std::size_t>(node)]);
    return net_;
  }

  int inputs() const override {
    return static_cast<int>(model_.nodes()[static_cast<std::size_t>(node_)].inputs.size());
  }
  Value input(int i) const override {
    const int from = model_.nodes()[static_cast<std::size_t>(node_)].inputs.at(static_cast<std::size_t>(i));
    return {from < 0 ? 0 : outputs_[static_cast<std::size_t>(from)]};
  }
  Shape input_shape(int i) const override { return model_.input_shapes(node_).at(static_cast<std::size_t>(i)); }
  std::int64_t size(Value value) const override { return net_.sizes.at(static_cast<std::size_t>(value.index)); }

  Constant constant(int need) override {
    const int shares = model_.nodes()[static_cast<std::size_t>(node_)].shares;
    const int owner = shares < 0 ? node_ : shares;
    const auto& parameters = model_.parameters();
    const auto found =
        std::ranges::find_if(parameters, [&](const auto& p) { return p.node == owner && p.need == need; });
    if (found == parameters.end()) throw Error("U29", "it has no parameter number " + std::to_string(need));
    return {static_cast<int>(found - parameters.begin())};
  }

  Value product(Value x, Constant weight, Constant bias) override {
    const Shape& shape = value_of(weight).shape();
    require(shape.rank() == 2 && shape[0] == size(x), "its weight does not fit its input");
    return put({.kind = NetOperator::product, .inputs = {x.index}, .constant = weight.index, .bias = bias.index},
               shape[1]);
  }
  Value group_product(Value x, std::int64_t groups, Constant weight, Constant bias) override {
    const Shape& shape = value_of(weight).shape();
    require(groups > 0 && shape.rank() == 2 && shape[0] == size(x) && shape[0] % groups == 0,
            "its weight does not fit its input");
    return put({.kind = NetOperator::group_product,
                .inputs = {x.index},
                .constant = weight.index,
                .bias = bias.index,
                .groups = groups},
               groups * shape[1]);
  }
  Value apply(const Activation& activation, Value x) override {
    if (activation.kind().builtin < 0) {
      throw Error("U29", std::string("its activation ") + activation.kind().name + " is not one of pellucid's own");
    }
    if (std::string_view(activation.kind().name) == "linear") return x;
    return put({.kind = NetOperator::apply, .inputs = {x.index}, .activation = activation}, size(x));
  }
  Value add(Value a, Value b) override { return two(NetOperator::add, a, b); }
  Value add(Constant terms, Value x) override {
    require(value_of(terms).size() == size(x), "its terms do not fit its input");
    return put({.kind = NetOperator::add_constant, .inputs = {x.index}, .constant = terms.index}, size(x));
  }
  Value multiply(Value a, Value b) override { return two(NetOperator::multiply, a, b); }
  Value multiply(Constant factors, Value x) override {
    require(value_of(factors).size() == size(x), "its factors do not fit its input");
    return put({.kind = NetOperator::multiply_constant, .inputs = {x.index}, .constant = factors.index}, size(x));
  }
  Value multiply(double factor, Value x) override {
    return put({.kind = NetOperator::multiply_number, .inputs = {x.index}, .factor = factor}, size(x));
  }
  Value concat(std::span<const Value> values) override {
    require(!values.empty(), "it joins no values");
    if (values.size() == 1) return values.front();
    NetOperation joined{.kind = NetOperator::concat};
    std::int64_t total = 0;
    for (const Value value : values) {
      joined.inputs.push_back(value.index);
      total += size(value);
    }
    return put(std::move(joined), total);
  }
  Value slice(Value x, std::int64_t first, std::int64_t count) override {
    require(first >= 0 && count > 0 && count <= size(x) - first, "it takes numbers that its input does not have");
    if (count == size(x)) return x;
    return put({.kind = NetOperator::slice, .inputs = {x.index}, .first = first}, count);
  }
  Value look_up(Value x, std::int64_t column, Constant table, std::int64_t first_row, std::int64_t rows) override {
    const Shape& shape = value_of(table).shape();
    require(shape.rank() == 2 && column >= 0 && column < size(x) && first_row >= 0 && rows > 0 &&
                rows <= shape[0] - first_row,
            "it looks rows up that its table does not have");
    return put({.kind = NetOperator::look_up,
                .inputs = {x.index},
                .constant = table.index,
                .first = column,
                .first_row = first_row,
                .rows = rows},
               shape[1]);
  }
  Value bin_shares(Value x, Constant edges) override {
    const Shape& shape = value_of(edges).shape();
    require(shape.rank() == 2 && shape[0] == size(x) && shape[1] > 1, "its edges do not fit its input");
    return put({.kind = NetOperator::bin_shares, .inputs = {x.index}, .constant = edges.index},
               shape[0] * (shape[1] - 1));
  }
  Value normalize(Value x, Constant mean, Constant variance, double epsilon, Constant gamma, Constant beta) override {
    require_channels(x, {mean, variance, gamma, beta});
    return put({.kind = NetOperator::normalize,
                .inputs = {x.index},
                .constant = gamma.index,
                .bias = beta.index,
                .mean = mean.index,
                .variance = variance.index,
                .factor = epsilon},
               size(x));
  }
  Value normalize_rows(Value x, double epsilon, Constant gamma, Constant beta) override {
    require_channels(x, {gamma, beta});
    return put({.kind = NetOperator::normalize_rows,
                .inputs = {x.index},
                .constant = gamma.index,
                .bias = beta.index,
                .factor = epsilon},
               size(x));
  }
  Value convolution(Value x, const PictureWindow& window, std::int64_t groups, Constant weight,
                    Constant bias) override {
    const Shape& shape = value_of(weight).shape();
    require_picture(x, window);
    require(shape.rank() == 4 && groups > 0 && shape[2] * groups == window.channels && shape[3] % groups == 0,
            "its weight does not fit its input");
    return put({.kind = NetOperator::convolution,
                .inputs = {x.index},
                .constant = weight.index,
                .bias = bias.index,
                .groups = groups,
                .window = window},
               window.out_rows * window.out_columns * shape[3]);
  }
  Value pool(Value x, const PictureWindow& window, bool mean) override {
    require_picture(x, window);
    return put(
        {.kind = mean ? NetOperator::average_pool : NetOperator::max_pool, .inputs = {x.index}, .window = window},
        window.out_rows * window.out_columns * window.channels);
  }

 private:
  void require_picture(Value x, const PictureWindow& window) const {
    require(size(x) == window.height * window.width * window.channels, "its picture does not fit its input");
  }
  // All constants of a normalization have one number per channel, and the channels divide the row.
  void require_channels(Value x, std::initializer_list<Constant> constants) const {
    const std::int64_t channels = value_of(*constants.begin()).size();
    for (const Constant one : constants) {
      require(value_of(one).size() == channels && channels > 0 && size(x) % channels == 0,
              "its constants do not fit its input");
    }
  }
  static void require(bool fits, const char* otherwise) {
    if (!fits) throw Error("U29", otherwise);
  }
  const Tensor<float>& value_of(Constant constant) const {
    return model_.parameters().at(static_cast<std::size_t>(constant.index)).value;
  }
  Value two(NetOperator kind, Value a, Value b) {
    require(size(a) == size(b), "two of its values differ in size");
    return put({.kind = kind, .inputs = {a.index, b.index}}, size(a));
  }
  Value put(NetOperation operation, std::int64_t size) {
    operation.node = node_;
    net_.operations.push_back(std::move(operation));
    net_.sizes.push_back(size);
    return {static_cast<int>(net_.operations.size())};
  }

  const Model& model_;
  int node_ = 0;
  std::vector<int> outputs_{};  // the value of each node
  Net net_{};
};

}  // namespace

std::vector<int> Net::last_uses() const {
  std::vector<int> last(sizes.size(), -1);
  for (std::size_t i = 0; i < operations.size(); ++i) {
    for (const int value : operations[i].inputs) last[static_cast<std::size_t>(value)] = static_cast<int>(i);
  }
  for (const int value : outputs) last[static_cast<std::size_t>(value)] = static_cast<int>(operations.size());
  return last;
}

Net net_of(const Model& model) {
  if (!model.is_built()) throw Error("U21", "the model has no parameters yet");
  Recorder recorder(model);
  for (std::size_t i = 0; i < model.nodes().size(); ++i) recorder.add_node(static_cast<int>(i));
  return recorder.finished();
}

}  // namespace pellucid
