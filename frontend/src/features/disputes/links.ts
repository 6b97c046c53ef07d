/** Links to the dialogs for disputes and adjustments. */
import type { DialogAddress } from '@/lib/dialog'

/** For a bill, an item or an event. */
export const openDispute = (id: string): DialogAddress => ({ dialog: 'open-dispute', on: [id] })

export const settleDispute = (id: string): DialogAddress => ({ dialog: 'settle-dispute', on: [id] })

/** For an account, a bill, an item or an event. */
export const adjust = (id: string): DialogAddress => ({ dialog: 'adjust', on: [id] })
