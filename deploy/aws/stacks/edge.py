"""What the world sees: CloudFront with a firewall. Built files are kept at the edge, everything else is passed on."""

from aws_cdk import Duration, RemovalPolicy, SecretValue, Stack
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_wafv2 as waf
from constructs import Construct

from config import Config
from stacks.acknowledge import accept
from stacks.services import ORIGIN_HEADER, ORIGIN_SECRET

_REQUESTS_PER_ADDRESS = 5000  # in five minutes; the application's own limits are per user
_HTTPS = cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS


class EdgeStack(Stack):
    """The distribution, in us-east-1 as CloudFront asks."""

    def __init__(self, scope: Construct, name: str, config: Config, **kwargs: object) -> None:
        super().__init__(scope, name, **kwargs)
        origin = origins.HttpOrigin(
            config.origin_domain,
            protocol_policy=cloudfront.OriginProtocolPolicy.HTTPS_ONLY,
            origin_ssl_protocols=[cloudfront.OriginSslPolicy.TLS_V1_2],
            read_timeout=Duration.seconds(60),
            custom_headers={ORIGIN_HEADER: SecretValue.secrets_manager(ORIGIN_SECRET).unsafe_unwrap()},
        )
        self.distribution = cloudfront.Distribution(
            self,
            "Distribution",
            domain_names=[config.domain],
            certificate=acm.Certificate.from_certificate_arn(
                self, "Certificate", config.edge_certificate_arn
            ),
            minimum_protocol_version=cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
            http_version=cloudfront.HttpVersion.HTTP2_AND_3,
            default_behavior=cloudfront.BehaviorOptions(
                origin=origin,
                viewer_protocol_policy=_HTTPS,
                allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
                cache_policy=cloudfront.CachePolicy.CACHING_DISABLED,
                origin_request_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER,
            ),
            additional_behaviors={
                # Names carry a hash of their content, so they may stay for ever.
                "/assets/*": cloudfront.BehaviorOptions(
                    origin=origin,
                    viewer_protocol_policy=_HTTPS,
                    cache_policy=cloudfront.CachePolicy.CACHING_OPTIMIZED,
                    compress=True,
                )
            },
            log_bucket=self._log_bucket(),
            web_acl_id=self._firewall().attr_arn,
        )
        accept(self.distribution, {"CFR1": "Members may travel: no country is shut out."})

    def _log_bucket(self) -> s3.Bucket:
        bucket = s3.Bucket(
            self,
            "Logs",
            encryption=s3.BucketEncryption.S3_MANAGED,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=True,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_PREFERRED,  # CloudFront writes with an ACL
            lifecycle_rules=[s3.LifecycleRule(expiration=Duration.days(90))],
            removal_policy=RemovalPolicy.RETAIN,
        )
        accept(bucket, {"S1": "This is a bucket of access logs itself."})
        return bucket

    def _firewall(self) -> waf.CfnWebACL:
        # Not the common rule set: it refuses bodies above 8 KB (photos) and Markdown that looks like HTML.
        managed = ["AWSManagedRulesAmazonIpReputationList", "AWSManagedRulesKnownBadInputsRuleSet"]
        rules = [_managed_rule(name, priority) for priority, name in enumerate(managed)]
        rate = waf.CfnWebACL.RuleProperty(
            name="RequestsPerAddress",
            priority=len(rules),
            action=waf.CfnWebACL.RuleActionProperty(block={}),
            statement=waf.CfnWebACL.StatementProperty(
                rate_based_statement=waf.CfnWebACL.RateBasedStatementProperty(
                    limit=_REQUESTS_PER_ADDRESS, aggregate_key_type="IP"
                )
            ),
            visibility_config=_visible("RequestsPerAddress"),
        )
        return waf.CfnWebACL(
            self,
            "Firewall",
            scope="CLOUDFRONT",
            default_action=waf.CfnWebACL.DefaultActionProperty(allow={}),
            rules=[*rules, rate],
            visibility_config=_visible("Firewall"),
        )


def _managed_rule(name: str, priority: int) -> waf.CfnWebACL.RuleProperty:
    group = waf.CfnWebACL.ManagedRuleGroupStatementProperty(vendor_name="AWS", name=name)
    return waf.CfnWebACL.RuleProperty(
        name=name,
        priority=priority,
        override_action=waf.CfnWebACL.OverrideActionProperty(none={}),
        statement=waf.CfnWebACL.StatementProperty(managed_rule_group_statement=group),
        visibility_config=_visible(name),
    )


def _visible(name: str) -> waf.CfnWebACL.VisibilityConfigProperty:
    return waf.CfnWebACL.VisibilityConfigProperty(
        cloud_watch_metrics_enabled=True, metric_name=name, sampled_requests_enabled=True
    )
