/** Links to the deferred actions and their dialogs. */
import { linkOptions } from '@tanstack/react-router'
import type { DialogAddress } from '@/lib/dialog'
import type { CalendarSearch } from './calendarSearch'
import type { DeferredSearch } from './search'

export function calendarLink(search: CalendarSearch = {}) {
  return linkOptions({ to: '/deferred-actions/calendar', search })
}

export function deferredLink(search: DeferredSearch = {}) {
  return linkOptions({ to: '/deferred-actions', search })
}

export function accountDeferredLink(number: string) {
  return linkOptions({ to: '/accounts/$number/deferred-actions', params: { number } })
}

export const runDeferred = (ids: string[]): DialogAddress => ({ dialog: 'run-deferred', on: ids })

export const rescheduleDeferred = (ids: string[]): DialogAddress => ({
  dialog: 'reschedule-deferred',
  on: ids,
})

export const cancelDeferred = (ids: string[]): DialogAddress => ({
  dialog: 'cancel-deferred',
  on: ids,
})
