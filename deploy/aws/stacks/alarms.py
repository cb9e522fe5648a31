"""The document's three pages, and the foundations', as CloudWatch alarms → SNS → PagerDuty.

The same limits as deploy/monitoring/rules.yml. The application's own figures reach CloudWatch as Embedded Metric Format
(docs/decisions/cloudwatch-metrics.md) under the namespace CommunityShare.
"""

from aws_cdk import CfnParameter, Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_elasticloadbalancingv2 as elb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from stacks.data import DataStack
from stacks.services import ServicesStack

NAMESPACE = "CommunityShare"
_DAILY = {"job": "daily_check"}
_Comparison = cloudwatch.ComparisonOperator
_Missing = cloudwatch.TreatMissingData


class AlarmsStack(Stack):
    """Every alarm goes to one topic; PagerDuty opens an incident for each and closes it when it is over."""

    def __init__(
        self, scope: Construct, name: str, data: DataStack, services: ServicesStack, **kwargs: object
    ) -> None:
        super().__init__(scope, name, **kwargs)
        self.topic = self._topic()
        self._jobs()
        self._api(services)
        self._deliveries()
        self._database(data)

    def _topic(self) -> sns.Topic:
        pagerduty = CfnParameter(
            self,
            "PagerDutyUrl",
            no_echo=True,
            allowed_pattern="https://events\\.(eu\\.)?pagerduty\\.com/.+",
            description="Integration URL of PagerDuty's Amazon CloudWatch integration; it contains the key",
        )
        key = kms.Key(self, "Key", enable_key_rotation=True, description="Alarms in transit")
        key.grant_encrypt_decrypt(iam.ServicePrincipal("cloudwatch.amazonaws.com"))
        topic = sns.Topic(self, "Pager", master_key=key, enforce_ssl=True)
        # The policy that asks for TLS takes the place of the default one, which would let the account publish.
        topic.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
                actions=["sns:Publish"],
                resources=[topic.topic_arn],
                conditions={"StringEquals": {"aws:SourceAccount": self.account}},
            )
        )
        url = subscriptions.UrlSubscription(
            pagerduty.value_as_string, protocol=sns.SubscriptionProtocol.HTTPS
        )
        topic.add_subscription(url)
        return topic

    def _alarm(
        self,
        name: str,
        metric: cloudwatch.IMetric,
        threshold: float,
        *,
        runbook: str,
        periods: int = 1,
        below: bool = False,
        missing: cloudwatch.TreatMissingData = _Missing.NOT_BREACHING,
    ) -> None:
        alarm = cloudwatch.Alarm(
            self,
            name,
            metric=metric,
            threshold=threshold,
            evaluation_periods=periods,
            comparison_operator=_Comparison.LESS_THAN_THRESHOLD
            if below
            else _Comparison.GREATER_THAN_THRESHOLD,
            treat_missing_data=missing,
            alarm_description=f"docs/runbooks/{runbook}.md",
        )
        alarm.add_alarm_action(actions.SnsAction(self.topic))
        alarm.add_ok_action(actions.SnsAction(self.topic))

    def _jobs(self) -> None:
        failed = _own("communityshare_job_runs_total", _DAILY | {"outcome": "failed"}, Duration.minutes(5))
        self._alarm("BackgroundJobFailed", failed, 0, runbook="job-failed")
        # 24 hours and a quarter between two successes: not done by 06:15. The longest period that CloudWatch takes
        # is a day, so the worker tells how late it is, in seconds, and 0 while it is not.
        late = _own("communityshare_job_late_seconds", _DAILY, Duration.minutes(5), statistic="Maximum")
        self._alarm("DailyCheckMissed", late, 900, runbook="job-failed", missing=_Missing.BREACHING)
        # A worker that tells its figures and does nothing else: this job runs every minute.
        every_minute = {"job": "deliver_waiting", "outcome": "succeeded"}
        ran = _own("communityshare_job_runs_total", every_minute, Duration.minutes(5))
        self._alarm("NoWorker", ran, 1, below=True, periods=2, runbook="job-failed")

    def _api(self, services: ServicesStack) -> None:
        balancer = services.load_balancer.metrics
        minute = {"period": Duration.minutes(1), "statistic": "Sum"}
        # A request for which there was no target at all is a 503 of the balancer's, and not among its requests.
        share = cloudwatch.MathExpression(
            expression="100 * (FILL(target, 0) + FILL(balancer, 0)) / (FILL(requests, 0) + FILL(unserved, 0))",
            using_metrics={
                "target": balancer.http_code_target(elb.HttpCodeTarget.TARGET_5XX_COUNT, **minute),
                "balancer": balancer.http_code_elb(elb.HttpCodeElb.ELB_5XX_COUNT, **minute),
                "requests": balancer.request_count(**minute),
                "unserved": balancer.http_code_elb(elb.HttpCodeElb.ELB_503_COUNT, **minute),
            },
            period=Duration.minutes(1),
            label="API requests that failed, %",
        )
        self._alarm("ApiErrorRate", share, 5, periods=5, runbook="database-away")

    def _deliveries(self) -> None:
        half_hour = Duration.minutes(30)
        outcomes = {
            outcome: _own("communityshare_deliveries_total", {"outcome": outcome}, half_hour)
            for outcome in ("sent", "dead")
        }
        arrived = cloudwatch.MathExpression(
            expression="100 * FILL(sent, 0) / (FILL(sent, 0) + FILL(dead, 0))",
            using_metrics=outcomes,
            period=half_hour,
            label="Alerts delivered, %",
        )
        self._alarm("AlertDeliveryRate", arrived, 90, below=True, runbook="deliveries-failing")
        self._alarm("MailOrSmsNotSent", _refused(half_hour), 10, runbook="deliveries-failing")
        oldest = _own("communityshare_delivery_oldest_seconds", {}, Duration.minutes(5), statistic="Maximum")
        # Twice, since one that was given up and is sent again is old from the start.
        self._alarm("DeliveryQueueStuck", oldest, 900, periods=2, runbook="deliveries-failing")

    def _database(self, data: DataStack) -> None:
        free = data.database.metric_free_storage_space(period=Duration.minutes(5), statistic="Minimum")
        self._alarm("DiskAlmostFull", free, 10 * 1024**3, below=True, periods=2, runbook="disk-full")
        up = _own("communityshare_db_up", {}, Duration.minutes(1), statistic="Minimum")
        self._alarm("DatabaseAway", up, 1, below=True, runbook="database-away", missing=_Missing.BREACHING)


def _refused(period: Duration) -> cloudwatch.MathExpression:
    """The share of messages that providers refused for good; of all attempts while not one gets through."""
    outcomes = {
        outcome: _own("communityshare_notifications_sends_total", {"outcome": outcome}, period)
        for outcome in ("sent", "retried", "failed")
    }
    return cloudwatch.MathExpression(
        expression=(
            "IF(FILL(sent, 0) > 0, 100 * FILL(failed, 0) / (FILL(sent, 0) + FILL(failed, 0)), "
            "IF(FILL(failed, 0) + FILL(retried, 0) > 0, 100, 0))"
        ),
        using_metrics=outcomes,
        period=period,
        label="Mail and SMS that providers do not take, %",
    )


def _own(
    name: str, dimensions: dict[str, str], period: Duration, *, statistic: str = "Sum"
) -> cloudwatch.Metric:
    return cloudwatch.Metric(
        namespace=NAMESPACE, metric_name=name, dimensions_map=dimensions, period=period, statistic=statistic
    )
