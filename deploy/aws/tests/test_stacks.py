"""What the architecture document names, found in the templates."""

from typing import Any

import pytest
from aws_cdk.assertions import Match, Template

Templates = dict[str, Template]


def only(template: Template, kind: str) -> dict[str, Any]:
    """Return the properties of the one resource of that type."""
    (resource,) = template.find_resources(kind).values()
    return resource["Properties"]


# Scaling and processes


def test_the_api_runs_on_two_to_ten_instances_at_seventy_percent_cpu(templates: Templates) -> None:
    services = templates["services"]
    services.has_resource_properties(
        "AWS::ApplicationAutoScaling::ScalableTarget", {"MinCapacity": 2, "MaxCapacity": 10}
    )
    for metric, target in [("CPU", 70), ("Memory", 80)]:
        policy = {
            "PredefinedMetricSpecification": {
                "PredefinedMetricType": f"ECSServiceAverage{metric}Utilization"
            },
            "TargetValue": target,
        }
        services.has_resource_properties(
            "AWS::ApplicationAutoScaling::ScalingPolicy", {"TargetTrackingScalingPolicyConfiguration": policy}
        )


@pytest.mark.parametrize(("name", "count"), [("api", None), ("worker", 3), ("notifications", 2)])
def test_services_run_in_private_subnets_and_go_back_by_themselves(
    templates: Templates, name: str, count: int | None
) -> None:
    expected = {
        "ServiceName": name,
        # A release must not take back what the scaling has added.
        "DesiredCount": Match.absent() if count is None else count,
        "LaunchType": "FARGATE",
        "DeploymentConfiguration": {
            "DeploymentCircuitBreaker": {"Enable": True, "Rollback": True},
            "MinimumHealthyPercent": 100,
        },
        "NetworkConfiguration": {"AwsvpcConfiguration": {"AssignPublicIp": "DISABLED"}},
    }
    templates["services"].has_resource_properties("AWS::ECS::Service", Match.object_like(expected))


def test_every_service_waits_for_the_migration(templates: Templates) -> None:
    services = templates["services"]
    (migration,) = services.find_resources("Custom::Migration")
    waiting = [s["DependsOn"] for s in services.find_resources("AWS::ECS::Service").values()]
    assert len(waiting) == 3
    assert all(migration in names for names in waiting)
    (run,) = services.find_resources("Custom::Migration").values()
    assert any(name.startswith("TasksMigrateExecutionRoleDefaultPolicy") for name in run["DependsOn"])
    services.has_resource_properties(
        "AWS::ECS::TaskDefinition",
        {
            "Family": "communityshare-migrate",
            "ContainerDefinitions": [Match.object_like({"Command": ["migrate"]})],
        },
    )


def test_containers_cannot_write_to_their_image_and_get_secrets_by_reference(templates: Templates) -> None:
    tasks = templates["services"].find_resources("AWS::ECS::TaskDefinition").values()
    assert len(tasks) == 4
    for task in tasks:
        (container,) = task["Properties"]["ContainerDefinitions"]
        assert container["ReadonlyRootFilesystem"] is True
        assert container["MountPoints"] == [
            {"ContainerPath": "/tmp", "ReadOnly": False, "SourceVolume": "tmp"}
        ]
        secret = {entry["Name"] for entry in container["Secrets"]}
        assert secret == {
            "PGUSER", "PGPASSWORD", "REDIS_URL", "JWT_SECRET", "NOTIFICATIONS_TOKEN", "SENDGRID_API_KEY"
        }  # fmt: skip
        assert secret.isdisjoint(entry["Name"] for entry in container["Environment"])


def test_only_api_and_worker_reach_the_photos(templates: Templates) -> None:
    policies = templates["services"].find_resources("AWS::IAM::Policy")
    allowed = {
        name for name, policy in policies.items()
        if "s3:GetObject" in str(policy["Properties"]["PolicyDocument"]["Statement"])
    }  # fmt: skip
    assert {name.split("TaskRole")[0] for name in allowed} == {"TasksApi", "TasksWorker"}


def test_logs_are_kept_for_three_months(templates: Templates) -> None:
    for command in ("api", "worker", "notifications", "migrate"):
        templates["services"].has_resource_properties(
            "AWS::Logs::LogGroup", {"LogGroupName": f"/communityshare/{command}", "RetentionInDays": 90}
        )


# The way in


def test_plain_http_is_redirected_and_https_needs_the_origins_secret(templates: Templates) -> None:
    services = templates["services"]
    redirect = {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"}
    services.has_resource_properties(
        "AWS::ElasticLoadBalancingV2::Listener",
        {"Port": 80, "DefaultActions": [{"Type": "redirect", "RedirectConfig": redirect}]},
    )
    services.has_resource_properties(
        "AWS::ElasticLoadBalancingV2::Listener",
        {
            "Port": 443,
            "Protocol": "HTTPS",
            "SslPolicy": Match.string_like_regexp("TLS13"),
            "DefaultActions": [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "403"}}],
        },
    )
    rule = only(services, "AWS::ElasticLoadBalancingV2::ListenerRule")
    assert rule["Conditions"][0]["HttpHeaderConfig"]["HttpHeaderName"] == "X-Origin-Verify"
    target = only(services, "AWS::ElasticLoadBalancingV2::TargetGroup")
    assert (target["Port"], target["HealthCheckPath"]) == (3000, "/readyz")


def test_the_edge_takes_https_only_and_keeps_only_built_files(templates: Templates) -> None:
    edge = only(templates["edge"], "AWS::CloudFront::Distribution")["DistributionConfig"]
    (assets,) = edge["CacheBehaviors"]
    disabled, optimized = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad", "658327ea-f89d-4fab-a63d-7e88639e58f6"
    assert edge["DefaultCacheBehavior"]["CachePolicyId"] == disabled
    assert (assets["PathPattern"], assets["CachePolicyId"]) == ("/assets/*", optimized)
    assert {b["ViewerProtocolPolicy"] for b in (assets, edge["DefaultCacheBehavior"])} == {
        "redirect-to-https"
    }
    assert edge["Origins"][0]["CustomOriginConfig"]["OriginProtocolPolicy"] == "https-only"
    assert edge["WebACLId"]


def test_only_the_application_reaches_the_data(templates: Templates) -> None:
    rules = templates["network"].find_resources("AWS::EC2::SecurityGroupIngress").values()
    reached = {
        (rule["Properties"]["FromPort"], rule["Properties"].get("CidrIp", "a security group"))
        for rule in rules
    }
    assert reached == {
        (80, "0.0.0.0/0"), (443, "0.0.0.0/0"),
        (3000, "a security group"), (5432, "a security group"), (6379, "a security group"),
    }  # fmt: skip


# What must not be lost


def test_the_database_is_encrypted_doubled_and_kept(templates: Templates) -> None:
    database = only(templates["data"], "AWS::RDS::DBInstance")
    assert int(database["EngineVersion"].split(".")[0]) >= 14
    assert database["Engine"] == "postgres"
    assert database["MultiAZ"] is True
    assert database["StorageEncrypted"] is True
    assert database["BackupRetentionPeriod"] == 30
    assert database["DeletionProtection"] is True
    assert database["PubliclyAccessible"] is False
    assert only(templates["data"], "AWS::RDS::DBParameterGroup")["Parameters"]["rds.force_ssl"] == "1"


def test_the_cache_is_encrypted_and_in_two_zones(templates: Templates) -> None:
    cache = only(templates["data"], "AWS::ElastiCache::ReplicationGroup")
    on = ("AtRestEncryptionEnabled", "TransitEncryptionEnabled", "MultiAZEnabled", "AutomaticFailoverEnabled")
    assert all(cache[name] is True for name in on)
    assert cache["AuthToken"]


def test_photos_are_private_encrypted_and_expire_when_replaced(templates: Templates) -> None:
    templates["data"].has_resource_properties(
        "AWS::S3::Bucket",
        {
            "BucketEncryption": {
                "ServerSideEncryptionConfiguration": [
                    Match.object_like(
                        {"ServerSideEncryptionByDefault": Match.object_like({"SSEAlgorithm": "aws:kms"})}
                    )
                ]
            },
            "PublicAccessBlockConfiguration": {
                "BlockPublicAcls": True,
                "BlockPublicPolicy": True,
                "IgnorePublicAcls": True,
                "RestrictPublicBuckets": True,
            },
            "LifecycleConfiguration": {
                "Rules": [
                    Match.object_like(
                        {
                            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
                            "NoncurrentVersionExpiration": {"NoncurrentDays": 30},
                        }
                    )
                ]
            },
            "VersioningConfiguration": {"Status": "Enabled"},
        },
    )


# Who is told


@pytest.mark.parametrize(
    ("name", "threshold", "comparison"),
    [
        ("BackgroundJobFailed", 0, "GreaterThanThreshold"),
        ("DailyCheckMissed", 900, "GreaterThanThreshold"),
        ("NoWorker", 1, "LessThanThreshold"),
        ("ApiErrorRate", 5, "GreaterThanThreshold"),
        ("AlertDeliveryRate", 90, "LessThanThreshold"),
        ("MailOrSmsNotSent", 10, "GreaterThanThreshold"),
        ("DeliveryQueueStuck", 900, "GreaterThanThreshold"),
        ("DatabaseAway", 1, "LessThanThreshold"),
        ("DiskAlmostFull", 10 * 1024**3, "LessThanThreshold"),
    ],
)
def test_alarms_call_and_call_off_the_pager(
    templates: Templates, name: str, threshold: float, comparison: str
) -> None:
    alarms = templates["alarms"].find_resources("AWS::CloudWatch::Alarm")
    (alarm,) = [body["Properties"] for key, body in alarms.items() if key.startswith(name)]
    assert (alarm["Threshold"], alarm["ComparisonOperator"]) == (threshold, comparison)
    assert alarm["AlarmActions"] == alarm["OKActions"] != []
    assert alarm["AlarmDescription"].startswith("docs/runbooks/")


def test_a_request_that_no_target_could_take_counts_as_one_that_failed(templates: Templates) -> None:
    """With no target left the balancer counts no requests, and a share of nothing would call nobody."""
    alarms = templates["alarms"].find_resources("AWS::CloudWatch::Alarm")
    (alarm,) = [body["Properties"] for key, body in alarms.items() if key.startswith("ApiErrorRate")]
    figures = {entry["Id"]: entry for entry in alarm["Metrics"]}
    names = {
        figure["MetricStat"]["Metric"]["MetricName"]: f"FILL({name}, 0)"
        for name, figure in figures.items()
        if "MetricStat" in figure
    }
    (expression,) = [entry["Expression"] for entry in figures.values() if "Expression" in entry]
    assert expression.endswith(f"/ ({names['RequestCount']} + {names['HTTPCode_ELB_503_Count']})")


def test_cloudwatch_may_publish_to_the_pager(templates: Templates) -> None:
    """The policy that asks for TLS takes the place of the default one, which lets the account publish."""
    policy = only(templates["alarms"], "AWS::SNS::TopicPolicy")["PolicyDocument"]["Statement"]
    (allowed,) = [statement for statement in policy if statement["Effect"] == "Allow"]
    assert (allowed["Action"], allowed["Principal"]) == (
        "sns:Publish",
        {"Service": "cloudwatch.amazonaws.com"},
    )
    assert allowed["Condition"] == {"StringEquals": {"aws:SourceAccount": "111111111111"}}


def test_the_pager_is_pagerduty_and_its_key_is_not_shown(templates: Templates) -> None:
    alarms = templates["alarms"]
    alarms.has_resource_properties(
        "AWS::SNS::Subscription", {"Protocol": "https", "Endpoint": {"Ref": "PagerDutyUrl"}}
    )
    alarms.has_parameter("PagerDutyUrl", {"NoEcho": True})
