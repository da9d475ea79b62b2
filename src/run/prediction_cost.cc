// Counts and measures one prediction. Not here: the operations (export/net.cc).
#include "run/prediction_cost.h"

#include <algorithm>
#include <chrono>
#include <numeric>
#include <vector>

#include "export/net.h"

namespace pellucid {

std::int64_t multiplications_per_row(const Model& model) {
  const Net net = net_of(model);
  std::int64_t count = 0;
  for (std::size_t i = 0; i < net.operations.size(); ++i) {
    const NetOperation& operation = net.operations[i];
    const bool product = operation.kind == NetOperator::product || operation.kind == NetOperator::group_product;
    const bool factor = operation.kind == NetOperator::multiply || operation.kind == NetOperator::multiply_constant ||
                        operation.kind == NetOperator::multiply_number || operation.kind == NetOperator::bin_shares;
    if (product) count += model.parameters()[static_cast<std::size_t>(operation.constant)].value.size();
    if (factor) count += net.sizes[i + 1];
  }
  return count;
}

double microseconds_per_row(const Model& model, const Dataset& rows) {
  constexpr std::int64_t most_rows = 256;
  std::vector<std::int64_t> positions(static_cast<std::size_t>(std::min(most_rows, rows.rows())));
  std::iota(positions.begin(), positions.end(), std::int64_t{0});
  const Dataset some = rows.subset(positions);
  (void)model.predict(some, 1);
  const auto begin = std::chrono::steady_clock::now();
  (void)model.predict(some, 1);
  const std::chrono::duration<double, std::micro> time = std::chrono::steady_clock::now() - begin;
  return time.count() / static_cast<double>(positions.size());
}

}  // namespace pellucid
