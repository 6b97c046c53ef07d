/** Links to the home page and to the lists of disputes and payments of all accounts. */
import { linkOptions } from '@tanstack/react-router'
import type { DisputesSearch, PaymentsSearch } from './search'

export const homeLink = linkOptions({ to: '/' })

export function disputesLink(search: DisputesSearch = {}) {
  return linkOptions({ to: '/disputes', search })
}

export function paymentsOfAllLink(search: PaymentsSearch = {}) {
  return linkOptions({ to: '/payments', search })
}
