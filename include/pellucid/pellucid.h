// All public headers, in the order in which they are best read.
// Not here: numpy_random.h, which reproduces NumPy's random numbers and makes a compilation about a sixth longer;
// pellucid_c.h, which is for C.
#pragma once

// clang-format off
// Basics: errors, settings that describe themselves, numbers in memory.
#include "pellucid/error.h"
#include "pellucid/setting_hint.h"
#include "pellucid/finding.h"
#include "pellucid/auto.h"
#include "pellucid/describe.h"
#include "pellucid/tensor.h"
#include "pellucid/large_vector.h"
#include "pellucid/random.h"
#include "pellucid/version.h"

// Data: reading files, preparing numbers for training, checks of a table.
#include "pellucid/column_kind.h"
#include "pellucid/table.h"
#include "pellucid/image.h"
#include "pellucid/dataset.h"
#include "pellucid/fitted_column.h"
#include "pellucid/preprocess.h"
#include "pellucid/findings.h"

// A model and its parts.
#include "pellucid/activation.h"
#include "pellucid/initializer.h"
#include "pellucid/expression.h"
#include "pellucid/layer.h"
#include "pellucid/layers.h"
#include "pellucid/normalization.h"
#include "pellucid/number_embeddings.h"
#include "pellucid/picture_layers.h"
#include "pellucid/augmentation.h"
#include "pellucid/model.h"

// Training: loss, optimizer, trainer, and what can be observed meanwhile.
#include "pellucid/loss.h"
#include "pellucid/optimizer.h"
#include "pellucid/schedule.h"
#include "pellucid/trainer.h"
#include "pellucid/stepper.h"
#include "pellucid/history.h"
#include "pellucid/observer.h"
#include "pellucid/trace.h"
#include "pellucid/health.h"
#include "pellucid/health_findings.h"
#include "pellucid/gradient_check.h"

// Evaluating a trained model.
#include "pellucid/metric.h"
#include "pellucid/evaluation.h"
#include "pellucid/record.h"
#include "pellucid/table_predictor.h"
#include "pellucid/calibration.h"
#include "pellucid/temperature.h"
#include "pellucid/conformal_scores.h"
#include "pellucid/prediction_intervals.h"
#include "pellucid/importance.h"

// From a table to an evaluated run in one call: settings, rows, callbacks, result; and the search for better settings.
#include "pellucid/hidden_layer.h"
#include "pellucid/recipe.h"
#include "pellucid/train_table.h"
#include "pellucid/run.h"
#include "pellucid/events.h"
#include "pellucid/run_result.h"
#include "pellucid/members.h"
#include "pellucid/tune.h"

// A model in another language or format, and models and weights of other programs.
#include "pellucid/c_source.h"
#include "pellucid/onnx_export.h"
#include "pellucid/onnx_import.h"
#include "pellucid/tensor_files.h"
// clang-format on
