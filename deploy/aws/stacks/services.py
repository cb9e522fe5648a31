"""The processes on ECS Fargate: API behind a load balancer, Notification Service, workers."""

from aws_cdk import Duration, Stack
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_elasticloadbalancingv2 as elb
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from config import Config
from stacks.acknowledge import accept
from stacks.data import DataStack
from stacks.migration import Migration
from stacks.network import APP_PORT, NetworkStack
from stacks.tasks import DNS_TTL_SECONDS, Tasks

MIN_INSTANCES, MAX_INSTANCES, TARGET_CPU_PERCENT, TARGET_MEMORY_PERCENT = 2, 10, 70, 80
ORIGIN_HEADER, ORIGIN_SECRET = "X-Origin-Verify", "communityshare/ORIGIN_SECRET"
EDGE_REGION = "us-east-1"


class ServicesStack(Stack):
    """A new image: migrate, then replace the processes one by one; back by itself when they stay unhealthy."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        config: Config,
        network: NetworkStack,
        data: DataStack,
        **kwargs: object,
    ) -> None:
        super().__init__(scope, name, **kwargs)
        self._network = network
        self.cluster = ecs.Cluster(
            self,
            "Cluster",
            cluster_name="communityshare",
            vpc=network.vpc,
            container_insights_v2=ecs.ContainerInsights.ENABLED,
            default_cloud_map_namespace=ecs.CloudMapNamespaceOptions(name="communityshare.internal"),
        )
        self.tasks = Tasks(
            self, "Tasks", config=config, data=data, trusted_proxies=network.vpc.vpc_cidr_block
        )
        migration = Migration(
            self, "Migration", cluster=self.cluster, task=self.tasks.make("migrate"), group=network.app_group
        )
        # How many is the scaling's to say: a number here would take them back to it at each release, whatever the load.
        self.api = self._service("api", None)
        self.worker = self._service("worker", config.worker_count)
        self.notifications = self._service("notifications", 2)
        self.notifications.enable_cloud_map(name="notifications", dns_ttl=Duration.seconds(DNS_TTL_SECONDS))
        for service in (self.api, self.worker, self.notifications):
            service.node.add_dependency(migration)
        self._scale()
        self._load_balancer(config, data)

    def _service(self, name: str, count: int | None) -> ecs.FargateService:
        return ecs.FargateService(
            self,
            name.title(),
            service_name=name,
            cluster=self.cluster,
            task_definition=self.tasks.make(name),
            desired_count=count,
            min_healthy_percent=100,
            max_healthy_percent=200,
            circuit_breaker=ecs.DeploymentCircuitBreaker(rollback=True),
            security_groups=[self._network.app_group],
            vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS),
            propagate_tags=ecs.PropagatedTagSource.SERVICE,
        )

    def _scale(self) -> None:
        scaling = self.api.auto_scale_task_count(min_capacity=MIN_INSTANCES, max_capacity=MAX_INSTANCES)
        scaling.scale_on_cpu_utilization("Cpu", target_utilization_percent=TARGET_CPU_PERCENT)
        scaling.scale_on_memory_utilization("Memory", target_utilization_percent=TARGET_MEMORY_PERCENT)

    def _load_balancer(self, config: Config, data: DataStack) -> None:
        self.origin_secret = secretsmanager.Secret(
            self,
            "OriginSecret",
            secret_name=ORIGIN_SECRET,
            # CloudFront's stack reads it in its own region.
            replica_regions=[secretsmanager.ReplicaRegion(region=r) for r in {EDGE_REGION} - {config.region}],
            generate_secret_string=secretsmanager.SecretStringGenerator(
                password_length=48, exclude_punctuation=True
            ),
        )
        accept(self.origin_secret, {"SMG4": "Changed together with the distribution, by a deployment."})
        self.load_balancer = elb.ApplicationLoadBalancer(
            self,
            "LoadBalancer",
            vpc=self._network.vpc,
            internet_facing=True,
            security_group=self._network.load_balancer_group,
            drop_invalid_header_fields=True,
            deletion_protection=True,
            # CloudFront writes the client's address; nothing else gets in, so the balancer adds nothing to it.
            xff_header_processing_mode=elb.XffHeaderProcessingMode.PRESERVE,
        )
        self.load_balancer.log_access_logs(data.access_logs, "load-balancer")
        self.load_balancer.add_redirect()
        self._https_listener(config)

    def _https_listener(self, config: Config) -> None:
        listener = self.load_balancer.add_listener(
            "Https",
            port=443,
            open=False,
            ssl_policy=elb.SslPolicy.TLS13_RES,
            certificates=[acm.Certificate.from_certificate_arn(self, "Certificate", config.certificate_arn)],
            default_action=elb.ListenerAction.fixed_response(403),
        )
        listener.add_targets(
            "Api",
            priority=1,
            conditions=[
                elb.ListenerCondition.http_header(
                    ORIGIN_HEADER, [self.origin_secret.secret_value.unsafe_unwrap()]
                )
            ],
            port=APP_PORT,
            protocol=elb.ApplicationProtocol.HTTP,
            targets=[self.api],
            deregistration_delay=Duration.seconds(25),  # a stopping process drains within 30 s
            health_check=elb.HealthCheck(
                path="/readyz",
                interval=Duration.seconds(10),
                healthy_threshold_count=2,
                unhealthy_threshold_count=2,
            ),
        )
