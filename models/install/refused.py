"""The one error that is told to whoever runs the command, with what helps."""


class Refused(Exception):
    """What is wrong in one line; `cure` is what helps."""

    def __init__(self, what: str, cure: str = ""):
        super().__init__(what)
        self.cure = cure
