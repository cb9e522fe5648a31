"""The templates are made once; tests read them as CloudFormation will."""

import dataclasses

import pytest
from aws_cdk import App, assertions

from app import FLAGS, build
from config import load


@pytest.fixture(scope="session")
def templates() -> dict[str, assertions.Template]:
    app = App(analytics_reporting=False, context=FLAGS)
    stacks = build(app, dataclasses.replace(load(), worker_count=3))
    return {name: assertions.Template.from_stack(stack) for name, stack in stacks.items()}
