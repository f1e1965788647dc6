"""Prints as JSON which rights AWS publishes for the handlers of each type of resource that is named.

CloudFormation calls them with the rights of who deploys. They are in the types' own schemas, which cfn-lint brings.
"""

import json
import pathlib
import sys

import cfnlint

wanted = set(sys.argv[1:])
found = {}
for file in pathlib.Path(cfnlint.__file__).parent.glob("data/schemas/resources/*.json"):
    schema = json.loads(file.read_text())
    # Regions may lag behind each other: the union of their rights.
    if schema.get("typeName") in wanted:
        handlers = schema.get("handlers", {})
        rights = {right for name, handler in handlers.items() if name != "list" for right in handler.get("permissions", [])}
        found.setdefault(schema["typeName"], set()).update(rights)
print(json.dumps({name: sorted(rights) for name, rights in found.items()}))
