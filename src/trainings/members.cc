// The course of a training with members: nets on threads, members in order, the model at the end.
// Not here: threads (side_by_side.cc), one net (train_once.cc).
#include "trainings/members.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

#include "judge/scorer.h"
#include "pellucid/setting_hint.h"
#include "recipe/build.h"
#include "recipe/metric_rules.h"
#include "recipe/presets.h"
#include "trainings/average.h"
#include "trainings/member_space.h"
#include "trainings/selection.h"
#include "trainings/side_by_side.h"
#include "trainings/train_once.h"

namespace pellucid {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

struct TrainedNet {
  MemberNet record;
  Model model;
  History history;
  Tensor<float> outputs;  // for its validation rows
  std::optional<Error> diverged;
  bool cancelled = false;
};

// The rows of one fold as a split of their own.
std::vector<Split> splits_of(const Split& split) {
  std::vector<Split> splits;
  for (const Split::Fold& fold : split.folds) {
    Split& one = splits.emplace_back();
    one.train = fold.train;
    one.validation = fold.validation;
    one.preprocessor = split.preprocessor;
  }
  return splits;
}

class Training {
 public:
  Training(const Recipe& recipe, const Split& split, const MemberOptions& options)
      : recipe_(recipe),
        split_(split),
        options_(options),
        space_(recipe, split.preprocessor),
        folds_(splits_of(split)),
        rows_(folds_.empty() ? split.validation : split.out_of_fold),
        threads_(options.threads.value_or(usable_threads(recipe))) {
    result_.record.planned = recipe.training.members.value();
    result_.record.folds = std::ssize(folds_);
  }

  TrainedMembers run() {
    InOrder<TrainedNet> order([&](std::size_t, TrainedNet net) { take(std::move(net)); });
    const auto jobs = static_cast<std::size_t>(result_.record.planned) * nets_each();
    side_by_side(
        jobs, threads_, [&](std::size_t i) { order.add(i, train(i)); }, [&](std::size_t i) { return may_start(i); });
    result_.record.seconds = seconds_since(begin_);
    finish();
    return std::move(result_);
  }

 private:
  std::size_t nets_each() const { return std::max<std::size_t>(1, folds_.size()); }
  bool is_cancelled() const { return options_.cancel != nullptr && options_.cancel->load(std::memory_order_relaxed); }
  bool may_start(std::size_t job) const;
  TrainedNet train(std::size_t job);
  void take(TrainedNet net);
  void end_member();
  Tensor<float> outputs_of(const std::vector<TrainedNet>& nets) const;
  Tensor<float> average_outputs(const std::vector<std::size_t>& members) const;
  double score_of(const Tensor<float>& outputs, std::size_t member) const;
  double seconds_left() const;
  void finish();
  std::vector<Model> models_of(const std::vector<std::size_t>& members) const;

  const Recipe& recipe_;
  const Split& split_;
  const MemberOptions& options_;
  const MemberSpace space_;
  const std::vector<Split> folds_;
  const Dataset rows_;
  const std::int64_t threads_;
  const Clock::time_point begin_ = Clock::now();
  std::atomic<double> slowest_{0};             // seconds of a net
  std::vector<std::vector<TrainedNet>> nets_;  // of each member that has begun; the last may lack some
  std::vector<Tensor<float>> outputs_;         // of each member that has ended
  std::vector<Answers> answers_;
  std::optional<AnswerJudge> judge_;
  bool cut_ = false;  // a net was cancelled
  TrainedMembers result_;
};

// A member begins unless it would not end in time, judged by the slowest net so far. The first one always begins, and
// one that has begun goes on.
bool Training::may_start(std::size_t job) const {
  if (is_cancelled()) return false;
  if (recipe_.training.time_limit <= 0 || job < nets_each() || job % nets_each() != 0) return true;
  const auto rounds = static_cast<double>((std::ssize(folds_) + threads_ - 1) / threads_);
  return seconds_since(begin_) + slowest_ * std::max(1.0, rounds) <= recipe_.training.time_limit;
}

TrainedNet Training::train(std::size_t job) {
  const auto number = static_cast<std::int64_t>(job / nets_each()) + 1;
  const std::size_t at = job % nets_each();
  const Split& split = folds_.empty() ? split_ : folds_[at];
  const Recipe recipe = space_.settings(number);
  const auto begin = Clock::now();
  TrainedNet net;
  net.record.fold = folds_.empty() ? 0 : static_cast<std::int64_t>(at) + 1;
  net.record.seed = space_.seed(number, net.record.fold);
  OnceOptions once{.seed = net.record.seed, .threads = 1, .cancel = options_.cancel};
  once.watched = job == 0 && options_.first != nullptr;
  FitOptions fit_options = once.watched ? *options_.first : make_fit_options(recipe);
  fit_options.note = options_.note;
  const std::int64_t which = static_cast<std::int64_t>(at) + 1;
  if (options_.kept && !once.watched) once.kept = options_.kept(number, which);
  if (options_.keep) once.keep = [&](const std::string& bytes) { options_.keep(number, which, bytes); };
  const bool goes_on = once.kept || (once.watched && fit_options.resume);
  TrainedOnce trained = train_once(make_model(recipe, split.preprocessor), split, std::move(fit_options), once);
  net.model = std::move(trained.model);
  net.history = std::move(trained.history);
  net.diverged = std::move(trained.diverged);
  net.cancelled = trained.cancelled;
  net.record.epochs = std::ssize(net.history.epochs);
  net.record.best_epoch = net.history.best_epoch > 0 ? net.history.best_epoch : net.record.epochs;
  if (!net.diverged && !net.cancelled) {
    net.outputs = net.model.predict(split.validation, 1);
    net.record.validation_score =
        net.history.epochs[static_cast<std::size_t>(net.record.best_epoch) - 1].validation_score;
  }
  net.record.seconds = goes_on ? net.history.seconds : seconds_since(begin);
  slowest_ = std::max(slowest_.load(), net.record.seconds);
  return net;
}

// Nets come in the order of members and folds. After one that was cancelled, none counts.
void Training::take(TrainedNet net) {
  if (cut_) return;
  cut_ = net.cancelled;
  if (nets_.empty() || nets_.back().size() == nets_each()) nets_.emplace_back();
  nets_.back().push_back(std::move(net));
  if (!cut_ && nets_.back().size() == nets_each()) end_member();
}

void Training::end_member() {
  std::vector<TrainedNet>& nets = nets_.back();
  std::vector<MemberRecord>& members = result_.record.members;
  MemberRecord& member = members.emplace_back();
  member.number = std::ssize(members);
  member.settings = space_.text(member.number);
  for (const TrainedNet& net : nets) member.nets.push_back(net.record);
  const auto failed = std::ranges::find_if(nets, [](const TrainedNet& net) { return net.diverged.has_value(); });
  member.diverged = failed != nets.end();
  outputs_.emplace_back();
  answers_.emplace_back();
  if (member.diverged) {
    if (!result_.diverged) result_.diverged = failed->diverged;
  } else {
    if (!judge_) judge_.emplace(nets.front().model, rows_, metric_name(recipe_));
    outputs_.back() = outputs_of(nets);
    answers_.back() = judge_->read(outputs_.back().view());
    member.loss = judge_->value(answers_.back());
    member.score = score_of(outputs_.back(), members.size() - 1);
  }
  if (!options_.found) return;
  MemberProgress progress{.member = member, .finished = std::ssize(members), .planned = result_.record.planned};
  if (judge_) {
    const std::vector<std::size_t> chosen = choose_members(answers_, *judge_);
    if (!chosen.empty()) progress.best_score = members[chosen.front()].score;
    if (!chosen.empty()) progress.ensemble_score = score_of(average_outputs(chosen), chosen.front());
  }
  progress.seconds_left = seconds_left();
  options_.found(progress);
}

// The member's outputs for all validation rows: of each fold those of its own net.
Tensor<float> Training::outputs_of(const std::vector<TrainedNet>& nets) const {
  if (nets.size() == 1) return nets.front().outputs;
  Tensor<float> all(Shape{rows_.rows(), nets.front().outputs.view().columns});
  float* to = all.data();
  for (const TrainedNet& net : nets) to = std::copy_n(net.outputs.data(), net.outputs.size(), to);
  return all;
}

Tensor<float> Training::average_outputs(const std::vector<std::size_t>& members) const {
  Tensor<float> mean = outputs_[members.front()];
  for (std::int64_t i = 0; i < mean.size(); ++i) {
    float sum = 0;
    for (const std::size_t member : members) sum += outputs_[member].data()[i];
    mean.data()[i] = sum * (1.0F / static_cast<float>(members.size()));
  }
  return mean;
}

// `member` gives the outputs their meaning: any one whose nets are complete.
double Training::score_of(const Tensor<float>& outputs, std::size_t member) const {
  const Model& model = nets_[member].front().model;
  Scorer scorer(model, rows_, recorded_loss(model, rows_), OutputSource::prediction);
  scorer.add(outputs.view(), 0);
  return scorer.score();
}

double Training::seconds_left() const {
  const auto done = static_cast<double>(result_.record.members.size());
  const double each = seconds_since(begin_) / done;
  const double by_number = each * (static_cast<double>(result_.record.planned) - done);
  const double limit = recipe_.training.time_limit;
  return limit > 0 ? std::min(by_number, std::max(0.0, limit - seconds_since(begin_))) : by_number;
}

std::vector<Model> Training::models_of(const std::vector<std::size_t>& members) const {
  std::vector<Model> models;
  for (const std::size_t member : members) {
    for (const TrainedNet& net : nets_[member]) models.push_back(net.model);
  }
  return models;
}

void Training::finish() {
  Members& record = result_.record;
  result_.cancelled = is_cancelled() && std::ssize(record.members) < record.planned;
  const std::vector<std::size_t> chosen = judge_ ? choose_members(answers_, *judge_) : std::vector<std::size_t>();
  if (chosen.empty()) {  // cancelled before the first member ended, or all diverged
    if (nets_.empty()) return;
    TrainedNet& first = nets_.front().front();
    result_.history = std::move(first.history);
    result_.model = result_.best = std::move(first.model);
    return;
  }
  result_.diverged.reset();
  record.best = chosen.front();
  for (const std::size_t member : chosen) record.members[member].chosen = true;
  std::vector<Answers> by_number;
  for (std::size_t i = 0; i < answers_.size(); ++i) {
    if (record.members[i].chosen) by_number.push_back(answers_[i]);
  }
  record.error_correlations = error_correlations(by_number, *judge_);
  result_.validation = {rows_, {}, average_outputs(chosen)};
  for (const std::size_t member : chosen) result_.validation.members.push_back(outputs_[member]);
  record.score = score_of(result_.validation.outputs, record.best);
  const bool first_diverged = nets_.front().front().diverged.has_value();
  result_.history = nets_[first_diverged ? record.best : 0].front().history;
  result_.best = average_of(models_of({record.best}));
  result_.model = average_of(models_of(chosen));
  record.best_parameters = result_.best.parameter_count();
}

}  // namespace

std::int64_t Members::chosen() const noexcept {
  return std::ranges::count_if(members, &MemberRecord::chosen);
}

double rounds_of_members(const Recipe& recipe) {
  const TrainingSettings& s = recipe.training;
  const std::int64_t nets = s.members.value_or(1) * std::max<std::int64_t>(1, s.cross_fit.value_or(0));
  return static_cast<double>(nets) / static_cast<double>(std::min(nets, usable_threads(recipe)));
}

void check_members(const Recipe& recipe, const Split& split) {
  if (!trains_members(recipe)) return;
  const auto refuse = [](const std::string& why, const std::string& way_out) {
    throw Error("U34", "members cannot be trained: " + why, {way_out});
  };
  if (!recipe.run.init_from.empty()) {
    refuse("all of them would start from the same weights", "leave out " + setting_hint("init_from"));
  }
  if (split.validation.empty()) {
    refuse("there are no validation rows by which they are chosen",
           "set rows aside: " + setting_hint("val_split", "0.15") + ", or " + setting_hint("cross_fit", "5"));
  }
  MemberSpace(recipe, split.preprocessor);
}

TrainedMembers train_members(const Recipe& recipe, const Split& split, const MemberOptions& options) {
  check_members(recipe, split);
  return Training(recipe, split, options).run();
}

}  // namespace pellucid
