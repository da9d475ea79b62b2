"""Classifier and Regressor in scikit-learn."""

from __future__ import annotations

import os
import pickle

import joblib
import numpy as np
import pandas as pd
import polars
import pyarrow
import pytest
from conftest import mixed_columns
from sklearn.base import clone
from sklearn.datasets import load_iris
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import check_estimator

import pellucid as pl

X, Y = load_iris(return_X_y=True)
QUICK = {"preset": "plain", "hidden": [8], "epochs": 40, "learning_rate": 0.05}


MEMBERS = {"members": 2, "preset": "tabular", "hidden": [8], "epochs": 20}


@pytest.mark.parametrize(
    "estimator",
    [pl.Classifier(), pl.Regressor(), pl.Classifier(**MEMBERS), pl.Regressor(**MEMBERS)],
    ids=["Classifier", "Regressor", "Classifier with members", "Regressor with members"],
)
def test_check_estimator_passes_all_checks(estimator):
    assert os.environ.get("SCIPY_ARRAY_API") == "1", "without it scikit-learn skips a check"
    results = check_estimator(estimator, on_fail=None, on_skip=None)
    assert len(results) > 50
    assert [r for r in results if r["status"] != "passed" or r["expected_to_fail"]] == []


def test_members_are_averaged_into_one_model():
    fitted = pl.Classifier(**MEMBERS, random_state=1).fit(X, Y)
    assert fitted.score(X, Y) > 0.85 and "output" in str(fitted.model_)
    assert fitted.model_.to_bytes() == pl.Classifier(**MEMBERS, random_state=1, threads=1).fit(X, Y).model_.to_bytes()
    assert fitted.model_.to_bytes() != pl.Classifier(**{**MEMBERS, "members": None}, random_state=1).fit(X, Y).model_.to_bytes()
    with pytest.raises(ValueError, match="early_stopping=True"):
        pl.Classifier(**MEMBERS, early_stopping=False).fit(X, Y)
    one = pl.Classifier(**MEMBERS).partial_fit(X, Y, classes=[0, 1, 2])
    assert one.n_iter_ == 1


def test_a_classifier_works_in_a_pipeline():
    assert make_pipeline(StandardScaler(), pl.Classifier(**QUICK)).fit(X, Y).score(X, Y) > 0.9


def test_a_grid_search_finds_settings():
    search = GridSearchCV(pl.Classifier(**QUICK), {"hidden": [[], [8]], "learning_rate": [1e-4, 0.05]}, cv=3).fit(X, Y)
    assert search.best_score_ > 0.85 and search.best_params_["learning_rate"] == 0.05


def test_cross_val_score_measures_both():
    assert cross_val_score(pl.Classifier(**QUICK), X, Y, cv=3).mean() > 0.85
    assert cross_val_score(pl.Regressor(**QUICK), X[:, :3], X[:, 3], cv=3, scoring="r2").shape == (3,)


def test_a_clone_has_the_parameters_and_is_not_fitted():
    fitted = pl.Classifier([4], optimizer=pl.Adam(0.01), settings={"clip_norm": 1.0}, epochs=2).fit(X, Y)
    copy = clone(fitted)
    assert copy.get_params() == fitted.get_params() and not hasattr(copy, "model_")


def test_estimators_survive_pickle_and_joblib(tmp_path):
    fitted = pl.Classifier(**QUICK).fit(X, Y)
    joblib.dump(fitted, tmp_path / "c.joblib")
    for copy in (pickle.loads(pickle.dumps(fitted)), joblib.load(tmp_path / "c.joblib")):
        np.testing.assert_array_equal(copy.predict_proba(X), fitted.predict_proba(X))


@pytest.mark.parametrize("way", ["fit", "partial_fit"])
def test_sample_weight_and_class_weight_move_the_decision(way):
    x = np.zeros((60, 1)) + np.linspace(-1, 1, 60)[:, None] * 1e-3
    y = np.arange(60) % 2
    settings = {"hidden": [], "learning_rate": 0.05, "early_stopping": False, "epochs": 200}
    for weights, params in ((np.where(y == 1, 4.0, 1.0), {}), (None, {"class_weight": {0: 1, 1: 4}})):
        classifier = pl.Classifier(preset="plain", **settings, **params)
        for _ in range(1 if way == "fit" else 150):
            getattr(classifier, way)(x, y, sample_weight=weights)
        np.testing.assert_allclose(classifier.predict_proba(x)[:, 1], 0.8, atol=0.1)


def test_rows_in_another_order_repeated_or_weighted_give_the_same_bits():
    order = np.random.default_rng(0).permutation(len(Y))
    expected = pl.Classifier(**QUICK).fit(X, Y).model_.to_bytes()
    assert pl.Classifier(**QUICK).fit(X[order], Y[order]).model_.to_bytes() == expected
    weights = 1 + np.arange(len(Y)) % 3
    repeated = pl.Classifier(**QUICK).fit(X.repeat(weights, axis=0), Y.repeat(weights)).model_.to_bytes()
    assert pl.Classifier(**QUICK).fit(X, Y, sample_weight=weights).model_.to_bytes() == repeated != expected


def test_partial_fit_continues_from_call_to_call_and_through_pickle():
    classifier = pl.Classifier(hidden=[8], learning_rate=0.05)
    classifier.partial_fit(X[:50], Y[:50], classes=[0, 1, 2])  # only the first class
    for _ in range(40):
        classifier.partial_fit(X, Y)
    assert classifier.score(X, Y) > 0.85 and classifier.n_iter_ == 41
    copy = pickle.loads(pickle.dumps(classifier))
    np.testing.assert_array_equal(
        copy.partial_fit(X, Y).predict_proba(X), classifier.partial_fit(X, Y).predict_proba(X)
    )
    with pytest.raises(ValueError, match="not in `classes`"):
        classifier.partial_fit(X[:2], [3, 4])
    regressor = pl.Regressor(hidden=[8], learning_rate=0.01)
    for _ in range(60):
        regressor.partial_fit(X[:, :3], X[:, 3])
    assert regressor.score(X[:, :3], X[:, 3]) > 0.8


def test_early_stopping_keeps_rows_aside_and_the_best_epoch():
    stopped = pl.Classifier(preset="plain", epochs=300, patience=5, learning_rate=0.05).fit(X, Y)
    assert stopped.n_iter_ < 300 and stopped.history_["val_loss"][0] is not None
    full = pl.Classifier(preset="plain", epochs=3, early_stopping=False).fit(X, Y)
    assert full.n_iter_ == 3 and full.history_["val_loss"] == [None] * 3


@pytest.mark.parametrize("library", [pd.DataFrame, polars.DataFrame, pyarrow.table], ids=["pandas", "polars", "pyarrow"])
def test_frames_with_words_dates_and_missing_cells_just_work(library):
    columns = mixed_columns()
    price = np.array(columns.pop("price"))
    frame = library(columns)
    regressor = pl.Regressor(preset="plain", epochs=60).fit(frame, price)
    assert regressor.score(frame, price) > 0.5
    assert list(regressor.feature_names_in_) == list(columns) and regressor.n_features_in_ == 6
    with pytest.raises(ValueError, match="area|size"):
        regressor.predict(library({("area" if name == "size" else name): cells for name, cells in columns.items()}))


def test_records_and_words_as_classes_work():
    columns = mixed_columns()
    town = ["Oslo" if t == "Oslo" else "elsewhere" for t in columns.pop("town")]
    records = [dict(zip(columns, row)) for row in zip(*columns.values())]
    classifier = pl.Classifier(**QUICK).fit(records, town)
    assert set(classifier.predict(records)) <= {"Oslo", "elsewhere"} and list(classifier.classes_) == ["Oslo", "elsewhere"]


def test_one_class_and_unknown_settings_are_refused():
    with pytest.raises(ValueError, match="only one class"):
        pl.Classifier().fit(X, np.zeros(len(X)))
    with pytest.raises(pl.Error, match=r"\[U05\].*epochs"):
        pl.Classifier(settings={"epoch": 3}).fit(X, Y)
