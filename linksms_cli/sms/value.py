"""What is wrong with a value that somebody set, in words that follow the value's name."""


class InvalidValueError(ValueError):
    """A value has the wrong form: `problem` continues a sentence that begins with its name."""

    def __init__(self, problem: str, hint: str | None = None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.hint = hint
