/* pellucid_c.h: the library for C and for every language that can call C. C89; no other header of pellucid is needed.
   docs/c.md explains it with examples. Not here: the C++ library (pellucid.h), models as C source (docs/export.md). */
#ifndef PELLUCID_C_H
#define PELLUCID_C_H

#include <stddef.h>

#include "pellucid/version_macros.h"

#if defined(__GNUC__)
#define PELLUCID_API __attribute__((visibility("default")))
#else
#define PELLUCID_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Rules for all functions:
   - A function that fails returns NULL or PELLUCID_FAILED and changes nothing else; pellucid_error_code(), _text() and
     _hint() then say why. No exception, signal or exit leaves the library, and it prints nothing.
   - A null pointer where a pointer is needed is refused (code U39), except by the functions that free.
   - Text is UTF-8 and ends with a zero byte. Text that a function returns belongs to the library.
   - Any number of threads may use one model at once. A record and a table belong to one thread at a time.
   - The functions below keep their names, arguments and meaning in later versions. */

#define PELLUCID_FAILED (-1)

typedef struct pellucid_model pellucid_model;   /* a trained model; never changes */
typedef struct pellucid_record pellucid_record; /* one row to predict */
typedef struct pellucid_table pellucid_table;   /* named columns of equal length */

/* The version of the library that runs, "0.1.0"; PELLUCID_VERSION_STRING is that of the headers. */
PELLUCID_API const char* pellucid_version(void);

/* Why the last call that failed on this thread did so; "" if none has failed. Valid until the next call that fails on
   this thread. */
PELLUCID_API const char* pellucid_error_code(void); /* "D10": its meaning never changes; `pellucid explain D10` */
PELLUCID_API const char* pellucid_error_text(void); /* one line: where, what was expected, what was found */
PELLUCID_API const char* pellucid_error_hint(void); /* what to do, one advice per line; may be "" */

/* Models. */

/* Reads a model file, or the model of a run's folder. */
PELLUCID_API pellucid_model* pellucid_load(const char* path);
/* Reads a model file that is in memory. The bytes are not needed afterwards. `size`: in bytes. */
PELLUCID_API pellucid_model* pellucid_load_bytes(const void* bytes, size_t size);
/* Frees a model. Its records remain valid. NULL is ignored. */
PELLUCID_API void pellucid_free(pellucid_model* model);
/* Writes a model file, replacing a file of that name. Returns 0. */
PELLUCID_API int pellucid_save(const pellucid_model* model, const char* path);
/* The bytes of the model file and, in *size, how many; valid until the model is freed. */
PELLUCID_API const void* pellucid_bytes(const pellucid_model* model, size_t* size);
/* The columns that the model reads, its targets and their classes as JSON; valid until the model is freed. */
PELLUCID_API const char* pellucid_describe(const pellucid_model* model);
/* How many numbers pellucid_predict() and, per row, pellucid_predict_table() write: one probability per class of a
   single target; the probability of the second class of each of several targets; or one value per target, in its unit.
   0 for a model that was not trained on a table. */
PELLUCID_API size_t pellucid_outputs(const pellucid_model* model);
/* The index of a column among those that the model reads, from 0. A name that the model does not know fails (D11). */
PELLUCID_API int pellucid_column(const pellucid_model* model, const char* name);

/* One row at a time. A column that was never set counts as missing; values stay until they are set again. */

PELLUCID_API pellucid_record* pellucid_record_new(const pellucid_model* model);
/* NULL is ignored. */
PELLUCID_API void pellucid_record_free(pellucid_record* record);
/* A number, boolean (0 or 1), date (20240301 or seconds, as in training) or code. NaN: missing. Returns 0. */
PELLUCID_API int pellucid_set_number(pellucid_record* record, int column, double number);
/* A cell as a file would hold it: a category, a date, a number as text. "" and "NA" are missing. Returns 0. */
PELLUCID_API int pellucid_set_word(pellucid_record* record, int column, const char* word);
PELLUCID_API int pellucid_set_missing(pellucid_record* record, int column);
/* Predicts the record and writes pellucid_outputs() numbers. `capacity`: how many fit into `outputs`; NULL and 0: only
   the result is wanted. Returns the index of the predicted class if the model has one target with classes, otherwise 0.
   Allocates no memory and takes no lock. */
PELLUCID_API int pellucid_predict(pellucid_record* record, double* outputs, size_t capacity);

/* The prediction interval of a number (docs/intervals.md): writes its lower and its upper limit to limits[0] and
   limits[1], in the unit of the target. `target`: its index among the targets, from 0. `level`: 0.9 for intervals that
   contain the truth of 90 % of new rows. Returns 0; fails for a target with classes (U20) and where the model has no
   intervals of this level (D43). */
PELLUCID_API int pellucid_interval(const pellucid_model* model, size_t target, double prediction, double level,
                                   double* limits);

/* Many rows at a time. */

/* Runs the net alone, without what the model has learned about columns: `count` rows of `width` features, row after
   row, give count × (outputs of the last layer) numbers. `capacity`: how many numbers fit into `outputs`. Returns 0. */
PELLUCID_API int pellucid_predict_rows(const pellucid_model* model, const float* rows, size_t count, size_t width,
                                       float* outputs, size_t capacity);

/* A table of `rows` rows, still without columns. */
PELLUCID_API pellucid_table* pellucid_table_new(size_t rows);
/* NULL is ignored. */
PELLUCID_API void pellucid_table_free(pellucid_table* table);
/* Adds a column. The cells are copied. `count` must be the number of rows. NaN and a null word are missing cells.
   Returns 0. */
PELLUCID_API int pellucid_table_numbers(pellucid_table* table, const char* name, const double* numbers, size_t count);
PELLUCID_API int pellucid_table_words(pellucid_table* table, const char* name, const char* const* words, size_t count);
/* Predicts each row of the table: pellucid_outputs() numbers per row, row after row. `capacity`: how many numbers fit
   into `outputs`. Returns 0. */
PELLUCID_API int pellucid_predict_table(const pellucid_model* model, const pellucid_table* table, double* outputs,
                                        size_t capacity);

/* Training. */

/* Receives each event of a training as one line of JSON, on the thread that trains: start, finding, epoch, end.
   `context` is the pointer that was given to pellucid_train. Returns 0 to continue; anything else ends the training
   after the current batch, and the model keeps its best weights. */
typedef int (*pellucid_event)(const char* json, void* context);

/* Trains a model on a table. `recipe`: settings as a JSON object, with the names of `pellucid help train`:
   {"target": "price", "epochs": 50, "hidden": [64, 32], "optimizer.beta1": 0.8}. `event` may be NULL. Writes no file.
 */
PELLUCID_API pellucid_model* pellucid_train(const pellucid_table* table, const char* recipe, pellucid_event event,
                                            void* context);

#ifdef __cplusplus
}
#endif

#endif
