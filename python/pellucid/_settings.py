"""Settings: values of Python as the text that a recipe takes. Not here: the settings themselves (the library)."""

from __future__ import annotations

import os
from typing import Any

from . import _core


class Kind:
    """An optimizer, a schedule or a loss: its name and those of its settings that were given."""

    owner = ""

    def __init__(self, kind: str, **settings: Any):
        self.kind = kind
        self.settings = {name: value for name, value in settings.items() if value is not None}

    def __repr__(self) -> str:
        settings = "".join(f", {name}={value!r}" for name, value in self.settings.items())
        return f"{type(self).__name__}({self.kind!r}{settings})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Kind) and (self.owner, self.kind, self.settings) == (
            other.owner,
            other.kind,
            other.settings,
        )


class Optimizer(Kind):
    """An optimizer with its settings, for example ``Optimizer("rmsprop", learning_rate=1e-3, rho=0.9)``.

    ``python -m pellucid explain rmsprop`` describes an optimizer, its settings and their defaults.
    """

    owner = "optimizer"


class Sgd(Optimizer):
    """Plain gradient descent, ``w ← w − lr·g``."""

    def __init__(self, learning_rate: float | None = None, **settings: Any):
        super().__init__("sgd", learning_rate=learning_rate, **settings)


class Momentum(Optimizer):
    """Gradient descent with a velocity."""

    def __init__(self, learning_rate: float | None = None, momentum: float | None = None, **settings: Any):
        super().__init__("momentum", learning_rate=learning_rate, momentum=momentum, **settings)


class Adam(Optimizer):
    """Momentum and RMS scaling with bias correction (Kingma, Ba, ICLR 2015)."""

    def __init__(
        self,
        learning_rate: float | None = None,
        beta1: float | None = None,
        beta2: float | None = None,
        **settings: Any,
    ):
        super().__init__("adam", learning_rate=learning_rate, beta1=beta1, beta2=beta2, **settings)


class AdamW(Optimizer):
    """Adam with decoupled weight decay (Loshchilov, Hutter, ICLR 2019)."""

    def __init__(self, learning_rate: float | None = None, weight_decay: float | None = None, **settings: Any):
        super().__init__("adamw", learning_rate=learning_rate, weight_decay=weight_decay, **settings)


class Lbfgs(Optimizer):
    """Quasi-Newton on all rows at once, for small data."""

    def __init__(self, **settings: Any):
        super().__init__("lbfgs", **settings)


class Schedule(Kind):
    """How the learning rate changes during training, for example ``Schedule("cosine", minimum=0.1)``."""

    owner = "schedule"


class Loss(Kind):
    """A loss with its settings, for example ``Loss("huber", delta=1.5)``."""

    owner = "loss"


def text_of(value: Any) -> str:
    """One value as it is typed on a command line."""
    if isinstance(value, bool) or type(value).__name__ == "bool_":
        return "true" if value else "false"
    if value is None:
        return "auto"
    if isinstance(value, float):
        return repr(value)
    return str(value)


def name_in_list(name: Any) -> str:
    """A name as part of a list with commas: a name with a comma or a quote stands in double quotes."""
    name = str(name)
    return '"' + name.replace('"', '""') + '"' if any(c in name for c in ',"') else name


def texts_of(name: str, value: Any) -> list[str]:
    """The value of a setting as a list of texts, of which most settings take one."""
    if name == "header" and isinstance(value, bool):
        return ["yes" if value else "no"]
    if isinstance(value, dict):
        return [",".join(f"{name_in_list(column)}={text_of(kind)}" for column, kind in value.items())]
    if isinstance(value, os.PathLike):
        return [os.fspath(value)]
    if isinstance(value, str) or not hasattr(value, "__iter__"):
        return [name_in_list(value) if name == "drop" and isinstance(value, str) else text_of(value)]
    if name == "image_size":
        return ["x".join(text_of(side) for side in value)]
    if name == "hidden":
        return [",".join(text_of(units) for units in value)]
    return [name_in_list(item) if name in ("drop", "na") else text_of(item) for item in value]


def put(recipe: _core.Recipe, name: str, value: Any) -> None:
    """Sets one setting of a recipe. None leaves it to the rules."""
    if isinstance(value, Kind):
        recipe.set(name, [value.kind])
        for setting, one in value.settings.items():
            recipe.set(f"{name}.{setting}", [text_of(one)])
    elif value is not None:
        recipe.set(name, texts_of(name, value))


def make_recipe(settings: dict[str, Any]) -> _core.Recipe:
    """A recipe with these settings; all others have their defaults."""
    recipe = _core.Recipe()
    for name, value in settings.items():
        put(recipe, name, value)
    return recipe
