"""As much of the AWS CLI as the runbook uses: `aws <service> <operation> --<parameter> <value>`, `--query`, `--output text`."""

import json
import sys

import boto3
import jmespath
from botocore import xform_name

service, operation, *words = sys.argv[1:]
client = boto3.client(service)
method = operation.replace("-", "_")
model = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[method])
members = {xform_name(name, "-"): (name, member.type_name) for name, member in model.input_shape.members.items()}

parameters = {}
options = {}
while words:
    flag = words.pop(0).removeprefix("--")
    name, kind = members.get(flag, ("", ""))
    unset, unset_kind = members.get(flag.removeprefix("no-"), ("", ""))
    if kind == "boolean":
        parameters[name] = True
    elif name == "" and unset_kind == "boolean":
        parameters[unset] = False
    elif kind == "string":
        parameters[name] = words.pop(0)
    elif flag in ("query", "output"):
        options[flag] = words.pop(0)
    else:
        sys.exit(f"aws: {service} {operation} has no option --{flag} that is known here")

answer = getattr(client, method)(**parameters)
answer.pop("ResponseMetadata")
if "query" in options:
    answer = jmespath.search(options["query"], answer)
if options.get("output") == "text":
    print("\t".join(answer) if isinstance(answer, list) else answer)
else:
    print(json.dumps(answer, default=str))
