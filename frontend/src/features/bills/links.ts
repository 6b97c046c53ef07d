/** The ways to bills, to what they add up, and to the explanation of a charge. */
import { linkOptions } from '@tanstack/react-router'
import type { DialogAddress } from '@/lib/dialog'
import type { BillsSearch } from './search'

/** The bills of all accounts. */
export function allBillsLink(search: BillsSearch = {}) {
  return linkOptions({ to: '/bills', search })
}

export function billsLink(account: string) {
  return linkOptions({ to: '/accounts/$number/bills', params: { number: account } })
}

export function billLink(number: string) {
  return linkOptions({ to: '/bills/$number', params: { number } })
}

export function billItemLink(number: string, item: string) {
  return linkOptions({ to: '/bills/$number/items/$item', params: { number, item } })
}

export const explainCharge = (eventId: string): DialogAddress => ({
  dialog: 'charge',
  on: [eventId],
})
