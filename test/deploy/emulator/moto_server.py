"""AWS on one machine: moto's server on a free port of 127.0.0.1, until standard input ends."""

import sys

from moto.cloudformation import models, parsing
from moto.moto_server.threaded_moto_server import ThreadedMotoServer

lint = models.validate_template_cfn_lint
apply_change_set = models.ChangeSet.apply


def only_errors(template):
    # moto refuses a template for whatever cfn-lint says of it, AWS only for what is wrong.
    return [match for match in lint(template) if match.rule.id.startswith("E")]


def with_outputs(change_set):
    # moto makes the resources of a change set, and leaves the outputs of the stack as they were.
    apply_change_set(change_set)
    stack = change_set.stack
    stack.output_map = parsing.OutputMap(stack.resource_map, change_set.template_dict, stack.stack_id)


models.validate_template_cfn_lint = only_errors
models.ChangeSet.apply = with_outputs

server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
host, port = server.get_host_and_port()
print(f"http://{host}:{port}", flush=True)
sys.stdin.read()
