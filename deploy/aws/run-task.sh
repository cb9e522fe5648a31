#!/bin/sh
# Run `communityshare ARGUMENTS` as a one-off Fargate task with the worker's settings; print its log, end with its exit code.
set -eu
cluster=communityshare
arguments=$(python3 -c 'import json, sys; print(json.dumps({"containerOverrides": [{"name": "worker", "command": sys.argv[1:]}]}))' "$@")
network=$(aws ecs describe-services --cluster "$cluster" --services worker --query 'services[0].networkConfiguration' --output json)
definition=$(aws ecs describe-services --cluster "$cluster" --services worker --query 'services[0].taskDefinition' --output text)
task=$(aws ecs run-task --cluster "$cluster" --launch-type FARGATE --task-definition "$definition" \
    --network-configuration "$network" --overrides "$arguments" --query 'tasks[0].taskArn' --output text)
aws ecs wait tasks-stopped --cluster "$cluster" --tasks "$task"
aws logs get-log-events --log-group-name /communityshare/worker --log-stream-name "worker/worker/${task##*/}" \
    --query 'events[].[message]' --output text
exit "$(aws ecs describe-tasks --cluster "$cluster" --tasks "$task" --query 'tasks[0].containers[0].exitCode' --output text)"
