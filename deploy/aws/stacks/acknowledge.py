"""One place that words how a finding of cdk-nag is accepted: always with its reason."""

from aws_cdk import Acknowledgment, Validations
from constructs import IConstruct


def accept(construct: IConstruct, reasons: dict[str, str]) -> None:
    """Accept findings on `construct` and below: {"EC23": why} stands for rule AwsSolutions-EC23."""
    Validations.of(construct).acknowledge(
        *(Acknowledgment(id=f"AwsSolutions-{rule}", reason=reason) for rule, reason in reasons.items())
    )
