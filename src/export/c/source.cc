// Puts the two files together: what surrounds the net, the columns and the answer.
// Not here: those (net.cc, columns.cc, answers.cc).
#include <fmt/format.h>

#include "core/text.h"
#include "export/c/answers.h"
#include "export/c/columns.h"
#include "export/c/net.h"
#include "export/c/text.h"
#include "pellucid/c_source.h"
#include "pellucid/error.h"
#include "pellucid/version.h"

namespace pellucid {

namespace {

using namespace c;

constexpr const char* header_text =
    R"(/* @p@: a neural network that pellucid @version@ trained, as C99 without a library.
 * @parameters@; the net makes @outputs@ of @features@.
 * All functions may be called from any number of threads; none allocates memory. */
#ifndef @P@_H
#define @P@_H

#ifdef __cplusplus
extern "C" {
#endif

#define @P@_FEATURES @f@
#define @P@_OUTPUTS @o@

/* The net alone: numbers as it was trained on them in, its outputs out. */
void @p@_net(const float features[@P@_FEATURES], float outputs[@P@_OUTPUTS]);
@table@
#ifdef __cplusplus
}
#endif

#endif
)";

constexpr const char* table_text = R"(
#define @P@_RECORD @r@
#define @P@_ANSWER @a@

enum {
  @P@_MISSING = -1,   /* a number of the record is missing that the model needs */
  @P@_TOO_FAR = -2,   /* a number of the record is too far from the training data, or means nothing in its column */
  @P@_NOT_FINITE = -3 /* the net's output is no finite number */
};

/* Predicts one row of the table. A record holds, NAN for a missing cell:
@record@ * The answer is @answer@.
 * Below 0 it returns one of the codes above, and the answer is not to be used. */
int @p@_predict(const double record[@P@_RECORD], double answer[@P@_ANSWER]);

/* The features that the net takes, of a record; 0, or one of the codes above. */
int @p@_features(const double record[@P@_RECORD], float features[@P@_FEATURES]);
@words@)";

constexpr const char* source_text = R"(/* @p@: made by pellucid @version@; @p@.h says what the functions do.
 *   cc -std=c99 -O2 -c @p@.c             (link with -lm)
 *   cc -std=c99 -O2 -D@P@_SELF_TEST @p@.c -lm && ./a.out     compares @tests@ with what pellucid computed
 * -O3 -march=native makes it several times as fast; no option that keeps to the C standard changes a bit. */
#include "@p@.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#if defined(__FAST_MATH__)
#error "compile @p@.c without -ffast-math: it would change the results"
#elif !defined(FLT_EVAL_METHOD) || FLT_EVAL_METHOD != 0
#error "this target computes float in a longer format; on 32-bit x86 add -msse2 -mfpmath=sse"
#endif

/* No multiplication and addition may be fused but where the source says fmaf. */
#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF
#elif defined(__GNUC__)
#pragma GCC optimize("fp-contract=off")
#endif

/* While the net computes, numbers below 1.2e-38 count as zero, as they do in pellucid. */
#if defined(__SSE__)
#include <xmmintrin.h>
typedef unsigned @p@_mode;
static @p@_mode @p@_enter(void) {
  const unsigned before = _mm_getcsr();
  _mm_setcsr(0x9fc0u);
  return before;
}
static void @p@_leave(@p@_mode before) { _mm_setcsr(before); }
#elif defined(__aarch64__) && defined(__GNUC__)
typedef uint64_t @p@_mode;
static @p@_mode @p@_enter(void) {
  uint64_t before;
  const uint64_t flush = UINT64_C(1) << 24;
  __asm__ volatile("mrs %0, fpcr" : "=r"(before));
  __asm__ volatile("msr fpcr, %0" : : "r"(flush) : "memory");
  return before;
}
static void @p@_leave(@p@_mode before) { __asm__ volatile("msr fpcr, %0" : : "r"(before) : "memory"); }
#else
typedef int @p@_mode;
static @p@_mode @p@_enter(void) { return 0; }
static void @p@_leave(@p@_mode before) { (void)before; }
#endif
#if defined(__GNUC__)
#define @P@_BARRIER __asm__ volatile("" ::: "memory")
#else
#define @P@_BARRIER
#endif

@constants@
@functions@
static void @p@_layers(const float *x, float *y) {
@net@}

void @p@_net(const float features[@P@_FEATURES], float outputs[@P@_OUTPUTS]) {
  const @p@_mode before = @p@_enter();
  @P@_BARRIER;
  @p@_layers(features, outputs);
  @P@_BARRIER;
  @p@_leave(before);
}
@table@@test@)";

constexpr const char* predict_text = R"(
@helpers@
int @p@_features(const double r[@P@_RECORD], float x[@P@_FEATURES]) {
@columns@  return 0;
}

static int @p@_answer(const float *y, double *p) {
@answer@}

int @p@_predict(const double record[@P@_RECORD], double answer[@P@_ANSWER]) {
  float x[@P@_FEATURES], y[@P@_OUTPUTS];
  const int refused = @p@_features(record, x);
  if (refused != 0) return refused;
  @p@_net(x, y);
  return @p@_answer(y, answer);
}
)";

constexpr const char* test_text = R"(
#ifdef @P@_SELF_TEST
#include <stdio.h>
@rows@@expected@int main(void) {
  int equal = 0;
  for (int row = 0; row < @n@; ++row) {
    float outputs[@P@_OUTPUTS];
    @p@_net(@p@_test_rows + row * @P@_FEATURES, outputs);
    equal += memcmp(outputs, @p@_test_outputs + row * @P@_OUTPUTS, sizeof outputs) == 0;
  }
  printf("@p@: %d of @n@ test rows equal to the bit\n", equal);
  return equal == @n@ ? 0 : 1;
}
#endif
)";

std::string words_declared(const Preprocessor& by, const std::string& prefix, std::int64_t dates) {
  std::string text;
  bool words = false;
  for (const FittedColumn& column : by.columns) words = words || column.categorical() != nullptr;
  if (words) {
    text += fmt::format(
        "\n/* The code of a word of the column with this number in a record; -1 for a word that training has\n"
        " * not seen. Words are compared byte for byte. */\ndouble {}_code(int column, const char *word);\n",
        prefix);
  }
  if (dates > 0) {
    text += fmt::format(
        "\n/* Days since 1970-01-01. hour may have a fraction: 14 + 5 / 60.0 */\n"
        "double {}_days(int year, int month, int day, double hour);\n",
        prefix);
  }
  if (by.is_classification() && !by.is_multi_label()) {
    text += fmt::format(
        "\n/* The name of a class; \"\" for an index that has none. */\nconst char *{}_class(int index);\n", prefix);
  }
  return text;
}

// The test rows of the model file, and what Predictor computes for them here and now.
std::string self_test(const Model& model, const std::string& p) {
  if (!model.test_rows) return "";
  const Tensor<float>& rows = *model.test_rows;
  const Tensor<float> outputs = model.predict(rows.view(), 1);
  const auto numbers = [](const Tensor<float>& of) {
    return std::span<const float>(of.data(), static_cast<std::size_t>(of.size()));
  };
  return filled(test_text, {{"rows", array(p + "_test_rows", numbers(rows))},
                            {"expected", array(p + "_test_outputs", numbers(outputs))},
                            {"n", std::to_string(rows.view().rows)}});
}

struct TableText {
  std::string header, source;
};

TableText table_of(const Model& model, const std::string& p, Functions& functions) {
  if (!model.preprocessor || !model.heads().empty()) return {};
  const Preprocessor& by = *model.preprocessor;
  const ColumnsText columns = columns_text(by, p);
  const AnswerText answer = answer_text(model, p, functions);
  std::int64_t dates = 0;
  for (const FittedColumn& column : by.columns) dates += column.date() != nullptr ? 1 : 0;
  return {filled(table_text, {{"r", std::to_string(columns.numbers)},
                              {"a", std::to_string(answer.numbers)},
                              {"record", columns.declarations},
                              {"answer", answer.declaration},
                              {"words", words_declared(by, p, dates)}}),
          filled(predict_text, {{"helpers", columns.helpers}, {"columns", columns.body}, {"answer", answer.body}})};
}

}  // namespace

CSource c_source(const Model& model, const std::string& name) {
  if (!is_identifier(name)) {
    throw Error(
        "U12",
        "the name of a C source begins with a letter and has letters, digits and _ only; it is no keyword of C; got " +
            quote(name),
        {"choose another name, such as net: the functions are then called net_predict and so on"});
  }
  const Net net = net_of(model);
  Functions functions(name);
  const NetText layers = net_text(model, net, name, functions);
  const TableText table = table_of(model, name, functions);
  const std::int64_t features = model.row_shape().elements(), outputs = model.output_shape().elements();
  const std::string tests = plural(model.test_rows ? model.test_rows->view().rows : std::int64_t{0}, "test row");
  const auto finish = [&](std::string text) {
    return filled(std::move(text), {{"p", name}, {"P", upper(name)}, {"version", version()}});
  };
  return {.header = finish(filled(header_text, {{"parameters", plural(model.parameter_count(), "parameter")},
                                                {"outputs", plural(outputs, "output")},
                                                {"features", plural(features, "feature")},
                                                {"f", std::to_string(features)},
                                                {"o", std::to_string(outputs)},
                                                {"table", table.header}})),
          .source = finish(filled(source_text, {{"tests", tests},
                                                {"constants", layers.constants},
                                                {"functions", functions.text()},
                                                {"net", layers.body},
                                                {"table", table.source},
                                                {"test", self_test(model, name)}})),
          .constant_bytes = layers.constant_bytes,
          .stack_bytes = layers.stack_bytes + (features + outputs) * 4};
}

}  // namespace pellucid
