// Members as JSON. Not here: lines for people (app/text/member_text.cc).
#include "run/member_json.h"

#include <string>

namespace pellucid {
namespace {

std::string field(const char* part, ScoreKind kind) {
  return part + std::string(name_of(kind));
}

}  // namespace

Json member_json(const MemberRecord& member, ScoreKind kind) {
  Json nets = Json::array();
  for (const MemberNet& net : member.nets) {
    Json& json = nets.emplace_back(Json{{"seed", net.seed},
                                        {"epochs", net.epochs},
                                        {"best_epoch", net.best_epoch},
                                        {field("val_", kind), net.validation_score},
                                        {"seconds", net.seconds}});
    if (net.fold > 0) json["fold"] = net.fold;
  }
  return {{"member", member.number},           {"settings", member.settings},   {"diverged", member.diverged},
          {field("val_", kind), member.score}, {"selection_loss", member.loss}, {"nets", std::move(nets)}};
}

Json member_event_json(const MemberProgress& progress, ScoreKind kind) {
  Json json = member_json(progress.member, kind);
  json["members"] = progress.planned;
  json[field("best_val_", kind)] = progress.best_score;
  json[field("ensemble_val_", kind)] = progress.ensemble_score;
  json["seconds_left"] = progress.seconds_left;
  return json;
}

Json members_json(const Members& members, ScoreKind kind, bool each) {
  Json chosen = Json::array();
  for (const MemberRecord& member : members.members) {
    if (member.chosen) chosen.push_back(member.number);
  }
  Json json = {{"trained", members.members.size()},
               {"chosen", std::move(chosen)},
               {"folds", members.folds},
               {"best", members.members.empty() ? Json() : Json(members.members[members.best].number)},
               {field("best_val_", kind), members.members.empty() ? Json() : Json(members.members[members.best].score)},
               {field("val_", kind), members.score},
               {"best_parameters", members.best_parameters},
               {"seconds", members.seconds}};
  if (!each) return json;
  json["error_correlations"] = members.error_correlations;
  json["list"] = Json::array();
  for (const MemberRecord& member : members.members) json["list"].push_back(member_json(member, kind));
  return json;
}

}  // namespace pellucid
