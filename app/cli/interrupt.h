// Ctrl-C and SIGTERM: the first asks training to end after its batch, the second leaves at once.
// Not here: what is written when training was ended (src/run/train.cc).
#pragma once

#include <atomic>

namespace pellucid::app {

/// Installs the handlers; call once before training.
void catch_interrupts();
/// Set by the first signal. What FitOptions::cancel takes.
const std::atomic<bool>& interrupted() noexcept;
/// 130 after Ctrl-C, 143 after SIGTERM, 0 if neither came.
int interrupt_status() noexcept;

}  // namespace pellucid::app
