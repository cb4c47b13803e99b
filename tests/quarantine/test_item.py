"""Ids of mails and items. The values themselves: tests/quarantine and tests/laws use every one."""

from quarantine.item import new_id


def test_ids_are_different_and_in_the_order_of_time() -> None:
    ids = [new_id(1_790_000_000.0 + n / 1000) for n in range(500)]
    assert len(set(ids)) == 500
    assert all(len(i) == 16 and i.isalnum() and i == i.lower() for i in ids)
    assert sorted(i[:8] for i in ids) == [i[:8] for i in ids]
    assert new_id(1.0) != new_id(1.0)
