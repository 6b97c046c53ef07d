\set n 100 * random(1, :accounts / 100)
SELECT json_build_object('id', id, 'number', number, 'status', status, 'periodStart', period_start,
    'periodEnd', period_end, 'dueOn', due_on, 'totalDue', total_due, 'openAmount', open_amount,
    'currency', currency, 'items', json_build_object('nodes', (
        SELECT coalesce(json_agg(json_build_object('id', id, 'kind', kind, 'name', name,
            'total', total, 'due', due, 'currency', currency,
            'events', json_build_object('nodes', (
                SELECT coalesce(json_agg(json_build_object('id', id, 'kind', kind,
                    'occurredAt', occurred_at, 'description', description, 'quantity', quantity,
                    'unit', unit, 'rate', rate, 'amount', amount, 'currency', currency)), '[]')
                FROM (
                    SELECT * FROM event WHERE item_id = item.id
                    ORDER BY occurred_at DESC, id DESC LIMIT 100
                ) event
            )))), '[]')
        FROM (
            SELECT * FROM bill_item WHERE bill_id = bill.id ORDER BY id DESC LIMIT 25
        ) item
    )))
FROM bill WHERE number = 'B-' || :n::bigint || '-20261201';
