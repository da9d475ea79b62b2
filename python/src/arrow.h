// Reading tables through the Arrow C stream interface: polars, pyarrow, DuckDB and others, without any of them
// installed. Not here: pandas and NumPy (pellucid/_tables.py).
#pragma once

#include "columns.h"

struct ArrowArrayStream;

namespace pellucid::python {

/// Adds all columns of the stream. Throws U20 for a type that is no table of cells, and what the producer reports.
void add_arrow(Columns& columns, ArrowArrayStream& stream);

}  // namespace pellucid::python
