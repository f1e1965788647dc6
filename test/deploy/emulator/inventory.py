"""Prints as JSON all that lies in the account and region of the environment."""

import ast
import json

import boto3


def client(name):
    return boto3.client(name)


def every(service, operation, key, **arguments):
    return [item for page in client(service).get_paginator(operation).paginate(**arguments) for item in page.get(key, [])]


def document(text):
    # moto hands a policy that came by CloudFormation back as Python writes it.
    return text if isinstance(text, dict) else ast.literal_eval(text)


def role(name):
    names = every("iam", "list_role_policies", "PolicyNames", RoleName=name)
    policies = [client("iam").get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"] for policy in names]
    return [statement for policy in policies for statement in document(policy)["Statement"]]


def queue(url):
    return client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]


def keys(bucket):
    return [item["Key"] for item in every("s3", "list_objects_v2", "Contents", Bucket=bucket)]


everything = {
    "stacks": [stack["StackName"] for stack in every("cloudformation", "list_stacks", "StackSummaries") if stack["StackStatus"] != "DELETE_COMPLETE"],
    "functions": every("lambda", "list_functions", "Functions"),
    "eventSources": every("lambda", "list_event_source_mappings", "EventSourceMappings"),
    "queues": [queue(url) for url in every("sqs", "list_queues", "QueueUrls")],
    "tables": [client("dynamodb").describe_table(TableName=name)["Table"] for name in every("dynamodb", "list_tables", "TableNames")],
    "roles": {item["Arn"]: role(item["RoleName"]) for item in every("iam", "list_roles", "Roles")},
    "logGroups": every("logs", "describe_log_groups", "logGroups"),
    "rules": every("events", "list_rules", "Rules"),
    "topics": [topic["TopicArn"] for topic in every("sns", "list_topics", "Topics")],
    "dashboards": [entry["DashboardName"] for entry in every("cloudwatch", "list_dashboards", "DashboardEntries")],
    "alarms": [alarm["AlarmName"] for alarm in every("cloudwatch", "describe_alarms", "MetricAlarms")],
    "buckets": {bucket["Name"]: keys(bucket["Name"]) for bucket in client("s3").list_buckets()["Buckets"]},
    "secrets": {secret["Name"]: secret["ARN"] for secret in every("secretsmanager", "list_secrets", "SecretList")},
}
print(json.dumps(everything, default=str))
