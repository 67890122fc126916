"""The tree on the command line."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.factories.listings import shared_data
from tests.factories.tree import Tree

from fingerpost.localstack.postgres import OWNER, Cluster
from fingerpost.localstack.templates import Clones
from fingerpost.web.tenancy.models import Organisation


@pytest.fixture
def system(tree: Tree, database_cluster: Cluster) -> Iterator[str]:
    """The short name of the tree's system, written by the owner: the application role may not make one."""
    slug, made = f"tree-{tree.world.system_id.hex[-8:]}", tree.world.system_id
    name = Clones.name(0)
    values = f"('{made}', 'A test system', '{slug}', true)"
    insert = f"INSERT INTO tenancy_system (id, name, slug, email_domain_for_tests) VALUES {values};"
    database_cluster.ask(insert, database=name, role=OWNER)
    yield slug
    database_cluster.ask(f"DELETE FROM tenancy_system WHERE id = '{made}';", database=name, role=OWNER)


def count(tree: Tree) -> int:
    with tree.world.as_("above"):
        return Organisation.objects.count()


def test_command_tries_applies_and_undoes(
    tree: Tree,
    system: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from fingerpost.cli.main import main

    monkeypatch.chdir(tmp_path)
    before = count(tree)
    real = [str(shared_data("geography/gp-practices.parquet")), "--areas", "TS", "--system", system]
    assert main(["organisations", "import-practices", *real]) == 0
    said = capsys.readouterr().out
    numbers = [int(part.replace(",", "")) for part in re.findall(r"([\d,]+) ", said.splitlines()[0])]
    assert numbers[0] == 15_199 == sum(numbers[1:]) and "Nothing was changed" in said
    assert count(tree) == before
    assert main(["organisations", "import-practices", *real, "--apply"]) == 0
    undo = re.search(r"undo-import (\S+)", capsys.readouterr().out)
    assert undo and count(tree) > before
    assert main(["organisations", "undo-import", undo[1], "--system", system]) == 0
    assert count(tree) == before
    assert main(["organisations", "undo-import", undo[1], "--system", system]) == 3
    assert main(["organisations", "undo-import", "7", "--system", system]) == 6


def test_command_writes_rejects_and_tells_what_is_wrong(
    tree: Tree,
    system: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from fingerpost.cli.main import main

    monkeypatch.chdir(tmp_path)
    (tmp_path / "tree.csv").write_text(
        "code,name,kind,part of\nU20001,=1+1,network,QVA\nU20002,Two,network,QVA\n"
    )
    assert main(["organisations", "import-tree", "tree.csv", "--system", system, "--apply"]) == 0
    assert "2 lines read = 1 new + 0 changed + 0 same + 0 left out + 1 rejected" in capsys.readouterr().out
    with (tmp_path / "tree-rejects.csv").open(newline="") as stream:
        [row] = csv.DictReader(stream)
    assert (row["line"], row["value"]) == ("2", "'=1+1") and row["remedy"]
    with (tmp_path / "huge.csv").open("wb") as stream:
        stream.truncate(100 * 1024 * 1024)
    assert main(["organisations", "import-tree", "huge.csv", "--system", system]) == 5
    assert main(["organisations", "import-practices", "none.parquet", "--system", system]) == 5
    assert main(["organisations", "import-practices", "tree.csv", "--areas", "T1", "--system", system]) == 3
    assert main(["organisations", "import-tree", "tree.csv", "--system", system, "--below", "NONE"]) == 6
