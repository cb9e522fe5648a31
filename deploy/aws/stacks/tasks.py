"""What one process is given: image, settings, secrets, a log group and no right that it does not use."""

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from config import Config
from stacks.acknowledge import accept
from stacks.data import DATABASE, DataStack
from stacks.network import APP_PORT, POSTGRES_PORT

_CPU, _MEMORY_MIB = 1024, 2048
_METRICS_PORT = 9100
_STOP_SECONDS = 35
DNS_TTL_SECONDS = 10
_TMP = "/tmp"  # noqa: S108 the only place of the container that can be written
# How cdk-nag names the bucket of the other stack.
_PHOTOS = "CommunityShareData:ExportsOutputFnGetAttPhotosB9552D0DArnF8E9C07B"


class Tasks(Construct):
    """Makes the task definitions. They differ in the command, in the right to the photos, and in their log group."""

    def __init__(
        self, scope: Construct, name: str, *, config: Config, data: DataStack, trusted_proxies: str
    ) -> None:
        super().__init__(scope, name)
        self._data = data
        repository = ecr.Repository.from_repository_name(self, "Repository", config.image_repository)
        self._image = ecs.ContainerImage.from_ecr_repository(repository, config.image_tag)
        self._environment = self._settings(config, trusted_proxies)
        self._secrets = self._secret_settings(config)
        self.log_groups: dict[str, logs.LogGroup] = {}

    def make(self, command: str) -> ecs.FargateTaskDefinition:
        """Return the task definition that runs `communityshare COMMAND`."""
        task = ecs.FargateTaskDefinition(
            self,
            command.title(),
            family=f"communityshare-{command}",
            cpu=_CPU,
            memory_limit_mib=_MEMORY_MIB,
            runtime_platform=ecs.RuntimePlatform(cpu_architecture=ecs.CpuArchitecture.X86_64),
            volumes=[ecs.Volume(name="tmp")],
        )
        container = task.add_container(
            command,
            image=self._image,
            command=[command],
            environment=self._environment,
            secrets=self._secrets,
            readonly_root_filesystem=True,
            port_mappings=[ecs.PortMapping(container_port=APP_PORT)],
            stop_timeout=Duration.seconds(_STOP_SECONDS),
            logging=ecs.LogDrivers.aws_logs(stream_prefix=command, log_group=self._log_group(command)),
            health_check=None if command == "migrate" else _health(command),
        )
        container.add_mount_points(ecs.MountPoint(container_path=_TMP, source_volume="tmp", read_only=False))
        if command in ("api", "worker"):
            self._grant_photos(task)
        accept(task, {"ECS2": "No value of the environment is secret; secrets come from Secrets Manager."})
        accept(
            task.obtain_execution_role(), {"IAM5[Resource::*]": "ecr:GetAuthorizationToken has no resource."}
        )
        return task

    def _grant_photos(self, task: ecs.FargateTaskDefinition) -> None:
        """Read, write and sweep photos; written out, since the ready-made grant is wider."""
        photos, role = self._data.photos, task.task_role
        objects = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"]
        for actions, resource in [
            (objects, photos.arn_for_objects("*")),
            (["s3:ListBucket"], photos.bucket_arn),
            (["kms:Decrypt", "kms:GenerateDataKey"], self._data.key.key_arn),
        ]:
            role.add_to_principal_policy(iam.PolicyStatement(actions=actions, resources=[resource]))
        accept(
            role,
            {f"IAM5[Resource::{_PHOTOS}/*]": "Photos have random names; all of them are the application's."},
        )

    def _log_group(self, command: str) -> logs.LogGroup:
        group = logs.LogGroup(
            self,
            f"{command.title()}Logs",
            log_group_name=f"/communityshare/{command}",
            retention=logs.RetentionDays.THREE_MONTHS,
            # A first deployment that fails takes them away again; their names would be in the way of the next.
            removal_policy=RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
        )
        self.log_groups[command] = group
        return group

    def _settings(self, config: Config, trusted_proxies: str) -> dict[str, str]:
        database = self._data.database.db_instance_endpoint_address
        return {
            # User and password come from PGUSER and PGPASSWORD, which libpq reads beside the address.
            "DATABASE_URL": f"postgresql://{database}:{POSTGRES_PORT}/{DATABASE}?sslmode=require",
            "HOST": "0.0.0.0",  # noqa: S104 the security group says who reaches it
            "PORT": str(APP_PORT),
            "METRICS_PORT": str(_METRICS_PORT),  # the worker's health check
            "CLOUDWATCH_METRICS": "true",
            # As long as others may have the address of a stopping Notification Service in mind (Cloud Map's TTL).
            "DRAIN_SECONDS": str(DNS_TTL_SECONDS),
            "NOTIFICATIONS_URL": f"http://notifications.communityshare.internal:{APP_PORT}",
            "PUBLIC_URL": f"https://{config.domain}",
            "TRUSTED_PROXIES": trusted_proxies,
            "S3_BUCKET": self._data.photos.bucket_name,
            "S3_REGION": config.region,
            "COMMUNITY_TIMEZONE": config.community_timezone,
            "EMAIL_FROM": config.email_from,
        }

    def _secret_settings(self, config: Config) -> dict[str, ecs.Secret]:
        login = self._data.database.secret
        assert login is not None
        ours = {
            "PGUSER": ecs.Secret.from_secrets_manager(login, "username"),
            "PGPASSWORD": ecs.Secret.from_secrets_manager(login, "password"),
            "REDIS_URL": ecs.Secret.from_secrets_manager(self._data.redis_url),
            "JWT_SECRET": ecs.Secret.from_secrets_manager(self._data.jwt_secret),
            "NOTIFICATIONS_TOKEN": ecs.Secret.from_secrets_manager(self._data.notifications_token),
        }
        theirs = {
            setting: ecs.Secret.from_secrets_manager(
                secretsmanager.Secret.from_secret_name_v2(self, setting, f"communityshare/{setting}")
            )
            for setting in config.provider_secrets
        }
        return ours | theirs


def _health(command: str) -> ecs.HealthCheck:
    script = ["CMD", "/app/venv/bin/python", "/app/healthcheck.py"]
    return ecs.HealthCheck(
        command=[*script, "worker"] if command == "worker" else script,
        interval=Duration.seconds(15),
        timeout=Duration.seconds(5),
        start_period=Duration.seconds(30),
    )
