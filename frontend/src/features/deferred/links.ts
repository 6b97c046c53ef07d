import type { DialogAddress } from '@/lib/dialog'

export const runDeferred = (ids: string[]): DialogAddress => ({ dialog: 'run-deferred', on: ids })

export const rescheduleDeferred = (ids: string[]): DialogAddress => ({ dialog: 'reschedule-deferred', on: ids })

export const cancelDeferred = (ids: string[]): DialogAddress => ({ dialog: 'cancel-deferred', on: ids })
