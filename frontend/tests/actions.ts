import type { ActionTitleFragment } from '@/gql/graphql'

/** A closing of the account of Hana, with these differences. */
export function scheduledAction(more: Partial<ActionTitleFragment>) {
  const action: ActionTitleFragment = {
    kind: 'CHANGE_ACCOUNT_STATUS',
    toStatus: 'CLOSED',
    parentPays: false,
    summary: 'Summary of the API',
    account: { id: 'a', number: 'A-1', name: 'Hana', status: 'ACTIVE' },
    target: null,
    newParent: null,
    ...more,
  }
  return { id: 'd', scheduledFor: '2026-12-01T00:00:00Z', ...action }
}
