// Everything public, in the order it is best read.
// Not here: anything of its own.
#pragma once

#include "pellucid/activation.h"
#include "pellucid/dataset.h"
#include "pellucid/describe.h"
#include "pellucid/error.h"
#include "pellucid/initializer.h"
#include "pellucid/layer.h"
#include "pellucid/layers.h"
#include "pellucid/loss.h"
#include "pellucid/metric.h"
#include "pellucid/model.h"
#include "pellucid/numpy_random.h"
#include "pellucid/observer.h"
#include "pellucid/optimizer.h"
#include "pellucid/preprocess.h"
#include "pellucid/random.h"
#include "pellucid/schedule.h"
#include "pellucid/table.h"
#include "pellucid/tensor.h"
#include "pellucid/trainer.h"
#include "pellucid/version.h"
