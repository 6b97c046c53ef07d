\set n random(:accounts - 1000, :accounts)
SELECT json_build_object('nodes', coalesce(json_agg(json_build_object('id', id, 'number', number,
        'name', name, 'status', status, 'rank', rank, 'email', email, 'createdAt', created_at))
        FILTER (WHERE place <= 25), '[]'),
    'pageInfo', json_build_object('hasNextPage', count(*) > 25))
FROM (
    SELECT *, row_number() OVER (ORDER BY created_at DESC, id DESC) AS place FROM account
    WHERE status = 'ACTIVE' AND (created_at, id)
        < (timestamptz '2015-01-01 00:00+00' + :n::bigint * interval '1 minute', :n::bigint)
    ORDER BY created_at DESC, id DESC LIMIT 26
) account;
