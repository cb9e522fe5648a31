"""What must not be lost: the database, the photos, the secrets; and the shared limits and cache."""

from aws_cdk import Duration, RemovalPolicy, SecretValue, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticache as elasticache
from aws_cdk import aws_kms as kms
from aws_cdk import aws_rds as rds
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from stacks.acknowledge import accept
from stacks.network import POSTGRES_PORT, VALKEY_PORT, NetworkStack

DATABASE = "communityshare"
_DATA_SUBNETS = ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)


class DataStack(Stack):
    """PostgreSQL, Valkey and the photo bucket, encrypted with one key of ours; secrets with the account's own."""

    def __init__(self, scope: Construct, name: str, network: NetworkStack, **kwargs: object) -> None:
        super().__init__(scope, name, termination_protection=True, **kwargs)
        self.key = kms.Key(
            self, "Key", alias="communityshare", enable_key_rotation=True, removal_policy=RemovalPolicy.RETAIN
        )
        self.database = self._database(network)
        self.jwt_secret = self._secret("JWT_SECRET")
        self.notifications_token = self._secret("NOTIFICATIONS_TOKEN")
        self.redis_url = self._cache(network)
        self._buckets()

    def _database(self, network: NetworkStack) -> rds.DatabaseInstance:
        engine = rds.DatabaseInstanceEngine.postgres(version=rds.PostgresEngineVersion.of("17.6", "17"))
        credentials = rds.DatabaseSecret(
            self, "DatabaseSecret", username=DATABASE, secret_name="communityshare/database"
        )
        database = rds.DatabaseInstance(
            self,
            "Database",
            engine=engine,
            instance_type=ec2.InstanceType.of(ec2.InstanceClass.M7G, ec2.InstanceSize.LARGE),
            vpc=network.vpc,
            vpc_subnets=_DATA_SUBNETS,
            security_groups=[network.database_group],
            credentials=rds.Credentials.from_secret(credentials),
            database_name=DATABASE,
            port=POSTGRES_PORT,
            multi_az=True,
            storage_encrypted=True,
            storage_encryption_key=self.key,
            storage_type=rds.StorageType.GP3,
            allocated_storage=100,
            max_allocated_storage=1000,
            backup_retention=Duration.days(30),
            preferred_backup_window="02:00-03:00",  # well before the daily check
            preferred_maintenance_window="sun:03:00-sun:04:00",
            copy_tags_to_snapshot=True,
            deletion_protection=True,
            removal_policy=RemovalPolicy.SNAPSHOT,
            auto_minor_version_upgrade=True,
            iam_authentication=True,
            enable_performance_insights=True,
            performance_insight_encryption_key=self.key,
            monitoring_interval=Duration.minutes(1),
            cloudwatch_logs_exports=["postgresql"],
            parameters={"rds.force_ssl": "1", "log_min_duration_statement": "1000"},
        )
        accept(
            database,
            {
                "IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole]": (
                    "The managed policy is the one RDS documents for Enhanced Monitoring."
                ),
                "RDS11": "Another port would hide nothing: only the application's security group reaches it.",
            },
        )
        accept(
            credentials,
            {
                "SMG4": "A rotation ends running connections; it is done by hand (docs/runbooks/leaked-secret.md)."
            },
        )
        return database

    def _secret(self, setting: str) -> secretsmanager.Secret:
        """A random secret that becomes the setting of that name."""
        secret = secretsmanager.Secret(
            self,
            setting.title().replace("_", ""),
            secret_name=f"communityshare/{setting}",
            generate_secret_string=secretsmanager.SecretStringGenerator(
                password_length=48, exclude_punctuation=True
            ),
        )
        accept(
            secret,
            {"SMG4": "Changing it is noticed by people; done by hand (docs/runbooks/leaked-secret.md)."},
        )
        return secret

    def _cache(self, network: NetworkStack) -> secretsmanager.Secret:
        """Valkey in both zones; returns the secret that holds its address with its password."""
        password = self._secret("VALKEY_PASSWORD")
        subnets = elasticache.CfnSubnetGroup(
            self,
            "CacheSubnets",
            description="Valkey",
            subnet_ids=network.vpc.select_subnets(subnet_type=_DATA_SUBNETS.subnet_type).subnet_ids,
        )
        cache = elasticache.CfnReplicationGroup(
            self,
            "Cache",
            replication_group_description="Shared rate limits and resource metadata; may be lost at any time",
            engine="valkey",
            engine_version="8.0",
            cache_node_type="cache.t4g.small",
            num_cache_clusters=2,
            automatic_failover_enabled=True,
            multi_az_enabled=True,
            at_rest_encryption_enabled=True,
            kms_key_id=self.key.key_id,
            transit_encryption_enabled=True,
            auth_token=password.secret_value.unsafe_unwrap(),  # a reference, resolved by CloudFormation
            cache_subnet_group_name=subnets.ref,
            security_group_ids=[network.cache_group.security_group_id],
            port=VALKEY_PORT,
        )
        reference = password.secret_value.unsafe_unwrap()
        url = secretsmanager.Secret(
            self,
            "RedisUrl",
            secret_name="communityshare/REDIS_URL",
            secret_string_value=SecretValue.unsafe_plain_text(
                f"rediss://:{reference}@{cache.attr_primary_end_point_address}:{VALKEY_PORT}/0"
            ),
        )
        accept(url, {"SMG4": "Made of the password's secret, which is changed by hand."})
        return url

    def _buckets(self) -> None:
        self.access_logs = s3.Bucket(
            self,
            "AccessLogs",
            encryption=s3.BucketEncryption.S3_MANAGED,  # load balancers can write to no other
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=True,
            lifecycle_rules=[s3.LifecycleRule(expiration=Duration.days(90))],
            removal_policy=RemovalPolicy.RETAIN,
        )
        self.photos = s3.Bucket(
            self,
            "Photos",
            encryption=s3.BucketEncryption.KMS,
            encryption_key=self.key,
            bucket_key_enabled=True,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=True,
            versioned=True,
            server_access_logs_bucket=self.access_logs,
            server_access_logs_prefix="photos/",
            lifecycle_rules=[
                s3.LifecycleRule(
                    abort_incomplete_multipart_upload_after=Duration.days(1),
                    noncurrent_version_expiration=Duration.days(30),
                    transitions=[
                        s3.Transition(
                            storage_class=s3.StorageClass.INTELLIGENT_TIERING,
                            transition_after=Duration.days(30),
                        )
                    ],
                )
            ],
            removal_policy=RemovalPolicy.RETAIN,
        )
        accept(self.access_logs, {"S1": "This is the bucket of the access logs itself."})
