/** Links to the timeline of an account. */
import { linkOptions } from '@tanstack/react-router'

export function timelineLink(number: string) {
  return linkOptions({ to: '/accounts/$number/events', params: { number } })
}

export function serviceEventsLink(number: string, service: string) {
  return linkOptions({ to: '/accounts/$number/events', params: { number }, search: { service } })
}
