/** Links to the dialogs that change the status of an account, a service or an offer, or of many. */
import type { AccountFilter, Status } from '@/gql/graphql'
import type { DialogAddress } from '@/lib/dialog'

export const changeStatus = (id: string, to: Status): DialogAddress => ({
  dialog: 'change-status',
  on: [id],
  choice: to,
})

/** The accounts with these numbers. */
export const changeStatuses = (numbers: string[]): DialogAddress => ({
  dialog: 'change-statuses',
  on: numbers,
})

/** The accounts of a selection that this tab keeps; see `lib/keptSelection`. */
export const changeKeptStatuses = (choice: string): DialogAddress => ({
  dialog: 'change-statuses',
  choice,
})

/** All accounts that match a filter. The change is refused if it matches another number then. */
export const changeAllStatuses = (filter: AccountFilter, count: number): DialogAddress => ({
  dialog: 'change-statuses',
  choice: JSON.stringify({ filter, count }),
})
