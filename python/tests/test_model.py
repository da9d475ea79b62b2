"""Model and Stepper."""

from __future__ import annotations

import pickle
import threading

import joblib
import numpy as np
import pytest
from conftest import quick

import pellucid as pl


def rows(count=200, classes=3):
    random = np.random.default_rng(2)
    x = random.normal(size=(count, 5)).astype(np.float32)
    return x, np.clip(x[:, 0] * 2 + 1.5, 0, classes - 1).astype(int)


def small_net():
    return pl.Model([pl.Dense(8, "relu"), pl.Dense(3, "softmax")])


def test_a_model_of_layers_learns_classes_numbers_and_answers():
    x, y = rows()
    net = small_net()
    history = net.fit(x, y, epochs=60, batch_size=16, optimizer=pl.Adam(0.02), validation=(x[:50], y[:50]))
    assert (net.predict(x).argmax(axis=1) == y).mean() > 0.7
    assert history["val_accuracy"][-1] > 0.7 and history.stopped == "all epochs done" and "<svg" in history._repr_html_()
    line = pl.Model([pl.Dense(1)])
    line.fit(x.astype(np.float64), x @ [1, 2, 3, 4, 5], epochs=50, optimizer="sgd")
    np.testing.assert_allclose(line.parameters["dense1.weight"].ravel(), [1, 2, 3, 4, 5], atol=0.05)
    questions = np.stack([x[:, 0] > 0, x[:, 1] > 0], axis=1)
    asked = pl.Model([pl.Dense(2, "sigmoid")])
    asked.fit(x, questions, epochs=30, optimizer=pl.Adam(0.05), sample_weight=np.ones(len(x)))
    assert ((asked.predict(x) > 0.5) == questions).mean() > 0.9


def test_fits_with_the_same_seed_have_the_same_bits_with_any_number_of_threads():
    x, y = rows()
    models = [small_net() for _ in range(3)]
    for model, threads, seed in zip(models, (1, 2, 1), (1, 1, 2)):
        model.fit(x, y, epochs=3, threads=threads, seed=seed)
    assert models[0].to_bytes() == models[1].to_bytes() != models[2].to_bytes()


def test_graphs_have_several_inputs_and_skip_connections():
    x, y = rows()
    net = pl.Model().add_input("left", [2]).add_input("right", [3])
    net.add(pl.Dense(4, "tanh", name="a"), inputs=["left"]).add(pl.Dense(4, "tanh", name="b"), inputs=["right"])
    net.add(pl.Add(name="sum"), inputs=["a", "b"]).add(pl.Dense(3, "softmax"))
    net.fit(x, y, epochs=2)
    assert net.layer_names == ["left", "right", "a", "b", "sum", net.layer_names[-1]] and net.predict(x).shape == (200, 3)
    assert net.up_to("sum").predict(x).shape == (200, 4)


@pytest.mark.parametrize(
    "layer",
    [
        pl.Activation("tanh"), pl.Dropout(0.1), pl.Embedding({0: 3}, 2), pl.Scale(), pl.Augment(), pl.BatchNorm(0.2), pl.LayerNorm(), pl.Flatten(), pl.Reshape([5]),
        pl.Slice(1, [3]), pl.Concat(), pl.Add(), pl.Multiply(), pl.Average(), pl.Layer("dense", units=2, activation="elu"),
    ],
    ids=repr,
)  # fmt: skip
def test_every_layer_can_be_made(layer):
    net = pl.Model([layer]).build(5)
    assert np.isfinite(net.predict(np.ones((2, 5), np.float32))).all()


@pytest.mark.parametrize(
    "layer",
    [
        pl.Conv2D(4, 3, "relu", padding="same"), pl.Conv2D(4, (2, 3), stride=(1, 2), padding=1, dilation=2, groups=2, bias=False),
        pl.MaxPool2D(), pl.MaxPool2D(3, stride=1, padding="same"), pl.AveragePool2D((2, 3)), pl.GlobalAveragePool2D(),
    ],
    ids=repr,
)  # fmt: skip
def test_every_layer_for_pictures_can_be_made(layer):
    net = pl.Model([pl.Reshape([6, 7, 2]), layer]).build(84)
    assert np.isfinite(net.predict(np.ones((2, 84), np.float32))).all()


def test_unknown_kinds_and_settings_are_refused_with_the_nearest_name():
    with pytest.raises(pl.Error, match=r"\[U11\] no layer kind \"dens\"; did you mean dense\?"):
        pl.Model([pl.Layer("dens")])
    with pytest.raises(pl.Error, match=r"(?s)\[U05\].*did you mean units"):
        pl.Model([pl.Layer("dense", unit=3)])
    x, y = rows()
    for wrong in ({"optimizer": "adm"}, {"loss": "msee"}, {"schedule": "cosin"}):
        with pytest.raises(pl.Error):
            small_net().fit(x, y, epochs=1, **wrong)
    with pytest.raises(pl.Error, match=r"\[U05\]"):
        small_net().fit(x, y, epochz=1)
    with pytest.raises(pl.Error, match=r"\[U20\]"):
        small_net().build(4).fit(x, y)


def test_optimizers_losses_and_schedules_take_settings():
    x, y = rows()
    net = small_net()
    net.fit(
        x, y, epochs=2, optimizer=pl.Optimizer("rmsprop", learning_rate=0.01, rho=0.8),
        loss=pl.Loss("cross_entropy", smoothing=0.1), schedule=pl.Schedule("cosine", minimum=0.1), l2=1e-3, clip_norm=1.0,
    )  # fmt: skip
    pl.Model([pl.Dense(1)]).fit(x, x[:, 0], epochs=1, loss="huber(1.5)", optimizer=pl.Lbfgs())


def test_predictions_are_those_of_any_number_of_rows_and_any_kind_of_numbers():
    x, y = rows(1000)
    net = small_net()
    net.fit(x, y, epochs=2)
    many = net.predict(x)
    assert many.dtype == np.float32 and many.shape == (1000, 3)
    np.testing.assert_array_equal(many[:1], net.predict(x[:1]))
    np.testing.assert_array_equal(many[0], net.predict(x[0]))
    np.testing.assert_array_equal(many[:50], net.predict(x[:50].astype(np.float64)))
    np.testing.assert_array_equal(many[:50], net.predict(np.asfortranarray(x[:50])))
    np.testing.assert_array_equal(many[:3], net.predict(x[:3].tolist()))
    np.testing.assert_array_equal(many[::2], net.predict(x[::2]))
    np.testing.assert_array_equal(many, net.predict_proba(x))
    with pytest.raises(pl.Error, match=r"\[U20\]"):
        net.predict(x[:, :4])


def test_parameters_are_views_that_may_be_written():
    net = small_net().build(5, seed=3)
    x = np.ones((1, 5), np.float32)
    before = net.predict(x)
    net.parameters["dense2.bias"][0] += 100
    assert net.predict(x)[0, 0] > before[0, 0]
    weight = net.parameters["dense1.weight"]
    del net
    assert weight.shape == (5, 8) and np.isfinite(weight).all()


def test_models_survive_pickle_joblib_and_files(tmp_path, columns):
    x, y = rows()
    net = small_net()
    net.fit(x, y, epochs=1)
    net.save(tmp_path / "net.safetensors")
    joblib.dump(net, tmp_path / "net.joblib")
    copies = [pickle.loads(pickle.dumps(net)), joblib.load(tmp_path / "net.joblib"), pl.load(tmp_path / "net.safetensors")]
    for copy in copies:
        assert copy.to_bytes() == net.to_bytes()
    model = quick(columns).model
    assert pickle.loads(pickle.dumps(model)).predict(columns).shape == (120,)
    with pytest.raises(pl.Error, match=r"\[D21\]"):
        pl.Model.from_bytes(b"nothing")
    with pytest.raises(pl.Error, match=r"\[D10\]"):
        pl.load(tmp_path / "none.safetensors")


def test_a_model_of_a_table_tells_classes_probabilities_and_scores(iris):
    run = pl.train(iris, "species", epochs=20, progress=False)
    assert run.model.classes == ["setosa", "versicolor", "virginica"]
    probabilities = run.model.predict_proba(iris)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-6)
    assert (np.array(run.model.classes)[probabilities.argmax(axis=1)] == run.model.predict(iris)).all()
    assert run.model.evaluate(iris)["rows"] == 150
    with pytest.raises(pl.Error, match=r"\[D20\].*petal_width"):
        run.model.predict({"sepal_length": [1], "sepal_width": [1], "petal_length": [1]})
    with pytest.raises(pl.Error, match=r"\[U20\].*no probabilities"):
        quick({"a": range(50), "y": range(50)}, "y", task="regression").model.predict_proba({"a": [1]})


def test_several_targets_are_predicted_side_by_side(columns):
    model = quick({**columns, "area": [i * 1.5 for i in range(120)]}, ["price", "area"]).model
    assert model.predict(columns).shape == (120, 2)


def test_intervals_surround_the_predictions_and_sets_contain_them(columns):
    model = quick(columns).model
    limits, middle = model.predict_interval(columns, 0.8), model.predict(columns)
    assert limits.shape == (120, 2) and (limits[:, 0] < middle).all() and (middle < limits[:, 1]).all()
    assert np.allclose(limits.mean(axis=1), middle)
    sets = quick(columns, "garden").model
    inside = sets.predict_interval(columns, 0.9)
    assert inside.dtype == bool and inside.shape == (120, 2)
    assert inside[np.arange(120), sets.predict_proba(columns).argmax(axis=1)].all()
    two = quick({**columns, "area": [i * 1.5 for i in range(120)]}, ["price", "area"]).model
    assert sorted(two.predict_interval(columns)) == ["area", "price"]
    with pytest.raises(pl.Error, match="D43"):
        model.predict_interval(columns, 0.999)


def test_callbacks_can_end_a_fit_and_predict_meanwhile():
    x, y = rows()
    net = small_net()
    seen = []

    def stop(epoch):
        seen.append(net.predict(x[:1]).shape)
        return epoch["epoch"] == 3

    history = net.fit(x, y, epochs=50, callbacks=[stop])
    assert len(seen) == 3 and len(history) == 3 and history.stopped == "cancelled"
    with pytest.raises(ZeroDivisionError):
        net.fit(x, y, epochs=50, callbacks=[lambda epoch: 1 // 0])


def test_threads_predict_while_another_trains_and_get_whole_answers():
    x, y = rows()
    net = small_net()
    net.fit(x, y, epochs=1)
    problems = []

    def predict():
        for _ in range(50):
            outputs = net.predict(x)
            if not np.allclose(outputs.sum(axis=1), 1, atol=1e-5):
                problems.append(outputs)

    threads = [threading.Thread(target=predict) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(5):
        net.fit(x, y, epochs=2)
    for thread in threads:
        thread.join()
    assert not problems


def test_steps_have_the_bits_of_fit():
    x, y = rows(64)
    fitted, stepped = small_net(), small_net().build(5)
    fitted.fit(x, y, epochs=2, batch_size=16, shuffle=False, optimizer=pl.Sgd(0.1), patience=0)
    step = pl.Stepper(stepped, 16, optimizer=pl.Sgd(0.1))
    for _ in range(2):
        for first in range(0, 64, 16):
            step.step(x[first : first + 16], y[first : first + 16])
    for name, value in fitted.parameters.items():
        np.testing.assert_array_equal(value, stepped.parameters[name])


def test_a_stepper_shows_and_takes_gradients_without_copies():
    x, y = rows(16)
    net = small_net().build(5)
    step = pl.Stepper(net, 16, optimizer=pl.Sgd(1.0), input_gradient=True, keep=["dense1.z"])
    loss = step.gradients(x, y)
    gradient = step.gradient("dense1.weight")
    before = net.parameters["dense1.weight"].copy()
    gradient *= 0.5
    expected = before - gradient
    assert step.input_gradient().shape == (16, 5) and step.value("dense1.z").shape == (16, 8)
    step.update()
    np.testing.assert_array_equal(net.parameters["dense1.weight"], expected)
    assert "dense1.z" in step.value_names and step.steps == 1 and loss > 0
    step.learning_rate = 0.25
    assert step.learning_rate == 0.25
    with pytest.raises(pl.Error, match=r"(?s)\[U23\].*did you mean dense1.weight"):
        step.gradients(x, y)
        step.gradient("dense1.weigth")


def test_a_loss_of_ones_own_gives_the_gradients_of_the_librarys():
    x, _ = rows(16)
    target = x[:, :3].copy()
    net = pl.Model([pl.Dense(3)]).build(5)
    step = pl.Stepper(net, 16, loss="mse")
    step.gradients(x, target)
    expected = step.gradient("dense1.weight").copy()
    outputs = step.forward(x)
    step.backward(2 * (outputs - target) / outputs.size)
    np.testing.assert_allclose(step.gradient("dense1.weight"), expected, rtol=1e-4, atol=1e-7)


def test_a_stepper_survives_pickle():
    x, y = rows(16)
    step = pl.Stepper(small_net().build(5), 16)
    step.step(x, y)
    copy = pickle.loads(pickle.dumps(step))
    assert copy.step(x, y) == step.step(x, y) and copy.steps == 2
