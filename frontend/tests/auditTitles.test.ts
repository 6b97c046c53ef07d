import { expect, it } from 'vitest'
import type { AuditTitleFragment } from '@/gql/graphql'
import { auditTitle } from '@/lib/auditTitle'

const unknown = 'Summary of the API'

/** The title of an entry of the audit log by Ana. */
function auditTitleOf(more: Partial<AuditTitleFragment>): string {
  const entry = { actor: 'ana', summary: unknown, details: null, summaryValues: null }
  return auditTitle({ action: 'SIGNED_OUT', ...entry, ...more }, 'Europe/Berlin')
}

it.each([
  ['SIGNED_OUT' as const, null, 'ana signed out.'],
  [
    'USER_CREATED' as const,
    { email: [null, 'b@c'], role: [null, 'AGENT'] },
    'Created user b@c as AGENT.',
  ],
  [
    'TOKEN_CREATED' as const,
    { name: [null, 'Shop'], role: [null, 'VIEWER'] },
    'Created token Shop as VIEWER.',
  ],
  ['OFFER_CREATED' as const, { code: [null, 'A'], name: [null, 'B'] }, 'Created offer A, B.'],
  ['OFFER_CREATED' as const, null, unknown],
  [
    'SETTINGS_CHANGED' as const,
    { paymentTermDays: [14, 30], timeZone: ['UTC', 'Europe/Vienna'] },
    'Changed payment term days, time zone.',
  ],
  ['SETTINGS_CHANGED' as const, { newer: [1, 2] }, unknown],
  ['CLOCK_SET' as const, null, unknown],
  ['CLOCK_SET' as const, { clock: [null, null] }, 'Set the business clock to real time.'],
  [
    'CLOCK_SET' as const,
    { clock: [null, '2026-11-10T12:00:00Z'] },
    'Set the business clock to 10 Nov 2026, 13:00.',
  ],
])('says what an entry of the audit log tells: %s', (action, details, title) => {
  expect(auditTitleOf({ action, details })).toBe(title)
})

const user = 'b@c'
const webhook = 'https://crm.example/tenure'
const started = { operation: 'STATUS_CHANGE_STARTED', deferUntil: null, backdateTo: null }

it.each([
  ['SIGNED_IN' as const, { user, issuer: null }, 'b@c signed in.'],
  ['SIGNED_IN' as const, { user, issuer: 'https://id' }, 'b@c signed in through https://id.'],
  [
    'SIGN_IN_REFUSED' as const,
    { user, network: '10.0.0.1', count: 1 },
    'Refused a sign-in as b@c from 10.0.0.1.',
  ],
  [
    'SIGN_IN_REFUSED' as const,
    { user, network: '10.0.0.1', count: 10 },
    'Refused 10 sign-ins in five minutes as b@c from 10.0.0.1.',
  ],
  ['PASSWORD_CHANGED' as const, { operation: 'PASSWORD_SET', user }, 'Set a new password for b@c.'],
  [
    'PASSWORD_CHANGED' as const,
    { operation: 'OWN_PASSWORD_CHANGED', user },
    'b@c changed the own password.',
  ],
  ['SESSIONS_ENDED' as const, { user, count: 1 }, 'Ended 1 session of b@c.'],
  [
    'SESSIONS_ENDED' as const,
    { operation: 'SESSIONS_ENDED_BY_PROVIDER', user, count: 2 },
    'Ended 2 sessions of b@c, who signed out at the provider.',
  ],
  [
    'USER_CHANGED' as const,
    { operation: 'USER_LINKED', user },
    'Linked b@c, who signs in through a provider.',
  ],
  [
    'USER_CHANGED' as const,
    { operation: 'USER_UNLINKED', user },
    'Unlinked b@c, who signs in through a provider.',
  ],
  ['TOKEN_REVOKED' as const, { token: 'Shop' }, 'Revoked token Shop.'],
  [
    'JOB_STARTED' as const,
    { kind: 'BILL_DAY', date: '2026-11-10' },
    'Started the job bill day for 10 Nov 2026.',
  ],
  ['JOB_STARTED' as const, { kind: 'NEWER', date: '2026-11-10' }, unknown],
  [
    'JOB_CANCELLED' as const,
    { kind: 'DEFERRED_ACTIONS', date: '2026-11-10' },
    'Cancelled the job deferred actions for 10 Nov 2026.',
  ],
  [
    'JOB_STARTED' as const,
    { ...started, toStatus: 'CLOSED', count: 1204 },
    'Started a job: close 1,204 accounts.',
  ],
  [
    'JOB_STARTED' as const,
    { ...started, toStatus: 'ACTIVE', count: 1, deferUntil: '2026-12-01T08:30:00Z' },
    'Started a job: reactivate 1 account on 1 Dec 2026, 09:30.',
  ],
  [
    'JOB_STARTED' as const,
    { ...started, toStatus: 'INACTIVE', count: 2, backdateTo: '2026-11-01' },
    'Started a job: inactivate 2 accounts, backdated to 1 Nov 2026.',
  ],
  [
    'JOB_STARTED' as const,
    { operation: 'IMPORT_CHECK_STARTED', file: 'a.csv' },
    'Started the check of the import file a.csv.',
  ],
  [
    'JOB_STARTED' as const,
    { operation: 'IMPORT_STARTED', file: 'a.csv' },
    'Started the import of the file a.csv.',
  ],
  [
    'WEBHOOK_CHANGED' as const,
    { operation: 'WEBHOOK_CREATED', webhook },
    `Created webhook ${webhook}.`,
  ],
  ['WEBHOOK_CHANGED' as const, { webhook }, `Changed webhook ${webhook}.`],
  [
    'WEBHOOK_CHANGED' as const,
    { operation: 'WEBHOOK_SECRET_ROTATED', webhook },
    `Rotated the secret of webhook ${webhook}.`,
  ],
  [
    'WEBHOOK_CHANGED' as const,
    { operation: 'WEBHOOK_CHANGED_AND_SECRET_ROTATED', webhook },
    `Changed webhook ${webhook} and rotated its secret.`,
  ],
  [
    'WEBHOOK_CHANGED' as const,
    { operation: 'WEBHOOK_GONE', webhook },
    `Stopped webhook ${webhook}: it answered 410 Gone.`,
  ],
  [
    'WEBHOOK_CHANGED' as const,
    { operation: 'WEBHOOK_FAILING', webhook },
    `Stopped webhook ${webhook}: every attempt has failed for three days.`,
  ],
  [
    'WEBHOOK_CHANGED' as const,
    { operation: 'WEBHOOK_DELETED', webhook },
    `Deleted webhook ${webhook}.`,
  ],
  [
    'WEBHOOK_CHANGED' as const,
    { operation: 'DELIVERY_REQUESTED', webhook, delivery: 7 },
    `Requested delivery 7 to webhook ${webhook} again.`,
  ],
  [
    'REASON_CHANGED' as const,
    { operation: 'REASON_CREATED', code: 'ABROAD' },
    'Created reason ABROAD.',
  ],
  ['REASON_CHANGED' as const, { code: 'ABROAD' }, 'Changed reason ABROAD.'],
])('has a title for %s with %o', (action, summaryValues, title) => {
  expect(auditTitleOf({ action, summaryValues })).toBe(title)
})

it('names the changed fields of a user', () => {
  const changed = { action: 'USER_CHANGED' as const, summaryValues: { user } }
  const details = { role: ['AGENT', 'ADMIN'], status: ['ACTIVE', 'DISABLED'] }
  expect(auditTitleOf({ ...changed, details })).toBe('Changed role, status of b@c.')
  expect(auditTitleOf({ ...changed, details: { newer: [1, 2] } })).toBe(unknown)
})
