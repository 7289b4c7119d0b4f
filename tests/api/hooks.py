"""What schemathesis cannot know of the qualification service: how a signed result is sent, and which sessions there are."""

import json
import os

import schemathesis

schemathesis.serializer.alias("application/jose", "text/plain")

with open(os.environ["CLINIC"], encoding="utf-8") as _clinic:
    SESSIONS = json.load(_clinic)["sessions"]


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    """Three of four generated ids become one of a real session. By the id alone: a seed repeats its run."""
    value = (path_parameters or {}).get("id")
    sessions = SESSIONS.get(context.operation.path)
    if sessions and isinstance(value, str) and len(value) == 32 and set(value) <= set("0123456789abcdef"):
        number = int(value, 16)
        if number % 4:
            return {**path_parameters, "id": sessions[(number // 4) % len(sessions)]}
    return path_parameters
