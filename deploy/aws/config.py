"""What differs from one installation to the next: config.json beside this file."""

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Config:
    """One installation. Certificates, the image repository and provider secrets exist before the first deployment."""

    account: str
    region: str
    availability_zones: list[str]
    domain: str  # what people open; answers from CloudFront
    certificate_arn: str  # for origin_domain, in `region`
    edge_certificate_arn: str  # for domain, in us-east-1
    origin_domain: str  # CloudFront's way to the load balancer
    image_repository: str
    image_tag: str
    community_timezone: str
    email_from: str
    worker_count: int
    provider_secrets: list[
        str
    ]  # settings read from the secrets communityshare/NAME, which the operator makes


def load() -> Config:
    """Read the file. Raises TypeError for a missing or unknown key."""
    return Config(**json.loads(Path(__file__).with_name("config.json").read_text()))
