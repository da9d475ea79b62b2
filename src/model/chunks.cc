// Computes a long batch in chunks: a few rows at a time go through forward, loss and backward, so that their values
// stay in a core's cache.
// Not here: which batches are computed in chunks (plan.cc), forward, loss and backward themselves (workspace.cc).
//
// Each row block (see the numerical contract) is computed by one thread. Its gradient sums continue from chunk to chunk
// in ascending rows, so results do not depend on the chunk size. Afterwards the fixed tree folds the blocks.
#include <atomic>

#include "core/float_env.h"
#include "kernels/parallel.h"
#include "model/fold.h"
#include "model/workspace.h"

namespace pellucid {

template <class T>
void Workspace<T>::walk_chunks(T scale) {
  const std::int64_t block = plan_.options().row_block, blocks = (rows_ + block - 1) / block;
  std::atomic<std::int64_t> next{0};  // blocks are handed out one by one, so a faster thread computes more of them
  team_.run(static_cast<int>(std::min<std::int64_t>(team_.size(), blocks)), [&](int member) {
    Workspace& walker = *walkers_[static_cast<std::size_t>(member)];
    walker.set_batch_form(labelled_, weighted_);
    for (std::int64_t i; (i = next.fetch_add(1, std::memory_order_relaxed)) < blocks;) {
      aim(walker, i);
      walk_block(walker, i, scale);
    }
  });
}

template <class T>
void Workspace<T>::walk_block(Workspace& walker, std::int64_t block, T scale) const {
  const FloatEnvironment<T> environment;
  const std::int64_t first = block * plan_.options().row_block, chunk = plan_.chunk()->options().rows;
  const std::int64_t end = std::min(rows_, first + plan_.options().row_block);
  for (std::int64_t row = first; row < end; row += chunk) {
    for (std::size_t i = 0; i < walker.passes_.size(); ++i) {
      const std::vector<int>& inputs = model_.nodes()[i].inputs;
      for (std::size_t j = 0; j < inputs.size(); ++j) {
        if (inputs[j] < 0) walker.passes_[i].x[j].data = input().row(row);
      }
      walker.passes_[i].add = row > first;
    }
    View<T> rows_targets = targets();
    rows_targets.data += row * rows_targets.stride;
    walker.loss_data_ = {rows_targets, loss_data_.weights + row, loss_data_.losses + row, loss_data_.labels + row};
    StepKey key = key_;
    key.first_row += static_cast<std::uint32_t>(row);
    walker.forward(std::min(chunk, end - row), true, key);
    walker.row_losses(true, scale);
    walker.backward();
  }
}

// Makes the walker write its gradients into the sums of this row block.
template <class T>
void Workspace<T>::aim(Workspace& walker, std::int64_t block) const {
  T* sums = at(plan_.block_sums).row(block);
  for (std::size_t i = 0; i < walker.passes_.size(); ++i) {
    const std::vector<Region>& gradients = plan_.nodes()[i].gradients;
    for (std::size_t k = 0; k < gradients.size(); ++k) {
      if (gradients[k].offset < 0) continue;
      walker.passes_[i].sinks[k].gradient = sums + (gradients[k].offset - plan_.block_sums.offset);
    }
  }
}

template <class T>
void Workspace<T>::fold_blocks() {
  const View<T> sums = at(plan_.block_sums);
  const std::int64_t block = plan_.options().row_block, blocks = (rows_ + block - 1) / block;
  parallel_rows<T>(team_, sums.columns, static_cast<double>(blocks), [&](std::int64_t begin, std::int64_t end) {
    fold_tree(std::int64_t{0}, blocks, [&](std::int64_t to, std::int64_t from) {
      kernels<T>().add(end - begin, sums.row(from) + begin, sums.row(to) + begin);
    });
  });
}

#define PELLUCID_CHUNKS(T)                                                   \
  template void Workspace<T>::walk_chunks(T);                                \
  template void Workspace<T>::walk_block(Workspace&, std::int64_t, T) const; \
  template void Workspace<T>::aim(Workspace&, std::int64_t) const;           \
  template void Workspace<T>::fold_blocks();
PELLUCID_CHUNKS(float)
PELLUCID_CHUNKS(double)
#undef PELLUCID_CHUNKS

}  // namespace pellucid
