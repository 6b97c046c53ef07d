import { expect, it } from 'vitest'
import type { DeferredActionKind } from '@/gql/graphql'
import { actionTitle } from '@/lib/actionTitle'
import { auditTitle } from '@/lib/auditTitle'
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

it.each([
  [{ offer: { name: 'DSL 50' }, service: { name: 'Home', kind: 'internet' } }, 'Bought DSL 50'],
  [{ service: { name: 'Home', kind: 'internet' } }, 'Added internet service Home'],
  [
    { details: { changed: { phone: [null, '1'], credit_limit: [null, '5'] } } },
    'Changed phone, credit limit',
  ],
  [{ details: { changed: { phone: [null, '1'], newer: [1, 2] } } }, 'Text of the API'],
  [{ details: { note: 3 } }, 'Text of the API'],
  [{}, 'Text of the API'],
])('says what happened to an account: %o', (more, title) => {
  const event = { kind: 'ACCOUNT_CHANGE' as const, description: 'Text of the API', ...more }
  expect(eventTitle(event)).toBe(title)
})

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
  ['OFFER_CREATED' as const, null, 'Summary of the API'],
  ['CLOCK_SET' as const, null, 'Summary of the API'],
])('says what an entry of the audit log tells: %s', (action, details, title) => {
  const entry = { action, details, actor: 'ana', summary: 'Summary of the API' }
  expect(auditTitle(entry)).toBe(title)
})
