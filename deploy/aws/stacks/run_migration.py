"""Runs in AWS Lambda: start the migration task, wait for its end, report its exit code to CloudFormation."""

import boto3
import cfnresponse


def handler(event, context):
    """Answer CloudFormation's create, update or delete; nothing is undone at deletion."""
    try:
        if event["RequestType"] != "Delete":
            run(boto3.client("ecs"), event["ResourceProperties"])
        cfnresponse.send(event, context, cfnresponse.SUCCESS, {}, "migration")
    except Exception as error:  # whatever it is, CloudFormation waits an hour for an answer
        cfnresponse.send(event, context, cfnresponse.FAILED, {}, "migration", reason=str(error))


def run(ecs, wanted):
    """Run the task to its end. Raises RuntimeError unless it exits with 0."""
    cluster = wanted["Cluster"]
    network = {"subnets": wanted["Subnets"], "securityGroups": wanted["SecurityGroups"]}
    started = ecs.run_task(
        cluster=cluster,
        taskDefinition=wanted["TaskDefinition"],
        launchType="FARGATE",
        networkConfiguration={"awsvpcConfiguration": network},
    )
    if started["failures"]:
        raise RuntimeError(str(started["failures"]))
    tasks = [started["tasks"][0]["taskArn"]]
    ecs.get_waiter("tasks_stopped").wait(
        cluster=cluster, tasks=tasks, WaiterConfig={"Delay": 5, "MaxAttempts": 160}
    )
    task = ecs.describe_tasks(cluster=cluster, tasks=tasks)["tasks"][0]
    container = task["containers"][0]
    if container.get("exitCode") != 0:
        raise RuntimeError(f"migration failed: {container.get('reason') or task.get('stoppedReason')}")
