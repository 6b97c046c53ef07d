/** Links to the payments of one or all accounts, and to the dialogs for payments. */
import { linkOptions } from '@tanstack/react-router'
import type { DialogAddress } from '@/lib/dialog'
import type { PaymentsSearch } from './search'

export function paymentsLink(number: string) {
  return linkOptions({ to: '/accounts/$number/payments', params: { number } })
}

export function paymentsOfAllLink(search: PaymentsSearch = {}) {
  return linkOptions({ to: '/payments', search })
}

export const addPaymentMethod = (accountId: string): DialogAddress => ({
  dialog: 'add-payment-method',
  on: [accountId],
})

export const editExpiration = (methodId: string): DialogAddress => ({
  dialog: 'edit-expiration',
  on: [methodId],
})

/** Collects what is open; with a certain payment method, or the default one. */
export const chargeNow = (accountId: string, methodId: string): DialogAddress => ({
  dialog: 'charge-now',
  on: [accountId, methodId],
})

export const recordPayment = (accountId: string): DialogAddress => ({
  dialog: 'record-payment',
  on: [accountId],
})
