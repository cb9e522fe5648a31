"""One run of `communityshare migrate` before each rollout; the rollout stops where it fails."""

from pathlib import Path

from aws_cdk import CustomResource, Duration, RemovalPolicy
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from stacks.acknowledge import accept

CODE = Path(__file__).with_name("run_migration.py").read_text()


class Migration(Construct):
    """A custom resource that changes with the task definition, so with each image."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        cluster: ecs.Cluster,
        task: ecs.FargateTaskDefinition,
        group: ec2.SecurityGroup,
    ) -> None:
        super().__init__(scope, name)
        function = self._function(cluster, task)
        subnets = cluster.vpc.select_subnets(subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS)
        run = CustomResource(
            self,
            "Run",
            service_token=function.function_arn,
            resource_type="Custom::Migration",
            properties={
                "Cluster": cluster.cluster_name,
                "TaskDefinition": task.task_definition_arn,
                "Subnets": subnets.subnet_ids,
                "SecurityGroups": [group.security_group_id],
            },
        )
        # The definition names the role, not what it may do: started before that is written, the task gets no secrets.
        run.node.add_dependency(task.obtain_execution_role())

    def _function(self, cluster: ecs.Cluster, task: ecs.FargateTaskDefinition) -> lambda_.Function:
        log_group = logs.LogGroup(
            self, "Logs", retention=logs.RetentionDays.THREE_MONTHS, removal_policy=RemovalPolicy.DESTROY
        )
        role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        log_group.grant_write(role)
        function = lambda_.Function(
            self,
            "Function",
            runtime=lambda_.Runtime.PYTHON_3_13,
            handler="index.handler",
            code=lambda_.Code.from_inline(CODE),
            timeout=Duration.minutes(15),
            log_group=log_group,
            role=role,
        )
        only_here = {"ArnEquals": {"ecs:cluster": cluster.cluster_arn}}
        task.grant_run(role)
        role.add_to_policy(
            iam.PolicyStatement(actions=["ecs:DescribeTasks"], resources=["*"], conditions=only_here)
        )
        accept(
            role,
            {"IAM5[Resource::*]": "The tasks do not exist yet; the condition keeps it to this cluster."},
        )
        accept(function, {"L1": "Inline code needs a runtime that brings boto3; 3.13 is proved to."})
        return function
