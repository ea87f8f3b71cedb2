"""The function that attacks, as an event says; and the same from the command line, outside."""

import json
import sys

import doors  # noqa: F401
import files  # noqa: F401
import kernel  # noqa: F401
import limits  # noqa: F401
import namespaces  # noqa: F401
import network  # noqa: F401
import processes  # noqa: F401
import runtime_api  # noqa: F401
import table


def handler(event, context):
    return table.attempt(event['row'], {**event, 'request': context.aws_request_id})


if __name__ == '__main__':
    event = json.loads(sys.argv[1])
    print(json.dumps(table.attempt(event['row'], event)))
