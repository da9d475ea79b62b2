// Ctrl-C and SIGTERM: the first one ends the training after the current batch, the second one exits at once.
// Not here: what is written when a training is interrupted (src/run/train.cc).
#pragma once

#include <atomic>

namespace pellucid::app {

/// Installs the handlers; call once before training.
void catch_interrupts();
/// True after the first signal; pass it to FitOptions::cancel.
const std::atomic<bool>& interrupted() noexcept;
/// The exit status: 130 after Ctrl-C, 143 after SIGTERM, otherwise 0.
int interrupt_status() noexcept;

}  // namespace pellucid::app
