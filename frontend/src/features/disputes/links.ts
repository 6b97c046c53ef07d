/** Links to the list of disputes, and to the dialogs for disputes and adjustments. */
import { linkOptions } from '@tanstack/react-router'
import type { DialogAddress } from '@/lib/dialog'
import type { Decision } from './decision'
import type { DisputesSearch } from './search'

/** The disputes of all accounts. */
export function disputesLink(search: DisputesSearch = {}) {
  return linkOptions({ to: '/disputes', search })
}

/** For a bill, an item or an event. */
export const openDispute = (id: string): DialogAddress => ({ dialog: 'open-dispute', on: [id] })

/** With the decision that was chosen already, if any: `full`, `part` or `denied`. */
export const settleDispute = (id: string, decision?: Decision): DialogAddress => ({
  dialog: 'settle-dispute',
  on: [id],
  choice: decision,
})

/** For an account, a bill, an item or an event. */
export const adjust = (id: string): DialogAddress => ({ dialog: 'adjust', on: [id] })
