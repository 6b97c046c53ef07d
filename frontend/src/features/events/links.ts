import { linkOptions } from '@tanstack/react-router'

export function serviceEventsLink(number: string, service: string) {
  return linkOptions({ to: '/accounts/$number/events', params: { number }, search: { service } })
}
