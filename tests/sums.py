"""Sum rules (rules 6.6, 6.9): every amount equals the sum of its parts, checked by SQL of our own.

Each statement selects the rows whose stored amount differs from the sum of its parts.
"""

from sqlalchemy import text

from tenure.kernel.unit import Runtime

# The total of an item is the sum of its charges; its adjusted amount is the sum of its
# adjustments and of the credit applied to it.
ITEMS = """
SELECT bill_item.id, total, adjusted, charges, adjustments
FROM bill_item LEFT JOIN (
    SELECT item_id,
        sum(CASE WHEN kind IN ('ADJUSTMENT', 'TRANSFER') THEN 0 ELSE amount END) AS charges,
        sum(CASE WHEN kind IN ('ADJUSTMENT', 'TRANSFER') THEN amount ELSE 0 END) AS adjustments
    FROM event WHERE item_id IS NOT NULL GROUP BY item_id
) AS events ON events.item_id = bill_item.id
WHERE total <> coalesce(charges, 0) OR adjusted <> coalesce(adjustments, 0)
"""
# An event belongs to the account of its item, or to the account that pays for the item.
OWNERS = """
SELECT event.id
FROM event JOIN bill_item ON bill_item.id = item_id JOIN bill ON bill.id = bill_id
WHERE event.account_id NOT IN (bill_item.account_id, bill.account_id)
    OR event.currency <> bill.currency
"""
# The charges of a bill are the sums of its items.
BILLS = """
SELECT bill.id, current_charges, own, subordinate_charges, of_others, bill.adjusted,
    items.adjusted
FROM bill LEFT JOIN (
    SELECT bill_id, sum(bill_item.adjusted) AS adjusted,
        sum(CASE WHEN bill_item.bill_unit_id = bill.bill_unit_id THEN total ELSE 0 END) AS own,
        sum(CASE WHEN bill_item.bill_unit_id <> bill.bill_unit_id THEN total ELSE 0 END)
            AS of_others
    FROM bill_item JOIN bill ON bill.id = bill_id GROUP BY bill_id
) AS items ON items.bill_id = bill.id
WHERE current_charges <> coalesce(own, 0) OR subordinate_charges <> coalesce(of_others, 0)
    OR bill.adjusted <> coalesce(items.adjusted, 0)
"""
# The held amount of a bill is the sum of its open disputes.
DISPUTES = """
SELECT bill.id, held, disputed FROM bill LEFT JOIN (
    SELECT bill_id, sum(amount) AS amount FROM dispute WHERE status = 'OPEN' GROUP BY bill_id
) AS disputes ON disputes.bill_id = bill.id WHERE held <> coalesce(disputes.amount, 0)
"""
# The paid amount of a bill is the sum of what was allocated to it, less what was moved from it.
ALLOCATIONS = """
SELECT bill.id, paid FROM bill
WHERE paid <> coalesce((SELECT sum(amount) FROM allocation WHERE from_bill_id = bill.id), 0)
    - coalesce((SELECT sum(amount) FROM allocation WHERE bill_id = bill.id), 0)
"""
# The balance of an account is the sum of the amounts of its events.
BALANCES = """
SELECT account.id, balance, money
FROM account JOIN (
    SELECT account_id, sum(balance) AS balance FROM bill_unit GROUP BY account_id
) AS units ON units.account_id = account.id
LEFT JOIN (
    SELECT account_id, sum(amount) AS money FROM event GROUP BY account_id
) AS events ON events.account_id = account.id
WHERE balance <> coalesce(money, 0)
"""
# The unpaid rest of all bills of a bill unit, less its credit, is its balance without its
# unbilled charges.
BILLED = """
WITH credit AS (
    SELECT bill_unit_id, sum(amount - coalesce((SELECT sum(allocation.amount) FROM allocation
        WHERE allocation.event_id = payment.event_id), 0)) AS amount
    FROM payment WHERE status = 'SUCCEEDED' GROUP BY bill_unit_id),
ahead AS (
    SELECT bill_unit_id, sum(paid) AS amount
    FROM bill WHERE billed_on IS NULL GROUP BY bill_unit_id),
unbilled AS (
    SELECT bill.bill_unit_id, sum(CASE WHEN bill_item.bill_unit_id = bill.bill_unit_id
        THEN bill_item.total + bill_item.adjusted ELSE bill_item.transferred END) AS amount
    FROM bill JOIN bill_item ON bill_item.bill_id = bill.id
    WHERE billed_on IS NULL GROUP BY bill.bill_unit_id),
billed AS (
    SELECT bill_unit_id, sum(current_charges + subordinate_charges + adjusted + paid) AS amount
    FROM bill WHERE billed_on IS NOT NULL GROUP BY bill_unit_id),
newest AS (
    SELECT bill_unit_id, total_due + disputed AS amount FROM bill
    WHERE billed_on = (
        SELECT max(other.billed_on) FROM bill AS other
        WHERE other.bill_unit_id = bill.bill_unit_id)),
everything AS (
    SELECT bill_unit.id,
        balance - coalesce(unbilled.amount, 0) - coalesce(ahead.amount, 0) AS carried,
        coalesce(credit.amount, 0) AS credit,
        coalesce(billed.amount, 0) AS billed,
        newest.amount AS stated
    FROM bill_unit LEFT JOIN credit ON credit.bill_unit_id = bill_unit.id
    LEFT JOIN ahead ON ahead.bill_unit_id = bill_unit.id
    LEFT JOIN unbilled ON unbilled.bill_unit_id = bill_unit.id
    LEFT JOIN billed ON billed.bill_unit_id = bill_unit.id
    LEFT JOIN newest ON newest.bill_unit_id = bill_unit.id
    WHERE paying_parent_id IS NULL)
SELECT * FROM everything WHERE carried <> billed - credit OR (credit = 0 AND stated <> carried)
"""
STATEMENTS = (ITEMS, OWNERS, BILLS, DISPUTES, ALLOCATIONS, BALANCES, BILLED)


async def check_sums(runtime: Runtime) -> None:
    """Check every sum rule for all items, bills, bill units and accounts."""
    async with runtime.database.reading() as session:
        for statement in STATEMENTS:
            wrong = [dict(row) for row in (await session.execute(text(statement))).mappings()]
            assert (statement, wrong) == (statement, [])
