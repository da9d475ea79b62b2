"""Tables from memory equal the tables of CSV files with the same cells."""

from __future__ import annotations

import datetime
import decimal
import random

import numpy as np
import pandas as pd
import polars
import pyarrow
import pytest
from conftest import mixed_columns, quick

import pellucid as pl
from pellucid import _core
from pellucid._settings import make_recipe
from pellucid._tables import columns_of


def table_of(data, **settings):
    return _core.make_table(columns_of(data), make_recipe(settings), "table")


def table_of_csv(text, tmp_path, **settings):
    file = tmp_path / "table.csv"
    file.write_text(text, encoding="utf-8")
    return _core.read_table(make_recipe({"data": file, **settings}))


def pandas_frame():
    columns = mixed_columns()
    frame = pd.DataFrame(columns)
    frame["rooms"] = frame["rooms"].astype("int16")
    frame["floors"] = frame["floors"].astype("Int64")
    frame["town"] = frame["town"].astype("category")
    frame["sold"] = pd.to_datetime(frame["sold"])
    frame["seen"] = frame["sold"] + pd.to_timedelta(np.arange(len(frame)) * 977, unit="s")
    frame["open"] = [datetime.time(8 + i % 9, i % 60) for i in range(len(frame))]
    frame["code"] = [f"{i % 5:03d}" for i in range(len(frame))]
    frame["cost"] = [f"${1000 + i:,}" for i in range(len(frame))]
    frame["share"] = pd.array([0.5 if i % 3 else None for i in range(len(frame))], dtype="Float64")
    return frame


SETTINGS = [{}, {"kind": {"rooms": "categorical", "sold": "date"}}, {"na": ["Bergen", "rooms:3"]}, {"no_na": True}]


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_a_frame_of_pandas_is_the_table_of_its_csv_file(settings, tmp_path):
    frame = pandas_frame()
    assert table_of(frame, **settings).difference(table_of_csv(frame.to_csv(index=False), tmp_path, **settings)) == ""


def test_a_frame_of_polars_and_arrow_have_the_same_cells_and_need_no_pandas(tmp_path):
    frame = polars.DataFrame(mixed_columns()).with_columns(
        polars.col("rooms").cast(polars.Int8), polars.col("town").cast(polars.Categorical)
    )
    table = table_of(frame)
    assert table.difference(table_of_csv(pd.DataFrame(mixed_columns()).astype({"floors": "Int64"}).to_csv(index=False), tmp_path)) == ""
    assert table_of(frame.to_arrow()).difference(table) == ""


def test_many_arrow_types_have_the_cells_that_they_mean():
    moment = datetime.datetime(2024, 3, 1, 14, 5, 9)
    day = datetime.date(2024, 3, 1)
    arrow = pyarrow.table(
        {
            "half": pyarrow.array(np.array([1.5, 0.25, -2], dtype=np.float16)),
            "view": pyarrow.array(["a word longer than twelve bytes", "b", None], type=pyarrow.string_view()),
            "large": pyarrow.array(["x", None, "y"], type=pyarrow.large_string()),
            "decimal": pyarrow.array([decimal.Decimal("1.25"), None, decimal.Decimal("-3.5")]),
            "day": pyarrow.array([day, None, day]),
            "moment": pyarrow.array([moment, None, moment], type=pyarrow.timestamp("ms")),
            "time": pyarrow.array([moment.time(), None, moment.time()], type=pyarrow.time64("us")),
            "length": pyarrow.array([datetime.timedelta(hours=1), None, datetime.timedelta(seconds=2)]),
            "yes": pyarrow.array([True, None, False]),
            "word": pyarrow.array(["p", "q", None]).dictionary_encode(),
            "none": pyarrow.nulls(3),
        }
    ).slice(0, 3)
    nan = float("nan")
    same = table_of(
        {
            "half": [1.5, 0.25, -2.0],
            "view": ["a word longer than twelve bytes", "b", None],
            "large": ["x", None, "y"],
            "decimal": [1.25, nan, -3.5],
            "day": ["2024-03-01", None, "2024-03-01"],
            "moment": ["2024-03-01 14:05:09", None, "2024-03-01 14:05:09"],
            "time": ["14:05:09", None, "14:05:09"],
            "length": [3600.0, nan, 2.0],
            "yes": ["True", None, "False"],
            "word": ["p", "q", None],
            "none": [None, None, None],
        }
    )
    assert table_of(arrow).difference(same) == ""
    chunks = pyarrow.concat_tables([arrow, arrow]).slice(2, 3)  # two chunks, the first of which begins at its third row
    assert table_of(chunks).difference(table_of(pyarrow.concat_tables([arrow[2:], arrow[:2]]).combine_chunks())) == ""


def test_an_arrow_type_that_is_no_cell_is_refused_by_name():
    with pytest.raises(pl.Error, match=r"\[U20\] column \"list\" has the Arrow type \+l"):
        table_of(pyarrow.table({"list": [[1, 2], [3]]}))


def test_durations_become_seconds():
    frame = pd.DataFrame({"length": pd.to_timedelta(["1 day", None, "90 s"])})
    assert table_of(frame).difference(table_of({"length": [86400.0, float("nan"), 90.0]})) == ""


def test_two_columns_with_the_same_name_are_refused():
    frame = pd.DataFrame([[1, 2, 3], [4, 5, 6]] * 20, columns=["a", "a", "y"])
    with pytest.raises(pl.Error, match=r"\[D23\]"):
        quick(frame, "y")


def test_records_and_dictionaries_are_tables():
    columns = mixed_columns(30)
    records = [dict(zip(columns, row)) for row in zip(*columns.values())]
    assert table_of(records).difference(table_of(columns)) == ""


def test_arrays_are_the_table_of_the_npz_file_with_the_same_arrays(tmp_path):
    random = np.random.default_rng(1)
    for x in (random.normal(size=(40, 3)), random.integers(0, 255, (40, 5, 4), dtype=np.uint8)):
        y = random.integers(0, 2, 40)
        np.savez(tmp_path / "rows.npz", x=x, y=y)
        from pellucid._tables import pair_of

        in_memory = _core.make_table(columns_of(pair_of(x, y)), make_recipe({}), "x")
        assert in_memory.difference(_core.read_table(make_recipe({"data": tmp_path / "rows.npz"}))) == ""


def test_columns_of_different_lengths_are_refused():
    with pytest.raises(pl.Error, match=r'\[U20\] "b" has 2 rows, the columns before it have 3'):
        table_of({"a": [1, 2, 3], "b": [1, 2]})


def test_a_cell_that_is_no_cell_is_refused_with_its_place():
    with pytest.raises(TypeError, match='column "a", row 2: argument must be a string or a real number, not .dict'):
        table_of({"a": [1, {}, 2]})


def test_infinite_numbers_are_refused():
    with pytest.raises(pl.Error, match=r"\[D15\]"):
        table_of({"a": [1.0, float("inf")]})


def test_a_frame_trains_and_predicts_like_its_csv_file(tmp_path, columns):
    frame = pd.DataFrame(columns)
    file = tmp_path / "houses.csv"
    file.write_text(frame.to_csv(index=False), encoding="utf-8")
    run, of_file = quick(frame), quick(str(file))
    assert run.model.to_bytes() == of_file.model.to_bytes()
    new = frame.drop(columns="price").head(20)
    new.to_csv(tmp_path / "new.csv", index=False)
    np.testing.assert_array_equal(run.model.predict(new), of_file.model.predict(tmp_path / "new.csv"))
    np.testing.assert_array_equal(run.model.predict(polars.from_pandas(new)), run.model.predict(new))


def test_a_number_that_means_missing_is_missing_in_arrays_too():
    data = {"a": [-999.0 if i % 3 == 0 else float(i % 10) for i in range(60)], "y": [1.37 * (i % 10) for i in range(60)]}
    run = quick(data, "y", na=["-999"])
    assert [f["text"] for f in run.findings if f["code"] == "D36"] == []
    predictions = run.model.predict({"a": [-999.0, float("nan"), 9.0]})
    assert predictions[0] == predictions[1] != predictions[2]


def test_words_that_training_read_as_missing_are_missing_in_prediction():
    data = {"a": ["1", "2", "POA", "4"] * 20, "y": [1.0, 2.0, 3.0, 4.0] * 20}
    model = quick(data, "y", na=["POA"], val_split=0.2).model
    assert np.isfinite(model.predict({"a": ["POA", "3"]})).all()


CELLS = [
    ["1", "2", "x"], ["NA", "None", "", "5", "6.5"], [" a", "a", "b "], ["$1,200", "$5"], ["1.234,5", "8,1"],
    ['say "x"', "line\nbreak", "a,b"], ["yes", "No", None], ["2021-03-04", "2022-05-06 10:00"], ["007", "010"],
    ["1e5", "2E-3"], ["-", "?", "n/a", "4"], ["Total", "4"], ["12:30", "13:45"], ["5 kg", "7 kg"], ["45%"], ["é", "e\u0301"],
    ["inf", "1"], ["0x10", "1_000", "２"], ["\t", "q"], ["\\N", "r"], ["\u00a0", "1"], ["(5)", "5-", "1 000"], ["#N/A", "1"],
]  # fmt: skip


def random_frame(draw):
    rows = draw.choice([1, 2, 5, 30])
    many = {
        "int64": [-3, 0, 7], "float64": [1.5, 2.0, float("nan"), 1e300, 1e-5, 123456789.123], "bool": [True, False],
        "boolean": [True, False, None], "Int64": [1, None, 2**53 + 1], "category": ["p", "q", None], "uint8": [0, 200],
    }  # fmt: skip
    columns = {}
    for name in draw.sample(["a", "b c", 'q"uote', "comma,name", "ü", "x\ny", "1", "NA", "#h"], draw.randint(1, 4)):
        dtype = draw.choice(["object"] * 8 + list(many))
        cells = many.get(dtype) or draw.choice(CELLS) + draw.choice([[], [None], draw.choice(CELLS)])
        columns[name] = pd.Series([draw.choice(cells) for _ in range(rows)], dtype=dtype)
    return pd.DataFrame(columns)


def outcome(make):
    try:
        return make()
    except pl.Error as error:
        return error.code


def test_random_frames_are_the_tables_of_their_csv_files_or_refused_with_the_same_code(tmp_path):
    for seed in range(300):
        draw = random.Random(seed)
        frame = random_frame(draw)
        settings = draw.choice([{}, {}, {"no_na": True}, {"missing": "error"}, {"na": ["4", "q"]}])
        csv = {"header": True, "skip_rows": 0, "delimiter": ",", "quote": '"', "encoding": "utf-8"}
        expected = outcome(lambda: table_of_csv(frame.to_csv(index=False), tmp_path, **settings, **csv))
        for data in (frame, polars.from_pandas(frame)):
            ours = outcome(lambda: table_of(data, **settings))
            assert isinstance(ours, str) == isinstance(expected, str), (seed, ours, expected)
            if not isinstance(ours, str):
                assert ours.difference(expected) == "", seed
            elif data is frame:
                assert ours == expected, seed
