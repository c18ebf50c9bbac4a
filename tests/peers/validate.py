"""Validates TOML files by a JSON Schema: prints a JSON list, for each file the messages of what is wrong."""

import json
import sys
import tomllib

from jsonschema import Draft202012Validator

with open(sys.argv[1], "rb") as file:
    schema = json.load(file)
Draft202012Validator.check_schema(schema)


def errors(path):
    with open(path, "rb") as file:
        return [error.message for error in Draft202012Validator(schema).iter_errors(tomllib.load(file))]


json.dump([errors(path) for path in sys.argv[2:]], sys.stdout)
