"""Calls the candidate's function with the arguments on stdin; says on descriptor 3 what it returned, or why it did not.

What the candidate prints is left alone. Expected values never come here.
"""

import importlib.util
import json
import linecache  # noqa: F401  (what a traceback needs is loaded before the candidate's folder is on the path)
import os
import sys
import tokenize  # noqa: F401
import traceback

FILE = "solution.py"
REPORT = 3


class Refused(Exception):
    """Something that the platform says in its own words, without a traceback."""


def main():
    os.set_inheritable(REPORT, False)
    name = sys.argv[1]
    workspace = os.getcwd()
    arguments = json.loads(sys.stdin.buffer.read())
    sys.argv = [os.path.join(workspace, FILE)]
    sys.path.insert(0, workspace)
    status = 1
    try:
        answer = encode(name, call(name, load(workspace), arguments))
        status = 0
    except Refused as refused:
        answer = failure("Refused", str(refused), str(refused))
    except SystemExit as left:
        text = f"the program left with sys.exit({left.code!r}) before `{name}` returned"
        answer = failure("SystemExit", text, text)
    except BaseException as error:
        answer = failure(type(error).__name__, str(error), trace(error, workspace))
    write(answer)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:
            pass
    os._exit(status)


def load(workspace):
    path = os.path.join(workspace, FILE)
    if not os.path.isfile(path):
        raise Refused(f"there is no file {FILE}")
    spec = importlib.util.spec_from_file_location("solution", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["solution"] = module
    spec.loader.exec_module(module)
    return module


def call(name, module, arguments):
    function = getattr(module, name, None)
    if not callable(function):
        raise Refused(f"{FILE} has no function `{name}`")
    result = function(*arguments)
    if hasattr(result, "__await__"):
        import asyncio

        async def wait():
            return await result

        result = asyncio.run(wait())
    return result


def encode(name, result):
    def refuse(value):
        kind = type(value).__name__
        raise Refused(
            f"`{name}` returned a value of type `{kind}`: return dicts, lists, strings, numbers, booleans or None"
        )

    try:
        return '{"result":' + json.dumps(result, allow_nan=False, default=refuse) + "}"
    except ValueError as error:
        text = str(error)
        if "Circular" in text:
            raise Refused(f"`{name}` returned a value that contains itself") from None
        if "float" in text:
            raise Refused(f"`{name}` returned NaN or an infinity, which is not a JSON number") from None
        raise Refused(f"`{name}` returned a value that is not JSON: {text}") from None
    except TypeError as error:
        raise Refused(f"`{name}` returned a value that is not JSON: {error}") from None
    except RecursionError:
        raise Refused(f"`{name}` returned a value that is nested too deeply") from None


def failure(kind, message, text):
    return json.dumps({"error": {"type": kind, "message": message, "trace": text}})


def trace(error, workspace):
    told = traceback.TracebackException.from_exception(error)
    seen = set()

    def hide(part):
        if part is None or id(part) in seen:
            return
        seen.add(id(part))
        frames = [frame for frame in part.stack if frame.filename != __file__ and "<frozen " not in frame.filename]
        part.stack[:] = frames
        hide(part.__cause__)
        hide(part.__context__)

    hide(told)
    return "".join(told.format()).replace(workspace + os.sep, "").rstrip()


def write(text):
    rest = memoryview(("\n" + text + "\n").encode("utf-8", "replace"))
    while rest:
        rest = rest[os.write(REPORT, rest) :]


main()
