"""Error: the exception that pellucid raises. Not here: the text of the messages (the library)."""

from __future__ import annotations


class Error(ValueError):
    """Something that pellucid cannot or will not do.

    It is a ValueError, so that scikit-learn's tools treat it like the errors of other estimators.

    Attributes
    ----------
    code : str
        A letter and two digits whose meaning never changes: U a wrong call, D wrong data or a wrong model file, N
        training failed numerically, M the machine (memory, files), P a bug in pellucid.
        ``python -m pellucid explain CODE`` describes it.
    message : str
        One line: the place, what was expected and what was found.
    hints : list of str
        What to do about it. Settings are spelled as parameters of Python.

    Examples
    --------
    >>> import pellucid as pl
    >>> try:
    ...     pl.train({"size": [1, 2], "price": [3, 4]}, target="prise")
    ... except pl.Error as error:
    ...     print(error.code, error.message)
    D11 no column "prise" in the table (2 columns)
    """

    def __init__(self, code: str, message: str, hints: list[str] | None = None):
        super().__init__(code, message, hints or [])
        self.code = code
        self.message = message
        self.hints = list(hints or [])

    def __str__(self) -> str:
        return "\n  ".join([f"[{self.code}] {self.message}", *self.hints])
