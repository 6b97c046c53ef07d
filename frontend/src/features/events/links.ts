/** Links to the timeline of an account, or to one of its entries. */
import { linkOptions } from '@tanstack/react-router'

/** `entry` is the id of an event or of a deferred action. */
export function timelineLink(number: string, entry?: string) {
  return linkOptions({ to: '/accounts/$number/events', params: { number }, search: { entry } })
}

export function serviceEventsLink(number: string, service: string) {
  return linkOptions({ to: '/accounts/$number/events', params: { number }, search: { service } })
}
