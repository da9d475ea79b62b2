// The whole public interface, in the order in which it is best read.
// Not here: numpy_random.h, which replays NumPy's random numbers and costs every compilation a fifth more.
#pragma once

// clang-format off: the order is for readers.
// What everything else speaks of: errors, settings that describe themselves, numbers in memory.
#include "pellucid/describe.h"
#include "pellucid/error.h"
#include "pellucid/large_vector.h"
#include "pellucid/random.h"
#include "pellucid/tensor.h"
#include "pellucid/version.h"

// Data: from a file to numbers ready for training, and what is suspicious about a table.
#include "pellucid/dataset.h"
#include "pellucid/findings.h"
#include "pellucid/image.h"
#include "pellucid/preprocess.h"
#include "pellucid/table.h"

// A model and what it is made of.
#include "pellucid/activation.h"
#include "pellucid/initializer.h"
#include "pellucid/layer.h"
#include "pellucid/layers.h"
#include "pellucid/model.h"

// Training: what is minimised, how, and what can be watched meanwhile.
#include "pellucid/gradient_check.h"
#include "pellucid/health.h"
#include "pellucid/health_findings.h"
#include "pellucid/history.h"
#include "pellucid/loss.h"
#include "pellucid/observer.h"
#include "pellucid/optimizer.h"
#include "pellucid/schedule.h"
#include "pellucid/trace.h"
#include "pellucid/trainer.h"

// The whole way from a table to a judged model: its settings, its rows, what it tells, what it leaves.
#include "pellucid/recipe.h"
#include "pellucid/train_table.h"
#include "pellucid/run_result.h"
#include "pellucid/events.h"
#include "pellucid/run.h"

// Judging a trained model, and searching for a better one.
#include "pellucid/calibration.h"
#include "pellucid/evaluation.h"
#include "pellucid/importance.h"
#include "pellucid/metric.h"
#include "pellucid/temperature.h"
#include "pellucid/tune.h"
// clang-format on
