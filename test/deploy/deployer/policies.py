"""Prints as JSON the policies that are attached to a role, and one more by its ARN."""

import json
import sys

import boto3

iam = boto3.client("iam")


def document(arn):
    version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    return iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]


role, boundary = sys.argv[1:]
attached = [document(one["PolicyArn"]) for one in iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]]
# IAM counts the characters of a policy without its blanks.
sizes = [len(json.dumps(one, separators=(",", ":"))) for one in attached]
statements = [statement for one in attached for statement in one["Statement"]]
print(json.dumps({"policy": statements, "sizes": sizes, "boundary": document(boundary)["Statement"]}))
