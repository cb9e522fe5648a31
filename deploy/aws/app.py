"""The product on AWS. `python app.py` writes the templates to cdk.out/ without asking AWS anything.

Five stacks, by how often they change and by what may be lost: network, data, services, edge, alarms.
"""

from aws_cdk import App, Environment, Tags, Validations
from cdk_nag import AwsSolutionsChecks

from config import Config, load
from stacks.alarms import AlarmsStack
from stacks.data import DataStack
from stacks.edge import EdgeStack
from stacks.network import NetworkStack
from stacks.services import EDGE_REGION, ServicesStack

FLAGS = {"@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy": True}  # not the old access control lists


def build(app: App, config: Config) -> dict[str, object]:
    """Put the five stacks into `app`; return them by name."""
    here = Environment(account=config.account, region=config.region)
    # CloudFront's certificate and firewall live in us-east-1, wherever the rest is.
    everywhere = Environment(account=config.account, region=EDGE_REGION)
    network = NetworkStack(app, "CommunityShareNetwork", config, env=here)
    data = DataStack(app, "CommunityShareData", network, env=here)
    services = ServicesStack(app, "CommunityShareServices", config, network, data, env=here)
    edge = EdgeStack(app, "CommunityShareEdge", config, env=everywhere)
    edge.add_stack_dependency(services)
    alarms = AlarmsStack(app, "CommunityShareAlarms", data, services, env=here)
    Tags.of(app).add("Application", "CommunityShare Maintenance")
    return {"network": network, "data": data, "services": services, "edge": edge, "alarms": alarms}


def main() -> None:
    """Synthesize, with cdk-nag's findings as errors."""
    app = App(outdir="cdk.out", analytics_reporting=False, context=FLAGS)
    build(app, load())
    Validations.of(app).add_plugins(AwsSolutionsChecks(app, verbose=True))
    app.synth()


if __name__ == "__main__":
    main()
