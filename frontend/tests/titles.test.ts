import { expect, it } from 'vitest'
import type { DeferredActionKind, EventTitleFragment } from '@/gql/graphql'
import { actionTitle } from '@/lib/actionTitle'
import { eventTitle } from '@/lib/eventTitle'
import { scheduledAction } from './actions'

const service = { __typename: 'Service' as const, id: 's', name: 'Mobile' }
const parent = { id: 'p', number: 'A-2' }

it.each([
  [{}, 'Close Hana (A-1)'],
  [{ toStatus: 'INACTIVE' as const }, 'Inactivate Hana (A-1)'],
  [{ kind: 'CHANGE_SERVICE_STATUS' as const, target: service }, 'Close Mobile of Hana (A-1)'],
  [
    { kind: 'CHANGE_OFFER_STATUS' as const, toStatus: 'ACTIVE' as const, target: service },
    'Reactivate Mobile of Hana (A-1)',
  ],
  [
    { kind: 'ADD_TO_HIERARCHY' as const, newParent: parent, parentPays: true },
    'Move account A-1 below account A-2, which pays for it',
  ],
  [{ kind: 'MOVE_IN_HIERARCHY' as const, newParent: parent }, 'Move account A-1 below account A-2'],
  [{ kind: 'REMOVE_FROM_HIERARCHY' as const }, 'Move account A-1 out of its hierarchy'],
])('says what a deferred action does: %o', (more, title) => {
  expect(actionTitle(scheduledAction(more))).toBe(title)
})

it('has the summary of the API for a kind that the page does not know', () => {
  const kind = 'ERASE_ACCOUNT' as DeferredActionKind
  expect(actionTitle(scheduledAction({ kind }))).toBe('Summary of the API')
})

const unknown = 'Text of the API'

/** The title of an event that differs from the creation of the account of Hana. */
function titleOf(more: Partial<EventTitleFragment>, zone = 'Europe/Berlin'): string {
  const event: EventTitleFragment = {
    kind: 'ACCOUNT_CHANGE',
    description: unknown,
    fromStatus: null,
    toStatus: null,
    details: null,
    account: { id: 'a', number: 'A-1', name: 'Hana', status: 'ACTIVE' },
    service: null,
    offer: null,
    target: null,
    ...more,
  }
  return eventTitle(event, zone)
}

const home = { id: 's', name: 'Home', kind: 'internet' }

it.each([
  [{ offer: { id: 'o', name: 'DSL 50' }, service: home }, 'Bought DSL 50'],
  [{ service: home }, 'Added internet service Home'],
  [
    { details: { changed: { phone: [null, '1'], credit_limit: [null, '5'] } } },
    'Changed phone, credit limit',
  ],
  [{ details: { changed: { phone: [null, '1'], newer: [1, 2] } } }, unknown],
  [{ details: { note: 3 } }, unknown],
  [{ details: { operation: 'ACCOUNT_ERASED' } }, unknown],
  [{}, unknown],
])('says what happened to an account: %o', (more, title) => {
  expect(titleOf(more)).toBe(title)
})

const card = { kind: 'CREDIT_CARD', brand: 'Visa', lastFour: '4242' }
const plain = { kind: 'CREDIT_CARD', brand: null, lastFour: null }
const debit = { kind: 'DIRECT_DEBIT', brand: null, lastFour: null }
const unit = { billUnitName: 'Second' }
const expiration = { expirationMonth: 4, expirationYear: 2032 }
const paid = { amount: '1234.50', currency: 'USD', bill: 'B-1' }
const claim = { amount: '12.00', currency: 'USD', bill: 'B-1', item: 'Usage', charge: null }
const move = { newParentNumber: 'A-2', parentPays: true }
const at = { scheduledFor: '2026-12-07T08:30:00Z' }
const closing = { toStatus: 'CLOSED' }

it.each([
  ['ACCOUNT_CREATED', {}, 'Account A-1 was created'],
  ['ACCOUNT_IMPORTED', { line: 'digest' }, 'Account A-1 was imported'],
  ['BILL_UNIT_ADDED', unit, 'Added bill unit Second'],
  [
    'PAYER_CHANGED',
    { ...unit, payingParentName: 'Default' },
    'Bill unit Second of account A-1 is paid by bill unit Default',
  ],
  [
    'PAYER_CHANGED',
    { ...unit, payingParentName: null },
    'Bill unit Second of account A-1 pays for itself',
  ],
  ['PAYMENT_METHOD_ADDED', card, 'Added payment method Visa ···· 4242'],
  ['PAYMENT_METHOD_ADDED', plain, 'Added payment method Card ···· ????'],
  ['DEFAULT_PAYMENT_METHOD_CHANGED', debit, 'Default payment method changed to Direct debit'],
  [
    'CARD_EXPIRATION_CHANGED',
    { ...card, ...expiration },
    'Expiration of Visa ···· 4242 changed to 04/2032',
  ],
  ['CONTACT_ADDED', { kind: 'BILLING' }, 'Added a billing contact'],
  ['CONTACT_CHANGED', { kind: 'SERVICE' }, 'Changed a service contact'],
  ['CONTACT_REMOVED', { kind: 'OTHER' }, 'Removed a contact'],
  ['CONTACT_REMOVED', { kind: 'TECHNICAL' }, unknown],
  ['NOTE_ADDED', {}, 'Added a note'],
  ['NOTE_CHANGED', {}, 'Changed a note'],
  ['NOTE_PINNED', {}, 'Pinned a note'],
  ['NOTE_UNPINNED', {}, 'Unpinned a note'],
  ['NOTE_DELETED', {}, 'Deleted a note'],
  [
    'ACCOUNT_MOVED',
    { toParentNumber: 'A-2', parentPays: true },
    'Moved account A-1 below account A-2, which pays for it',
  ],
  [
    'ACCOUNT_MOVED',
    { toParentNumber: 'A-2', parentPays: false },
    'Moved account A-1 below account A-2',
  ],
  [
    'ACCOUNT_MOVED',
    { toParentNumber: null, parentPays: false },
    'Moved account A-1 out of its hierarchy',
  ],
  ['ACCOUNT_MOVED_UP', { leftNumber: 'A-2' }, 'Moved account A-1: account A-2 left'],
  ['ACTION_SCHEDULED', { ...at, ...closing }, 'Scheduled for 7 Dec 2026, 09:30: Close Hana (A-1)'],
  [
    'ACTION_RESCHEDULED',
    { ...at, ...move },
    'Rescheduled for 7 Dec 2026, 09:30: Move account A-1 below account A-2, which pays for it',
  ],
  ['ACTION_RUN_MANUALLY', closing, 'Run manually: Close Hana (A-1)'],
  ['ACTION_CANCELLED', closing, 'Cancelled: Close Hana (A-1)'],
  [
    'ACTION_CANCELLED_WITH_INACTIVATION',
    { toStatus: 'ACTIVE' },
    'Cancelled with its inactivation: Reactivate Hana (A-1)',
  ],
  ['ACTION_DONE', { ...closing, failure: null }, 'Completed: Close Hana (A-1)'],
  [
    'ACTION_FAILED',
    { newParentNumber: null, parentPays: false, failure: 'It is held.' },
    'Failed: Move account A-1 out of its hierarchy. It is held.',
  ],
  [
    'ACTION_NOT_APPLICABLE',
    { ...closing, failure: 'It is closed.' },
    'Skipped: Close Hana (A-1). It is closed.',
  ],
  ['PAYMENT_RECEIVED', { ...paid, reference: 'R-1' }, 'Paid 1,234.50 USD (reference R-1)'],
  ['PAYMENT_COLLECTED', { ...paid, ...card }, 'Paid 1,234.50 USD (Visa ···· 4242, bill B-1)'],
  [
    'PAYMENT_FAILED',
    { ...paid, ...card, result: 'expired' },
    'Payment of 1,234.50 USD failed (Visa ···· 4242, bill B-1): the card has expired',
  ],
  ['DISPUTE_OPENED', claim, 'Disputed 12.00 USD: Usage, bill B-1'],
  ['DISPUTE_OPENED', { ...claim, item: null }, 'Disputed 12.00 USD: bill B-1'],
  ['DISPUTE_OPENED', { ...claim, charge: 'Calls abroad' }, 'Disputed 12.00 USD: Calls abroad'],
  ['DISPUTE_GRANTED', claim, 'Dispute granted, 12.00 USD: Usage, bill B-1'],
  [
    'DISPUTE_PARTLY_GRANTED',
    { ...claim, granted: '4.50' },
    'Dispute partly granted, 4.50 of 12.00 USD: Usage, bill B-1',
  ],
  ['DISPUTE_DENIED', claim, 'Dispute denied, 12.00 USD: Usage, bill B-1'],
])('has a title for %s with %o', (operation, details, title) => {
  expect(titleOf({ kind: 'PAYMENT', details: { operation, ...details } })).toBe(title)
})

it.each([
  ['UTC', '2026-12-07T00:00:00Z', '7 Dec 2026'],
  ['Europe/Berlin', '2026-12-06T23:00:00Z', '7 Dec 2026'],
  ['America/New_York', '2026-12-07T03:30:00Z', '6 Dec 2026, 22:30'],
  ['Pacific/Auckland', '2026-12-31T11:15:00Z', '1 Jan 2027, 00:15'],
])('has times in the business time zone %s', (zone, scheduledFor, time) => {
  const details = { toStatus: 'CLOSED', scheduledFor }
  for (const [operation, verb] of [
    ['ACTION_SCHEDULED', 'Scheduled'],
    ['ACTION_RESCHEDULED', 'Rescheduled'],
  ]) {
    const title = titleOf({ kind: 'DEFERRED_ACTION', details: { operation, ...details } }, zone)
    expect(title).toBe(`${verb} for ${time}: Close Hana (A-1)`)
  }
})
