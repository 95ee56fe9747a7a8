"""The authority matrix as a page: `python -m adapters.authority_page > docs/authority.md`."""

from __future__ import annotations

from commitments.access import Column, Row, matrix

_OPENING = """\
# Who may do what

This page is written by `python -m adapters.authority_page` from `commitments/authority.toml`, the file that
the checks read too; a test holds the two together. Whoever acts is found out anew for every turn, from the
platform and from Kept's own tables, never from what a message says about itself. Somebody unknown is
external. What is refused reads like what does not exist, and leaves a line in the audit log.

| column | who |
|---|---|
| WA | admin |
| MG | manager: of the owner, or of the partnership |
| PL | lead of the partnership |
| AM | member of its account team |
| PO | owner of the promise, or the person concerned |
| CO | any colleague |
| EX | customer contact: in the shared channel now, of the organisation it is mapped to |
| ST | everybody else outside, guests and contacts of other customers included |
| OT | another tenant: always refused |

Several columns may be one person's; the best cell counts.

| cell | reach |
|---|---|
| Y | anything of the tenant |
| acct | partnerships on whose account team they are |
| team | promises of their reports, and of partnerships they manage |
| own | where they are the owner or the person concerned |
| filed | what they filed, or did, themselves |
| chan | what is shown in a channel they are in now, customer-safe fields only |
| cust | what is shown of their own company |
| prop | may only propose it |
| – | refused |

For a promise of the customer's the roles are mirrored. In rows marked *owner* the contact who owns it has the
cell PO; in rows marked *customer* our lead has the cell EX; all other cells of such a row then refuse.

"""


def page() -> str:
    names = [column.value for column in Column]
    head = _line("#", "action", *names, "mirror")
    rule = "|" + "---|" * (len(names) + 3)
    return _OPENING + "\n".join((head, rule, *map(_row, matrix().values()))) + "\n"


def _row(row: Row) -> str:
    cells = (", ".join(row.cells[column]) or "–" for column in Column)
    return _line(row.id, f"{row.says} `{row.action}`", *cells, row.mirror)


def _line(*cells: str) -> str:
    return "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    print(page(), end="")
