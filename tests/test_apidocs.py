"""The API describes itself, offline."""

import re

from httpx2 import AsyncClient


async def test_the_page_loads_nothing_from_elsewhere(http: AsyncClient) -> None:
    answer = await http.get("/api/docs", headers={"Accept": "text/html"})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/html")
    assert "<script" not in answer.text
    assert re.findall(r"(?:src|href)=\"(?!#|/)[^\"]*\"", answer.text) == []
    assert "/api/maintenance/schedules/{schedule_id}" in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


async def test_the_document_names_errors_and_the_token(http: AsyncClient) -> None:
    document = (await http.get("/api/openapi.json")).json()
    change = document["paths"]["/api/maintenance/schedules/{schedule_id}"]["patch"]
    assert {"200", "400", "401", "403", "404", "409", "412", "413", "415", "422", "429", "503"} == set(
        change["responses"]
    )
    assert list(change["responses"]["422"]["content"]) == ["application/problem+json"]
    assert change["security"] == [{"bearer": []}]
    assert "security" not in document["paths"]["/api/auth/login"]["post"]


async def test_a_body_that_may_be_left_out_is_not_called_required(http: AsyncClient) -> None:
    paths = (await http.get("/api/openapi.json")).json()["paths"]
    voiding = paths["/api/maintenance/logs/{log_id}"]["delete"]
    bodies = (voiding, paths["/api/auth/refresh"]["post"], paths["/api/auth/login"]["post"])
    assert [operation["requestBody"]["required"] for operation in bodies] == [False, False, True]
    assert [one["required"] for one in voiding["parameters"] if one["name"] == "reason"] == [False]
