-- The accounts of the comparison: full-size accounts with twelve bills of three items. {accounts}
-- accounts; rows are written month by month, so that the rows of one account lie apart, as in use.
-- A few accounts are what lists are filtered by: closed, held for a debt, overdue, in a dispute.

INSERT INTO offer (id, code, name, kind, currency, monthly_fee, usage_rate, usage_unit, created_at)
VALUES (1, 'line', 'DSL line 100', 'CHARGE', 'USD', 25000000, NULL, NULL, '2025-01-01'),
    (2, 'data', 'Mobile data by the megabyte', 'CHARGE', 'USD', NULL, 100000, 'MB', '2025-01-01'),
    (3, 'support', 'Support on weekdays', 'CHARGE', 'USD', NULL, NULL, NULL, '2025-01-01');

INSERT INTO account (id, number, name, name_key, rank, email, phone, currency, inactive_holds,
    closed_holds, closed_at, parent_id, created_at, status_changed_at, version)
SELECT n, 'A-' || lpad(n::text, 8, '0'), first || ' ' || last, lower(first || ' ' || last),
    CASE WHEN n % 50000 = 11 THEN 'PLATINUM' WHEN n % 10 = 0 THEN 'GOLD'
        WHEN n % 3 = 0 THEN 'SILVER' END,
    lower(first || '.' || last) || n || '@example.com',
    '+1 555 ' || lpad((n % 10000000)::text, 7, '0'), 'USD',
    CASE WHEN n % 5000 = 500 THEN 3 WHEN n % 20 = 0 THEN 1 ELSE 0 END,
    CASE WHEN n % 10000 = 77 THEN 1 ELSE 0 END,
    CASE WHEN n % 10000 = 77 THEN timestamptz '2026-11-01 12:00+00' END,
    CASE WHEN n % 100 BETWEEN 1 AND 9 THEN nullif(n - n % 100, 0) END,
    timestamptz '2015-01-01 00:00+00' + n * interval '1 minute',
    timestamptz '2015-01-01 00:00+00' + n * interval '1 minute', 1
FROM generate_series(1, {accounts}) n,
    LATERAL (SELECT
        ('{{Ana,Ben,Carla,David,Elif,Farid,Grace,Hugo,Ines,'
            'Jonas,Kaya,Lena,Mira,Nils,Olga,Paul,Rosa,Sven,Tara,Yusuf}}'::text[])[n % 20 + 1] AS first,
        ('{{Adams,Berg,Costa,Diaz,Evans,Fischer,Garcia,'
            'Haas,Ivanova,Jensen,Kim,Lopez,Meyer,Novak,Okafor,Petrov,Quinn,'
            'Rossi,Silva,Turner,Usman,Vogel,Weber,Yilmaz,Zhang}}'::text[])[n / 20 % 25 + 1]
            || CASE WHEN n % 7 = 0 THEN '-' || chr(65 + n / 500 % 26) || chr(97 + n / 13000 % 26)
                ELSE '' END AS last
    ) names;

-- The terms that `accounts.rules.search_terms` and `login_terms` make of these texts.
INSERT INTO search_term (term, account_id, is_root)
SELECT term, account.id, parent_id IS NULL
FROM account,
    LATERAL (SELECT split_part(email, '@', 1) AS local, '555' || right(phone, 7) AS national) text,
    LATERAL (SELECT DISTINCT unnest(string_to_array(name_key, ' ')
        || string_to_array(nullif(split_part(name_key, '-', 2), ''), ' ')
        || ARRAY[name_key, lower(number), right(number, 8), email, 'example.com',
            split_part(local, '.', 2) || '@example.com', phone, '1' || national, national,
            chr(1) || reverse('1' || national), 'login-' || account.id]
        || CASE WHEN strpos(local, '-') > 0
            THEN ARRAY[split_part(local, '-', 2) || '@example.com'] END
        || CASE WHEN account.id > 9 THEN ARRAY[account.id::text] END) AS term) terms;

INSERT INTO bill_unit (id, account_id, name, is_default, currency, billing_day_of_month,
    next_bill_on, charged_until, balance, created_at, version)
SELECT id, id, 'Default', true, 'USD', 1, '2027-01-01', '2027-01-01',
    25000000 + 150000 * (CASE WHEN id % 100 = 0 THEN 100 ELSE 2 END)
        + CASE WHEN id % 1000 = 500 THEN 25300000 ELSE 0 END, created_at, 1
FROM account;

INSERT INTO payment_method (id, account_id, kind, token, is_default, created_at)
SELECT id, id, 'DIRECT_DEBIT', 'tok_ok', true, created_at FROM account;

INSERT INTO service (id, account_id, bill_unit_id, kind, name, login, login_key, inactive_holds,
    closed_holds, created_at, status_changed_at, version)
SELECT 2 * account.id + place - 2, account.id, account.id,
    CASE place WHEN 1 THEN 'internet' ELSE 'mobile' END,
    CASE place WHEN 1 THEN 'Internet' ELSE 'Mobile' END, 'login-' || account.id,
    'login-' || account.id, sign(inactive_holds) * 8, closed_holds * 8, created_at, created_at, 1
FROM account, generate_series(1, 2) place;

INSERT INTO purchased_offer (id, account_id, service_id, bill_unit_id, offer_id, name, kind,
    quantity, purchase_start, usage_start, cycle_start, first_start, charged_until, inactive_holds,
    closed_holds, created_at, status_changed_at, version)
SELECT 3 * account.id + offer.id - 3, account.id,
    CASE WHEN offer.id < 3 THEN 2 * account.id + offer.id - 2 END, account.id, offer.id, offer.name,
    offer.kind, 1000000, account.created_at, account.created_at, account.created_at,
    account.created_at, '2027-01-01',
    sign(inactive_holds) * (CASE WHEN offer.id < 3 THEN 24 ELSE 8 END),
    closed_holds * (CASE WHEN offer.id < 3 THEN 24 ELSE 8 END), account.created_at,
    account.created_at, 1
FROM account, offer;

-- Each bill has an item with a monthly fee and two with usage. Of every hundredth account the last
-- bill has fifty usage events in each of these. Of every thousandth account the last but one is not
-- paid, of another thousandth the last one is disputed.
INSERT INTO bill (id, number, account_id, bill_unit_id, currency, period_start, period_end,
    billed_on, due_on, current_charges, subordinate_charges, adjusted, paid, held,
    previous_balance, payments, adjustments, disputed, created_at)
SELECT month * {accounts} + n, 'B-' || n || '-' || to_char(period_end, 'YYYYMMDD'), n, n, 'USD',
    period_start, period_end, period_end, period_end + 30, charges, 0, 0,
    CASE WHEN month = 11 OR month = 10 AND n % 1000 = 500 THEN 0 ELSE -charges END, disputed,
    CASE WHEN month > 0 THEN 25300000 ELSE 0 END,
    CASE WHEN month = 0 OR month = 11 AND n % 1000 = 500 THEN 0 ELSE -25300000 END, 0, disputed,
    period_end::timestamp AT TIME ZONE 'UTC' + interval '1 hour'
FROM generate_series(0, 11) month, generate_series(1, {accounts}) n,
    LATERAL (SELECT (date '2025-12-01' + month * interval '1 month')::date AS period_start,
        (date '2026-01-01' + month * interval '1 month')::date AS period_end,
        25000000 + 150000 * (CASE WHEN month = 11 AND n % 100 = 0 THEN 100 ELSE 2 END) AS charges,
        CASE WHEN month = 11 AND n % 1000 = 250 THEN 1000000 ELSE 0 END AS disputed
    ) dates;

INSERT INTO bill_item (id, bill_id, bill_unit_id, account_id, service_id, kind, name, currency,
    total, adjusted, held, transferred)
SELECT 3 * (bill.id - 1) + place, bill.id, account_id, account_id,
    2 * account_id - CASE place WHEN 3 THEN 0 ELSE 1 END,
    CASE place WHEN 1 THEN 'CYCLE' ELSE 'USAGE' END,
    CASE place WHEN 1 THEN 'Monthly fees · Internet' WHEN 2 THEN 'Usage · Internet'
        ELSE 'Usage · Mobile' END,
    'USD', CASE place WHEN 1 THEN 25000000 ELSE (current_charges - 25000000) / 2 END,
    0, 0, 0
FROM bill, generate_series(1, 3) place
ORDER BY bill.id, place;

-- The account itself, then month by month its payment, and for the last half year its charges.
INSERT INTO event (id, kind, account_id, occurred_at, recorded_at, description, actor)
SELECT nextval('event_id_seq'), 'ACCOUNT_CHANGE', id, created_at, created_at,
    'Created account ' || number, 'ana@example.com'
FROM account;

INSERT INTO event (id, kind, account_id, service_id, offer_id, occurred_at, recorded_at,
    description, quantity, unit, rate, amount, currency, item_id, period_start, period_end, actor,
    details)
SELECT nextval('event_id_seq'), 'CYCLE_FEE', item.account_id, item.service_id,
    3 * item.account_id - 2, period_end::timestamp AT TIME ZONE 'UTC',
    period_end::timestamp AT TIME ZONE 'UTC' + interval '1 hour', 'DSL line 100', 1000000, 'month',
    25000000, 25000000, 'USD', item.id, period_end, (period_end + interval '1 month')::date,
    'bill day', jsonb_build_object('days', days, 'cycleDays', days)
FROM bill_item item JOIN bill ON bill.id = bill_id,
    LATERAL (SELECT (period_end + interval '1 month')::date - period_end AS days) cycle
WHERE kind = 'CYCLE' AND period_end > '2026-06-01';

INSERT INTO event (id, kind, account_id, service_id, offer_id, occurred_at, recorded_at,
    description, quantity, unit, rate, amount, currency, item_id, actor)
SELECT nextval('event_id_seq'), 'USAGE', item.account_id, service_id,
    service_id + item.account_id - 1, used_at, used_at + interval '1 hour',
    'Mobile data, session ' || use, 1500000, 'MB', 100000, 150000, 'USD', item.id, 'usage'
FROM bill_item item JOIN bill ON bill.id = bill_id, generate_series(1, total / 150000) use,
    LATERAL (SELECT period_start::timestamp AT TIME ZONE 'UTC'
        + (use * 13 + service_id % 7) * interval '1 hour' AS used_at) times
WHERE kind = 'USAGE' AND period_end > '2026-06-01';

INSERT INTO event (id, kind, account_id, occurred_at, recorded_at, description, amount, currency,
    actor)
SELECT nextval('event_id_seq'), 'PAYMENT', account_id, paid_at, paid_at,
    'Payment of bill ' || number, paid, 'USD', 'bill day'
FROM bill, LATERAL (SELECT period_end::timestamp AT TIME ZONE 'UTC'
    + (10 + account_id % 3) * interval '1 day' AS paid_at) times
WHERE paid <> 0;

INSERT INTO payment (id, key, account_id, bill_unit_id, bill_id, payment_method_id, amount,
    currency, status, result, business_date, asked_on, held, created_at, settled_at)
SELECT id, 'payment-' || id, account_id, bill_unit_id, id, account_id, current_charges, 'USD',
    CASE WHEN paid = 0 THEN 'FAILED' ELSE 'SUCCEEDED' END,
    CASE WHEN paid = 0 THEN 'INSUFFICIENT_FUNDS' ELSE 'SUCCEEDED' END, paid_on, paid_on, false,
    paid_on, paid_on
FROM bill, LATERAL (SELECT period_end + 10 + (account_id % 3)::int AS paid_on) dates
WHERE period_end < '2026-12-01';

INSERT INTO event (id, kind, account_id, occurred_at, recorded_at, description, from_status,
    to_status, inactive_holds, closed_holds, cause, actor)
SELECT nextval('event_id_seq'), 'STATUS_CHANGE', id, changed_at, changed_at, 'ACTIVE to INACTIVE',
    'ACTIVE', 'INACTIVE', inactive_holds, 0, 1, 'ana@example.com'
FROM account,
    LATERAL (SELECT timestamptz '2026-01-15 12:00+00' + id % 301 * interval '1 day' AS changed_at
    ) times
WHERE inactive_holds <> 0;

INSERT INTO dispute (id, account_id, bill_id, amount, currency, reason, status, opened_at,
    opened_by, settled_at, settled_by, granted)
SELECT id, account_id, id, 1000000, 'USD', 'Not ordered',
    CASE WHEN held <> 0 THEN 'OPEN' ELSE 'DENIED' END, created_at, 'ana@example.com',
    CASE WHEN held = 0 THEN created_at + interval '1 day' END,
    CASE WHEN held = 0 THEN 'ana@example.com' END, CASE WHEN held = 0 THEN 0 END
FROM bill WHERE period_end = '2026-12-01' AND account_id % 50 = 0;

INSERT INTO job_run (id, kind, status, business_date, total, done, failed, requested_by, created_at,
    started_at, finished_at)
SELECT id, kind, 'DONE_WITH_FAILURES', '2026-12-01', {accounts}, {accounts}, 100, 'scheduler',
    '2026-12-01', '2026-12-01', '2026-12-01 02:00+00'
FROM (VALUES (1, 'BILL_DAY'), (2, 'DEFERRED_ACTIONS')) runs(id, kind);

INSERT INTO quarantined_account (id, job_run_id, account_id, step, reason, at)
SELECT n, 1, n, 'charge', 'The plug-in did not answer.', '2026-12-01'
FROM generate_series(1, 100) n;

-- Of every fifth account one was executed, of every twentieth one is pending, some have failed.
INSERT INTO deferred_action (id, kind, status, account_id, summary, to_status, parent_pays,
    children_stay, scheduled_for, created_by, created_at, executed_at, job_run_id, attempts,
    failure, version)
SELECT id, 'CHANGE_ACCOUNT_STATUS', outcome, id, 'Inactivate the account', 'INACTIVE', false, false,
    scheduled_for, 'ana@example.com', scheduled_for - interval '30 days',
    CASE outcome WHEN 'DONE' THEN scheduled_for END,
    CASE outcome WHEN 'PENDING' THEN NULL ELSE 2 END,
    CASE outcome WHEN 'PENDING' THEN 0 ELSE 1 END,
    CASE outcome WHEN 'FAILED' THEN 'The account was changed meanwhile.' END, 1
FROM account,
    LATERAL (SELECT CASE WHEN id % 20 <> 3 THEN 'DONE' WHEN id % 5000 = 3 THEN 'FAILED'
        ELSE 'PENDING' END AS outcome) outcomes,
    LATERAL (SELECT CASE outcome WHEN 'PENDING' THEN timestamptz '2026-12-16 00:00+00'
        ELSE timestamptz '2026-01-01 00:00+00' END + id % 300 * interval '1 day' AS scheduled_for
    ) times
WHERE id % 5 = 1 OR id % 20 = 3;

INSERT INTO event_commit (id, transaction_id, first_event_id, last_event_id, written, position)
SELECT 1, pg_current_xact_id()::text::bigint, 1, max(id), 1, 1 FROM event;

UPDATE business SET clock_set_to = '2026-12-15 12:00+00';

SELECT setval(pg_get_serial_sequence(name, 'id'), 100 * {accounts}::bigint)
FROM unnest('{{offer,account,bill_unit,service,purchased_offer,bill,bill_item,event_commit,payment,
    payment_method,dispute,job_run,quarantined_account,deferred_action}}'::text[]) name
WHERE pg_get_serial_sequence(name, 'id') IS NOT NULL;
