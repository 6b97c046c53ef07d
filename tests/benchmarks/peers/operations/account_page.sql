\set n random(1, :accounts)
SELECT json_build_object('id', id, 'number', number, 'name', name, 'status', status, 'rank', rank,
    'email', email, 'phone', phone, 'createdAt', created_at, 'version', version,
    'services', json_build_object('nodes', (
        SELECT coalesce(json_agg(json_build_object('id', id, 'kind', kind, 'name', name,
            'login', login, 'status', status, 'version', version, 'offers', (
                SELECT coalesce(json_agg(json_build_object('id', id, 'name', name,
                    'status', status, 'quantity', quantity, 'monthlyFee', monthly_fee)), '[]')
                FROM (
                    SELECT * FROM purchased_offer WHERE service_id = service.id ORDER BY id DESC
                ) offer
            ))), '[]')
        FROM (
            SELECT * FROM service WHERE account_id = account.id ORDER BY id DESC LIMIT 25
        ) service
    )),
    'bills', json_build_object('nodes', (
        SELECT coalesce(json_agg(json_build_object('id', id, 'number', number, 'status', status,
            'periodStart', period_start, 'periodEnd', period_end, 'dueOn', due_on,
            'totalDue', total_due, 'openAmount', open_amount, 'currency', currency,
            'items', json_build_object('nodes', (
                SELECT coalesce(json_agg(json_build_object('id', id, 'kind', kind, 'name', name,
                    'total', total, 'due', due, 'currency', currency)), '[]')
                FROM (
                    SELECT * FROM bill_item WHERE bill_id = bill.id ORDER BY id DESC LIMIT 25
                ) item
            )))), '[]')
        FROM (
            SELECT * FROM bill WHERE account_id = account.id
            ORDER BY period_end DESC, id DESC LIMIT 12
        ) bill
    )),
    'events', json_build_object('nodes', (
        SELECT coalesce(json_agg(json_build_object('id', id, 'kind', kind,
            'occurredAt', occurred_at, 'description', description, 'amount', amount,
            'currency', currency, 'actor', actor)), '[]')
        FROM (
            SELECT * FROM event WHERE account_id = account.id
            ORDER BY occurred_at DESC, id DESC LIMIT 25
        ) event
    )))
FROM account WHERE number = 'A-' || lpad(:n::bigint::text, 8, '0');
