import { describe, expect, it } from 'vitest'
import { auditFilter, auditSearch } from '@/features/audit/search'
import { lastChange } from '@/features/settings/history'
import { tokenState } from '@/features/tokens/state'
import { kindsLabel } from '@/features/webhooks/kinds'
import { fieldChanges } from '@/lib/auditDetails'

describe('details of an audit entry', () => {
  it('have the values before and after in words', () => {
    const details = {
      role: ['AGENT', 'ADMIN'],
      paymentTermDays: [30, 14],
      allowActiveServiceWithInactiveAccount: [false, true],
      expiresAt: [null, '2026-12-01T23:30:00Z'],
      eventKinds: [[], ['STATUS_CHANGE', 'USAGE']],
      appliesTo: [['INACTIVE'], ['INACTIVE', 'CLOSED']],
      isRetired: [false, true],
      kind: [null, 'CHARGE'],
      someNewField: ['', 'x'],
    }
    expect(fieldChanges(details, 'Europe/Berlin')).toEqual([
      { field: 'Role', before: 'Agent', after: 'Admin' },
      { field: 'Payment term in days', before: '30', after: '14' },
      { field: 'Active services with an inactive account', before: 'No', after: 'Yes' },
      { field: 'Expires', before: '–', after: '2 Dec 2026, 00:30' },
      { field: 'Events', before: '–', after: 'Status change, Usage' },
      { field: 'Offered for', before: 'Inactive', after: 'Inactive, Closed' },
      { field: 'Retired', before: 'No', after: 'Yes' },
      { field: 'Kind', before: '–', after: 'Charge offer' },
      { field: 'Some new field', before: '–', after: 'x' },
    ])
    expect(fieldChanges(null, 'UTC')).toEqual([])
  })
})

it('the last change of a setting is that of the newest entry with the field', () => {
  const entry = (id: string, day: number, details: unknown) => ({
    id,
    at: `2026-11-0${day}T10:00:00Z`,
    actor: `${id}@example.com`,
    summary: '',
    details,
  })
  const history = [
    entry('ben', 5, { paymentTermDays: [30, 14] }),
    entry('ana', 4, { paymentTermDays: [20, 30], timeZone: ['UTC', 'Europe/Berlin'] }),
  ]
  expect(lastChange(history, 'paymentTermDays', 'UTC')).toBe(
    'Changed on 5 Nov 2026, 10:00 by ben@example.com, before: 30',
  )
  expect(lastChange(history, 'timeZone', 'UTC')).toContain('ana@example.com, before: UTC')
  expect(lastChange(history, 'closedLoginPrefix', 'UTC')).toBeUndefined()
})

it('a token is active until it is revoked or expires', () => {
  const now = Date.parse('2026-11-10T12:00:00Z')
  const of = (expiresAt: string | null, revokedAt: string | null = null) =>
    tokenState({ expiresAt, revokedAt }, now)
  expect(of(null)).toBe('ACTIVE')
  expect(of('2026-11-10T12:00:01Z')).toBe('ACTIVE')
  expect(of('2026-11-10T12:00:00Z')).toBe('EXPIRED')
  expect(of('2026-11-10T12:00:00Z', '2026-11-09T12:00:00Z')).toBe('REVOKED')
})

it('the kinds of a webhook are counted if they are many', () => {
  expect(kindsLabel([])).toBe('Every kind')
  expect(kindsLabel(['USAGE', 'PAYMENT'])).toBe('Usage, Payment')
  expect(kindsLabel(['USAGE', 'PAYMENT', 'DISPUTE', 'DISCOUNT'])).toBe('4 kinds')
})

it('the address of the audit log keeps what is known, and dates include the last one', () => {
  const action = ['CLOCK_SET', 'NOTHING']
  const search = auditSearch({ q: 7, action, from: 'x', to: '2026-11-03' })
  expect(search).toMatchObject({ q: '7', action: ['CLOCK_SET'], from: undefined, to: '2026-11-03' })
  expect(auditFilter(search, 'Europe/Berlin')).toMatchObject({
    search: '7',
    to: '2026-11-03T23:00:00.000Z',
  })
})
