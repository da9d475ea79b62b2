// Trainings that continue from a checkpoint: their result, refusals, and what a checkpoint stores.
// Not here: the folder and the columns of a run (tests/cli/resume.txt).
#include <gtest/gtest.h>

#include <cmath>

#include "core/file.h"
#include "core/settings.h"
#include "files/safetensors.h"
#include "pellucid/error.h"
#include "pellucid/trainer.h"
#include "support/files.h"

namespace pellucid {
namespace {

// Three noisy clusters in which every fifth label is wrong, so that early stopping and the search for wrong labels have
// an effect.
struct Rows {
  std::vector<float> x;
  std::vector<std::int32_t> y;
  Dataset data() const { return Dataset::classification(x, {2}, y, 3); }
};

Rows rows(std::int64_t count, std::uint64_t seed) {
  Random random({.seed = seed});
  Rows rows;
  for (std::int64_t r = 0; r < count; ++r) {
    const auto label = static_cast<std::int32_t>(r % 3);
    rows.x.push_back(static_cast<float>(label + 0.6 * random.normal()));
    rows.x.push_back(static_cast<float>(label == 1 ? 2 : 0.6 * random.normal()));
    rows.y.push_back(r % 5 == 0 ? (label + 1) % 3 : label);
  }
  return rows;
}

struct Trained {
  std::string bytes;
  History history;
  std::vector<std::string> checkpoints;
};

FitOptions usual() {
  FitOptions options{.epochs = 8, .batch_size = 16, .patience = 0};
  options.health = true;
  return options;
}

Trained train(FitOptions options, const Dataset& data = rows(120, 1).data(),
              Model model = Model{Dense{16, tanh}, Dropout{0.1}, Dense{3, softmax}}) {
  Trained trained;
  options.checkpoint = [&](const Checkpoint& state) { trained.checkpoints.push_back(state()); };
  trained.history = fit(model, data, rows(60, 2).data(), options);
  trained.bytes = model.to_bytes();
  return trained;
}

FitOptions from(const std::string& checkpoint, FitOptions options = usual()) {
  options.resume = checkpoint;
  return options;
}

Error refusal(FitOptions options, const Dataset& data = rows(120, 1).data(),
              Model model = Model{Dense{16, tanh}, Dropout{0.1}, Dense{3, softmax}}) {
  return test::refusal([&] { train(options, data, model); });
}

TEST(Resuming, a_resumed_training_has_the_same_health_as_an_uninterrupted_one) {
  const Trained whole = train(usual());
  const Trained resumed = train(from(whole.checkpoints[2]));
  EXPECT_EQ(resumed.bytes, whole.bytes);
  const Health &a = *whole.history.health, &b = *resumed.history.health;
  EXPECT_EQ(a.own_probability, b.own_probability);
  ASSERT_EQ(a.epochs.size(), b.epochs.size());
  for (std::size_t e = 0; e < a.epochs.size(); ++e) {
    EXPECT_EQ(a.epochs[e].epoch, b.epochs[e].epoch);
    for (std::size_t l = 0; l < a.epochs[e].layers.size(); ++l)
      EXPECT_EQ(a.epochs[e].layers[l].gradient_rms, b.epochs[e].layers[l].gradient_rms);
  }
  EXPECT_EQ(a.first_values.front().outputs.counts, b.first_values.front().outputs.counts);
  EXPECT_EQ(a.last_values.front().outputs.counts, b.last_values.front().outputs.counts);
}

struct CancelAt : Observer {
  explicit CancelAt(std::int64_t step) : at(step) {}
  std::int64_t at;
  std::atomic<bool> flag{false};
  void on_step(std::int64_t step, const Values<float>&) override { flag = step >= at; }
};

TEST(Resuming, a_training_cancelled_within_an_epoch_counts_no_row_twice) {
  const Trained whole = train(usual());
  // An epoch has 8 steps: within an epoch, and at its end.
  for (const std::int64_t step : {std::int64_t{19}, std::int64_t{24}}) {
    CancelAt observer(step);
    FitOptions options = usual();
    options.observers = {&observer};
    options.cancel = &observer.flag;
    const Trained begun = train(options);
    EXPECT_EQ(begun.history.stopped, "cancelled");
    const Trained resumed = train(from(begun.checkpoints.back()));
    EXPECT_EQ(resumed.bytes, whole.bytes);
    EXPECT_EQ(resumed.history.health->own_probability, whole.history.health->own_probability);
    EXPECT_EQ(resumed.history.health->epochs.size(), whole.history.health->epochs.size());
  }
}

TEST(Resuming, a_training_that_stopped_early_is_not_continued_by_more_epochs) {
  FitOptions options = usual();
  options.epochs = 300;
  options.optimizer = Adam{.learning_rate = 0.02};
  options.patience = 3;
  const Trained whole = train(options);
  ASSERT_EQ(whole.history.stopped, "no better val loss for 3 epochs");
  const auto epochs = whole.history.epochs.size();
  ASSERT_LT(epochs, 300u);
  for (const std::int64_t wanted : {300, 500}) {
    options.epochs = wanted;
    const Trained again = train(from(whole.checkpoints.back(), options));
    EXPECT_EQ(again.history.stopped, whole.history.stopped);
    EXPECT_EQ(again.history.epochs.size(), epochs);
    EXPECT_EQ(again.bytes, whole.bytes);
    EXPECT_EQ(again.history.health->own_probability, whole.history.health->own_probability);
  }
  options.epochs = 300;
  options.patience = 6;
  const Trained patient = train(options);
  EXPECT_GT(patient.history.epochs.size(), epochs);
  EXPECT_EQ(train(from(whole.checkpoints.back(), options)).bytes, patient.bytes);
}

TEST(Resuming, check_fit_says_whether_there_is_anything_left_to_do) {
  const Trained whole = train(usual());
  Model model{Dense{16, tanh}, Dropout{0.1}, Dense{3, softmax}};
  model.build({2}, 42);
  const auto left = [&](const FitOptions& options) {
    return check_fit(model, rows(120, 1).data(), rows(60, 2).data(), options);
  };
  EXPECT_EQ(left(usual()), "");
  EXPECT_EQ(left(from(whole.checkpoints[5])), "");
  EXPECT_EQ(left(from(whole.checkpoints.back())), "all epochs done");
  FitOptions fewer = from(whole.checkpoints[5]);
  fewer.epochs = 4;
  EXPECT_EQ(test::refusal([&] { left(fewer); }).code(), "U31");
}

TEST(Resuming, other_rows_are_refused) {
  const std::string checkpoint = train(usual()).checkpoints[3];
  Rows changed = rows(120, 1);
  changed.x[7] += 0.001f;
  EXPECT_EQ(refusal(from(checkpoint), changed.data()).code(), "D42");
  changed = rows(120, 1);
  changed.y[7] = (changed.y[7] + 1) % 3;
  EXPECT_EQ(refusal(from(checkpoint), changed.data()).code(), "D42");
  changed = rows(120, 1);
  std::swap(changed.x[0], changed.x[2]);
  std::swap(changed.x[1], changed.x[3]);
  std::swap(changed.y[0], changed.y[1]);
  EXPECT_EQ(refusal(from(checkpoint), changed.data()).code(), "D42");
  const Error fewer = refusal(from(checkpoint), rows(117, 1).data());
  EXPECT_EQ(fewer.code(), "D42");
  EXPECT_NE(fewer.text().find("training rows: was 120, now 117"), std::string::npos) << fewer.text();
}

TEST(Resuming, other_settings_are_refused_by_name_unless_they_affect_no_weight) {
  const Trained whole = train(usual());
  const std::string& checkpoint = whole.checkpoints[3];
  const auto refused = [&](const char* line, const std::function<void(FitOptions&)>& change) {
    FitOptions options = from(checkpoint);
    change(options);
    const Error error = refusal(options);
    EXPECT_EQ(error.code(), "U31");
    EXPECT_NE(error.text().find(line), std::string::npos) << error.text();
  };
  refused("batch_size: was 16, now 8", [](FitOptions& o) { o.batch_size = 8; });
  refused("keep_best: was true, now false", [](FitOptions& o) { o.keep_best = false; });
  refused("min_delta: was 0.0, now 0.1", [](FitOptions& o) { o.min_delta = 0.1; });
  refused("patience: was 0, now 5", [](FitOptions& o) { o.patience = 5; });
  refused("best_by: was loss, now score", [](FitOptions& o) { o.best_by = BestBy::score; });
  refused("optimizer learning_rate: was 0.001, now 0.01",
          [](FitOptions& o) { o.optimizer = Adam{.learning_rate = 0.01}; });
  refused("schedule kind: was constant, now cosine", [](FitOptions& o) { o.schedule.kind = "cosine"; });
  FitOptions threads = from(checkpoint);
  threads.threads = 1;
  threads.health = false;
  EXPECT_EQ(train(threads).bytes, whole.bytes);
}

TEST(Resuming, another_model_with_the_same_shapes_is_refused_by_layer) {
  const std::string checkpoint = train(usual()).checkpoints[3];
  const Error activation =
      refusal(from(checkpoint), rows(120, 1).data(), Model{Dense{16, relu}, Dropout{0.1}, Dense{3, softmax}});
  EXPECT_NE(activation.text().find("layer dense1: activation: was tanh, now relu"), std::string::npos)
      << activation.text();
  const Error dropout =
      refusal(from(checkpoint), rows(120, 1).data(), Model{Dense{16, tanh}, Dropout{0.2}, Dense{3, softmax}});
  EXPECT_NE(dropout.text().find("rate: was 0.1, now 0.2"), std::string::npos) << dropout.text();
  EXPECT_EQ(
      refusal(from(checkpoint), rows(120, 1).data(), Model{Dense{8, tanh}, Dropout{0.1}, Dense{3, softmax}}).code(),
      "U31");
}

TEST(Resuming, a_schedule_over_all_epochs_does_not_allow_another_number_of_epochs) {
  FitOptions options = usual();
  options.schedule.kind = "cosine";
  const std::string checkpoint = train(options).checkpoints[3];
  options.epochs = 12;
  const Error error = refusal(from(checkpoint, options));
  EXPECT_NE(error.text().find("epochs: was 8, now 12; a schedule"), std::string::npos) << error.text();
  options = usual();
  const Trained begun = train(options);
  options.epochs = 12;
  EXPECT_EQ(train(from(begun.checkpoints.back(), options)).bytes, train(options).bytes);
}

TEST(Resuming, lbfgs_continues_with_the_same_bits) {
  FitOptions options{.epochs = 14, .optimizer = Lbfgs{}, .patience = 0};
  const Model net{Dense{6, tanh}, Dense{3, softmax}};
  const Trained whole = train(options, rows(120, 1).data(), net);
  ASSERT_EQ(whole.checkpoints.size(), 14u);
  for (const std::size_t at : {std::size_t{0}, std::size_t{2}, std::size_t{12}}) {
    const Trained resumed = train(from(whole.checkpoints[at], options), rows(120, 1).data(), net);
    EXPECT_EQ(resumed.bytes, whole.bytes) << at;
    EXPECT_EQ(resumed.history.epochs.size(), 14u);
  }
}

TEST(Resuming, a_finished_lbfgs_search_stays_finished) {
  FitOptions options{.epochs = 500, .optimizer = Lbfgs{.tolerance = 1e-2}, .patience = 0};
  const Model net{Dense{3, softmax}};
  const Trained whole = train(options, rows(120, 1).data(), net);
  ASSERT_LT(whole.history.epochs.size(), 500u);
  const Trained again = train(from(whole.checkpoints.back(), options), rows(120, 1).data(), net);
  EXPECT_EQ(again.history.epochs.size(), whole.history.epochs.size());
  EXPECT_EQ(again.history.stopped, whole.history.stopped);
  EXPECT_EQ(again.bytes, whole.bytes);
}

// The checkpoint with a changed description or changed tensors, and with a correct checksum.
std::string rewritten(const std::string& bytes, const std::function<void(StoredFile&, Json&)>& change) {
  StoredFile file = read_safetensors(bytes, "checkpoint");
  std::string& text = file.texts["pellucid.checkpoint"];
  Json document = Json::parse(text);
  file.texts.erase("checksum");
  change(file, document);
  text = document.dump();
  return write_safetensors(file);
}

TEST(Resuming, checkpoints_of_the_first_version_are_accepted) {
  const Trained whole = train(usual());
  const std::string old = rewritten(whole.checkpoints[3], [](StoredFile& file, Json& document) {
    Json fingerprint = document["fingerprint"];
    for (const char* name :
         {"train", "validation", "layers", "patience", "min_delta", "stop_change", "keep_best", "best_by"})
      fingerprint.erase(name);
    document["fingerprint"] = fingerprint.dump();
    document.erase("exhausted");
    document.erase("health");
    file.tensors.erase(std::remove_if(file.tensors.begin(), file.tensors.end(),
                                      [](const StoredTensor& t) { return t.name.starts_with("health"); }),
                       file.tensors.end());
  });
  EXPECT_FALSE(checkpoint_info(old).complete);
  EXPECT_TRUE(checkpoint_info(whole.checkpoints[3]).complete);
  EXPECT_EQ(train(from(old)).bytes, whole.bytes);
  FitOptions other = from(old);
  other.l2 = 0.1;
  EXPECT_EQ(refusal(other).code(), "U31");
}

TEST(Resuming, an_incomplete_checkpoint_is_refused_as_damaged) {
  const std::string good = train(usual()).checkpoints[3];
  const auto damaged = [&](const std::function<void(StoredFile&, Json&)>& change) {
    EXPECT_EQ(refusal(from(rewritten(good, change))).code(), "D21");
  };
  damaged([](StoredFile& file, Json&) { file.tensors.clear(); });
  for (const char* tensor : {"parameter.1", "best.0", "state.0.1", "state.3.0"}) {
    damaged([&](StoredFile& file, Json&) {
      std::erase_if(file.tensors, [&](const StoredTensor& t) { return t.name == tensor; });
    });
  }
  for (const char* member : {"fingerprint", "epochs_done", "steps", "best_loss", "has_best", "history"}) {
    damaged([&](StoredFile&, Json& document) { document.erase(member); });
    damaged([&](StoredFile&, Json& document) { document[member] = Json::array({nullptr}); });
  }
  for (const std::int64_t epochs : {std::int64_t{-1}, std::int64_t{0}, std::int64_t{5}, INT64_MAX}) {
    damaged([&](StoredFile&, Json& document) { document["epochs_done"] = epochs; });
  }
  damaged([](StoredFile&, Json& document) { document["health"]["label_epochs"] = "two"; });
}

TEST(Resuming, a_note_is_read_back_unchanged) {
  FitOptions options = usual();
  options.note = "{\"x\": \"ä\\n\"}";
  const CheckpointInfo info = checkpoint_info(train(options).checkpoints[1]);
  EXPECT_EQ(info.note, options.note);
  EXPECT_EQ(info.history.epochs.size(), 2u);
}

// Written after three of eight epochs, by a version from before the Trainer.
TEST(Resuming, a_checkpoint_of_an_earlier_version_gives_the_bits_of_an_uninterrupted_training) {
  FitOptions options = usual();
  options.schedule.kind = "cosine";
  const std::string bytes = read_file(PELLUCID_SOURCE_DIR "/tests/golden/checkpoint.safetensors");
  EXPECT_EQ(checkpoint_info(bytes).note, "written before the trainer");
  EXPECT_EQ(checkpoint_info(bytes).history.epochs.size(), 3u);
  EXPECT_EQ(train(from(bytes, options)).bytes, train(options).bytes);

  FitOptions lbfgs{.epochs = 8, .patience = 0};
  lbfgs.optimizer = Lbfgs{};
  EXPECT_EQ(train(from(read_file(PELLUCID_SOURCE_DIR "/tests/golden/lbfgs_checkpoint.safetensors"), lbfgs)).bytes,
            train(lbfgs).bytes);
}

}  // namespace
}  // namespace pellucid
