"""The documentation is under test: commands, settings, and sessions that are real output."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import fields
from pathlib import Path

import pytest
from typer.testing import CliRunner

import cli
from ingest.settings import Settings
from qa.drafting import request_from_json
from qa.matching import profile_from_json

ROOT = Path(__file__).resolve().parent.parent
READMES = ("README.md", "README.zh-CN.md")
SESSION = re.compile(r"```console\n(\$ wenhao .*?)```", re.DOTALL)


def sessions(name: str) -> list[tuple[str, str]]:
    """(command, expected output) of every console block."""
    blocks = SESSION.findall((ROOT / name).read_text(encoding="utf-8"))
    return [(block.split("\n", 1)[0].removeprefix("$ wenhao "), block.split("\n", 1)[1].strip()) for block in blocks]


@pytest.mark.parametrize("name", READMES)
def test_every_command_and_setting_is_described(name: str):
    text = (ROOT / name).read_text(encoding="utf-8")
    for command in cli.app.registered_commands:
        callback = command.callback
        assert callback is not None
        assert f"wenhao {command.name or callback.__name__}" in text
    variables = set(re.findall(r"POLICY_[A-Z_]+", (ROOT / "ingest" / "settings.py").read_text(encoding="utf-8")))
    assert len(variables) >= len(fields(Settings))
    assert not {v for v in variables if v not in text}
    for target in ("make run", "make test"):
        assert target in text


def test_both_languages_show_the_same_sessions():
    assert sessions(READMES[0]) == sessions(READMES[1])
    assert len(sessions(READMES[0])) >= 3


@pytest.mark.parametrize(("command", "expected"), sessions(READMES[0]), ids=lambda value: value[:24])
def test_a_session_of_the_readme_is_real_output(
    command: str, expected: str, sample_data: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("POLICY_DATA", str(sample_data))
    monkeypatch.setenv("COLUMNS", "1000")
    monkeypatch.chdir(ROOT)
    result = CliRunner().invoke(cli.app, shlex.split(command))
    assert result.exit_code == 0, result.output
    assert "".join(result.output.split()) == "".join(expected.split())


@pytest.mark.parametrize("name", READMES)
def test_the_profile_of_the_readme_is_one(name: str):
    (shown,) = re.findall(r"```json\n(.*?)```", (ROOT / name).read_text(encoding="utf-8"), re.DOTALL)
    profile = profile_from_json(shown)
    assert profile.revenue is not None and profile.revenue.previous == 95_000_000
    assert {trait.name: trait.held for trait in profile.qualifications} == {"高新技术企业": True, "瞪羚企业": False}


def test_the_request_for_a_draft_is_one():
    shown = json.loads((ROOT / "docs" / "起草要求示例.json").read_text(encoding="utf-8"))
    assert request_from_json(shown).points[1].proposed.endswith("最高300万元")


@pytest.mark.parametrize("name", READMES)
def test_every_address_and_tool_for_programs_is_described(name: str):
    text = (ROOT / name).read_text(encoding="utf-8")
    routes = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "qa").glob("api*.py"))
    addresses = set(re.findall(r'@api\.(?:get|post)\(\s*"(/\w+)"', routes))
    assert len(addresses) >= 19
    assert not {address for address in addresses if f"/api{address}" not in text}
    tools = set(
        re.findall(
            r"@tools\.tool\(.*?\n    def (\w+)", (ROOT / "qa" / "mcp_server.py").read_text(encoding="utf-8"), re.DOTALL
        )
    )
    assert len(tools) >= 12
    assert not {tool for tool in tools if f"`{tool}`" not in text}


@pytest.mark.parametrize("name", READMES)
def test_links_and_pictures_of_the_readme_exist(name: str):
    for target in re.findall(r"\]\(([^)#]+)\)", (ROOT / name).read_text(encoding="utf-8")):
        assert target.startswith(("http", "mailto")) or (ROOT / target).exists(), target
