/** The ways to the dialogs that dispute and adjust. */
import type { DialogAddress } from '@/lib/dialog'

/** Of a bill, an item or an event. */
export const openDispute = (id: string): DialogAddress => ({ dialog: 'open-dispute', on: [id] })

export const settleDispute = (id: string): DialogAddress => ({ dialog: 'settle-dispute', on: [id] })

/** Of an account, a bill, an item or an event. */
export const adjust = (id: string): DialogAddress => ({ dialog: 'adjust', on: [id] })
