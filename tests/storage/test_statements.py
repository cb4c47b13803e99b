"""Pieces of SQL: names are joined, values never."""

from storage.statements import among, assigned, insert_into


def test_an_insert_names_its_parameters_after_its_columns() -> None:
    assert insert_into("item", ("id", "state")) == "INSERT INTO item (id, state) VALUES (:id, :state)"


def test_an_update_assigns_each_column_its_parameter() -> None:
    assert assigned(("state", "due_at")) == "state = :state, due_at = :due_at"


def test_a_list_becomes_numbered_parameters() -> None:
    assert among("a", ["x'; DROP TABLE item", 2]) == (":a0, :a1", {"a0": "x'; DROP TABLE item", "a1": 2})
