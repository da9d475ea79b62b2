// HeadLosses as text. Not here: computing the losses (model/batch_loss.cc).
#include "losses/head_losses.h"

#include "core/text.h"

namespace pellucid {

std::string HeadLosses::text() const {
  std::vector<std::string> parts;
  for (const HeadLoss& head : heads) {
    const std::string factor = head.weight == 1 ? "" : number_text(head.weight) + " * ";
    parts.push_back(head.layer + ": " + factor + head.loss.text());
  }
  return join(parts, "; ");
}

}  // namespace pellucid
