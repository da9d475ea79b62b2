"""The layers of a Model. Not here: what they compute (the library)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any


class Layer:
    """A layer by the name of its kind, for example ``Layer("dense", units=64, activation="relu")``.

    Parameters
    ----------
    kind : str
        Name of the kind, as in model files.
    name : str, optional
        Name of the layer in the model; default: the kind and a number, such as ``dense1``.
    **settings
        Settings of the kind; those that are left out have their defaults.
    """

    def __init__(self, kind: str, *, name: str | None = None, **settings: Any):
        self.kind = kind
        self.name = name or ""
        self.settings = {key: value for key, value in settings.items() if value is not None}

    def __repr__(self) -> str:
        return f"Layer({self.kind!r}" + "".join(f", {k}={v!r}" for k, v in self.settings.items()) + ")"

    def to_json(self) -> str:
        return json.dumps(self.settings)


class Dense(Layer):
    """Fully connected: ``y = f(x·W + b)``; x is rows × inputs, y is rows × units.

    Parameters
    ----------
    units : int
        Number of outputs, at least 1.
    activation : str, default "linear"
        "relu", "tanh", "sigmoid", "softmax" … ; a parameter stands in brackets: "leaky_relu(0.2)".
    bias : bool, default True
    weight_initializer : str, default "auto"
        "auto": the one that suits the activation.
    bias_initializer : str, default "zeros"
    parametrization : {"standard", "ntk"}, default "standard"
    bias_rate : float, default 1
        Factor on the learning rate of the bias.
    """

    def __init__(
        self,
        units: int,
        activation: str | None = None,
        *,
        bias: bool | None = None,
        weight_initializer: str | None = None,
        bias_initializer: str | None = None,
        parametrization: str | None = None,
        bias_rate: float | None = None,
        name: str | None = None,
    ):
        super().__init__(
            "dense",
            name=name,
            units=int(units),
            activation=activation,
            bias=bias,
            weight_initializer=weight_initializer,
            bias_initializer=bias_initializer,
            parametrization=parametrization,
            bias_rate=bias_rate,
        )


class Activation(Layer):
    """An activation as a layer of its own."""

    def __init__(self, activation: str, *, name: str | None = None):
        super().__init__("activation", name=name, activation=activation)


class Dropout(Layer):
    """In training, sets each number to 0 with probability ``rate`` and divides the others by ``1 - rate``."""

    def __init__(self, rate: float = 0.5, *, name: str | None = None):
        super().__init__("dropout", name=name, rate=float(rate))


class Embedding(Layer):
    """Replaces indices of categories by ``size`` learned numbers each.

    Parameters
    ----------
    columns : dict of int to int
        Column of the input → number of categories.
    size : int
        Learned numbers per category.
    """

    def __init__(self, columns: dict[int, int], size: int, *, name: str | None = None):
        text = ",".join(f"{column}:{categories}" for column, categories in sorted(columns.items()))
        super().__init__("embedding", name=name, columns=text, size=int(size))


class Scale(Layer):
    """A learned factor for each input; ``rate`` multiplies its learning rate."""

    def __init__(self, rate: float | None = None, *, name: str | None = None):
        super().__init__("scale", name=name, rate=rate)


class Augment(Layer):
    """Random changes of pictures in training; stands before the first convolution.

    Parameters
    ----------
    shift : int, optional
        Moves the picture by up to so many pixels in each direction.
    flip : bool, optional
        Mirrors left and right, for every second picture on average.
    cutout : int, optional
        Side of a square of pixels that become 0.
    """

    def __init__(
        self, shift: int | None = None, flip: bool | None = None, cutout: int | None = None, *, name: str | None = None
    ):
        super().__init__("augment", name=name, shift=shift, flip=flip, cutout=cutout)


class BatchNorm(Layer):
    """Mean 0 and variance 1 per channel (the last axis of a row) over the batch, then ``gamma * y + beta``.

    Parameters
    ----------
    momentum : float, default 0.1
        Share of a batch in the running mean and variance that predictions use (Keras calls 1 minus this the momentum).
    epsilon : float, default 1e-5
        Added to the variance.
    """

    def __init__(self, momentum: float | None = None, epsilon: float | None = None, *, name: str | None = None):
        super().__init__("batch_norm", name=name, momentum=momentum, epsilon=epsilon)


class LayerNorm(Layer):
    """Mean 0 and variance 1 within each row, then ``gamma * y + beta``; ``epsilon`` is added to the variance."""

    def __init__(self, epsilon: float | None = None, *, name: str | None = None):
        super().__init__("layer_norm", name=name, epsilon=epsilon)


class Flatten(Layer):
    """The same numbers as a flat row."""

    def __init__(self, *, name: str | None = None):
        super().__init__("flatten", name=name)


class Reshape(Layer):
    """The same numbers as a row of another shape."""

    def __init__(self, shape: Sequence[int], *, name: str | None = None):
        super().__init__("reshape", name=name, shape="x".join(str(int(extent)) for extent in shape))


class Slice(Layer):
    """The numbers of each row from index ``first`` on, as many as ``shape`` holds."""

    def __init__(self, first: int, shape: Sequence[int], *, name: str | None = None):
        super().__init__("slice", name=name, first=int(first), shape="x".join(str(int(extent)) for extent in shape))


class Concat(Layer):
    """Its inputs side by side."""

    def __init__(self, *, name: str | None = None):
        super().__init__("concat", name=name)


class Add(Layer):
    """The sum of its inputs, element by element."""

    def __init__(self, *, name: str | None = None):
        super().__init__("add", name=name)


class Multiply(Layer):
    """The product of its inputs, element by element."""

    def __init__(self, *, name: str | None = None):
        super().__init__("multiply", name=name)


class Average(Layer):
    """The mean of its inputs, element by element."""

    def __init__(self, *, name: str | None = None):
        super().__init__("average", name=name)


def _size(size: int | Sequence[int] | None) -> str | None:
    """3 or (3, 5) as the text of a setting."""
    return size if size is None else str(size) if isinstance(size, int) else "x".join(str(int(extent)) for extent in size)


class Conv2D(Layer):
    """Convolution of pictures (height x width x channels): ``filters`` filters read a window of ``kernel`` pixels, then the
    activation.

    ``kernel``, ``stride`` and ``dilation`` are one number or (height, width). ``padding`` is ``"valid"`` (default), ``"same"``
    or a number of pixels. Further settings by their names: ``groups``, ``bias``, ``weight_initializer``,
    ``bias_initializer``. groups = filters = channels is a depthwise convolution.
    """

    def __init__(
        self,
        filters: int,
        kernel: int | Sequence[int] = 3,
        activation: str | None = None,
        *,
        stride: int | Sequence[int] | None = None,
        padding: str | int | None = None,
        dilation: int | Sequence[int] | None = None,
        name: str | None = None,
        **settings: Any,
    ):
        super().__init__(
            "conv2d", name=name, filters=int(filters), kernel=_size(kernel), activation=activation, stride=_size(stride),
            padding=None if padding is None else str(padding), dilation=_size(dilation), **settings,
        )  # fmt: skip


class MaxPool2D(Layer):
    """The largest number of each window of pixels; ``stride`` is ``window`` unless it is given."""

    def __init__(
        self,
        window: int | Sequence[int] = 2,
        *,
        stride: int | Sequence[int] | None = None,
        padding: str | int | None = None,
        name: str | None = None,
    ):
        padding = None if padding is None else str(padding)
        super().__init__("max_pool2d", name=name, window=_size(window), stride=_size(stride), padding=padding)


class AveragePool2D(Layer):
    """The mean of each window of pixels; ``stride`` is ``window`` unless it is given."""

    def __init__(
        self,
        window: int | Sequence[int] = 2,
        *,
        stride: int | Sequence[int] | None = None,
        padding: str | int | None = None,
        name: str | None = None,
    ):
        padding = None if padding is None else str(padding)
        super().__init__("average_pool2d", name=name, window=_size(window), stride=_size(stride), padding=padding)


class GlobalAveragePool2D(Layer):
    """The mean of each channel of the picture."""

    def __init__(self, *, name: str | None = None):
        super().__init__("global_average_pool2d", name=name)
