"""Where everything runs: three kinds of subnets in two zones, and who may talk to whom."""

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_logs as logs
from constructs import Construct

from config import Config
from stacks.acknowledge import accept

APP_PORT, POSTGRES_PORT, VALKEY_PORT = 3000, 5432, 6379
_ISOLATED, _PRIVATE, _PUBLIC = (
    ec2.SubnetType.PRIVATE_ISOLATED,
    ec2.SubnetType.PRIVATE_WITH_EGRESS,
    ec2.SubnetType.PUBLIC,
)


class NetworkStack(Stack):
    """VPC and security groups. Databases have no way out; the application has, for mail and SMS providers."""

    def __init__(self, scope: Construct, name: str, config: Config, **kwargs: object) -> None:
        super().__init__(scope, name, **kwargs)
        self.vpc = ec2.Vpc(
            self,
            "Vpc",
            availability_zones=config.availability_zones,
            nat_gateways=len(config.availability_zones),
            subnet_configuration=[
                ec2.SubnetConfiguration(name="public", subnet_type=_PUBLIC, cidr_mask=24),
                ec2.SubnetConfiguration(name="app", subnet_type=_PRIVATE, cidr_mask=22),
                ec2.SubnetConfiguration(name="data", subnet_type=_ISOLATED, cidr_mask=24),
            ],
            gateway_endpoints={
                "S3": ec2.GatewayVpcEndpointOptions(service=ec2.GatewayVpcEndpointAwsService.S3)
            },
        )
        flow_log = logs.LogGroup(
            self, "FlowLog", retention=logs.RetentionDays.THREE_MONTHS, removal_policy=RemovalPolicy.DESTROY
        )
        self.vpc.add_flow_log("Flows", destination=ec2.FlowLogDestination.to_cloud_watch_logs(flow_log))
        self._security_groups()

    def _security_groups(self) -> None:
        self.load_balancer_group = self._group("LoadBalancerGroup", "Load balancer", outbound=False)
        self.app_group = self._group("AppGroup", "API, worker, Notification Service", outbound=True)
        self.database_group = self._group("DatabaseGroup", "PostgreSQL", outbound=False)
        self.cache_group = self._group("CacheGroup", "Valkey", outbound=False)

        for port in (80, 443):
            self.load_balancer_group.add_ingress_rule(ec2.Peer.any_ipv4(), ec2.Port.tcp(port), "the internet")
        self.load_balancer_group.add_egress_rule(self.app_group, ec2.Port.tcp(APP_PORT), "to the API")
        self.app_group.add_ingress_rule(self.load_balancer_group, ec2.Port.tcp(APP_PORT), "load balancer")
        self.app_group.add_ingress_rule(self.app_group, ec2.Port.tcp(APP_PORT), "Notification Service")
        self.database_group.add_ingress_rule(self.app_group, ec2.Port.tcp(POSTGRES_PORT), "the application")
        self.cache_group.add_ingress_rule(self.app_group, ec2.Port.tcp(VALKEY_PORT), "the application")
        accept(
            self.load_balancer_group,
            {
                "EC23": "The load balancer is the public door; it serves only requests that carry CloudFront's secret."
            },
        )

    def _group(self, name: str, what: str, *, outbound: bool) -> ec2.SecurityGroup:
        return ec2.SecurityGroup(
            self, name, vpc=self.vpc, description=what, allow_all_outbound=outbound, disable_inline_rules=True
        )
