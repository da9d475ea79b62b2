/* Calls every function of pellucid_c.h from C89. Not here: what the functions predict (tests/c_interface). */
#include <pellucid/pellucid_c.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS 90

static void expect(int holds, const char* what) {
  if (holds) return;
  fprintf(stderr, "consumer.c: %s; last error %s: %s\n", what, pellucid_error_code(), pellucid_error_text());
  exit(1);
}

static int count_epochs(const char* event, void* epochs) {
  if (strstr(event, "\"event\":\"epoch\"") != NULL) ++*(int*)epochs;
  return 0;
}

static pellucid_table* make_table(void) {
  static double size[ROWS];
  static const char* colour[ROWS];
  static const char* kind[ROWS];
  pellucid_table* const table = pellucid_table_new(ROWS);
  int r;
  for (r = 0; r < ROWS; ++r) {
    size[r] = r * 37 % 101;
    colour[r] = r % 9 == 0 ? NULL : r % 2 == 0 ? "red" : "blue";
    kind[r] = size[r] > 50 ? "large" : "small";
  }
  expect(table != NULL, "a table");
  expect(pellucid_table_numbers(table, "size", size, ROWS) == 0, "numbers");
  expect(pellucid_table_words(table, "colour", colour, ROWS) == 0, "words");
  expect(pellucid_table_words(table, "kind", kind, ROWS) == 0, "a target");
  return table;
}

static void use_record(const pellucid_model* model, double* outputs) {
  pellucid_record* const record = pellucid_record_new(model);
  expect(record != NULL, "a record");
  expect(pellucid_set_number(record, pellucid_column(model, "size"), 90.0) == 0, "a number");
  expect(pellucid_set_word(record, pellucid_column(model, "colour"), "red") == 0, "a word");
  expect(pellucid_set_missing(record, 1) == 0, "a missing cell");
  expect(pellucid_predict(record, outputs, 2) >= 0, "a prediction");
  expect(pellucid_set_word(record, 0, "much") == PELLUCID_FAILED && strcmp(pellucid_error_code(), "D12") == 0,
         "a refused word");
  pellucid_record_free(record);
}

int main(void) {
  pellucid_table* const table = make_table();
  int epochs = 0;
  size_t size = 0;
  const void* bytes;
  double all[2 * ROWS], before[2], after[2], limits[2];
  float features[2] = {0, 0}, outputs[8];
  pellucid_model *again, *copy;
  pellucid_model* const model =
      pellucid_train(table, "{\"target\": \"kind\", \"epochs\": 4, \"hidden\": [8]}", count_epochs, &epochs);
  expect(model != NULL, "training");
  expect(epochs == 4, "four epochs");
  expect(strcmp(pellucid_version(), PELLUCID_VERSION_STRING) == 0, "the version");
  expect(strstr(pellucid_describe(model), "\"colour\"") != NULL, "a description");
  expect(pellucid_outputs(model) == 2, "two classes");
  expect(pellucid_predict_table(model, table, all, 2 * ROWS) == 0, "the predictions of a table");
  use_record(model, before);
  expect(pellucid_save(model, "consumer.safetensors") == 0, "a saved model");
  bytes = pellucid_bytes(model, &size);
  expect(bytes != NULL && size > 0, "the bytes");
  again = pellucid_load("consumer.safetensors");
  copy = pellucid_load_bytes(bytes, size);
  expect(again != NULL && copy != NULL, "a loaded model");
  use_record(again, after);
  expect(memcmp(before, after, sizeof before) == 0, "the same prediction");
  expect(pellucid_interval(model, 0, 0, 0.5, limits) == PELLUCID_FAILED, "a class has no interval");
  expect(pellucid_predict_rows(copy, features, 1, 2, outputs, 8) == PELLUCID_FAILED, "a wrong width");
  expect(pellucid_load("missing.safetensors") == NULL && pellucid_error_text()[0] != '\0', "a refused file");
  expect(pellucid_error_hint() != NULL, "a hint");
  pellucid_free(model);
  pellucid_free(again);
  pellucid_free(copy);
  pellucid_table_free(table);
  printf("26 functions called\n");
  return 0;
}
