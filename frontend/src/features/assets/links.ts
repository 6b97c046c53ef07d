/** Links to the assets of an account and their dialogs. */
import { linkOptions } from '@tanstack/react-router'
import type { DialogAddress } from '@/lib/dialog'

export function assetsLink(number: string) {
  return linkOptions({ to: '/accounts/$number/assets', params: { number } })
}

export const addService = (accountId: string): DialogAddress => ({
  dialog: 'add-service',
  on: [accountId],
})

/** For the account, or for one of its services. */
export const purchaseOffer = (accountId: string, serviceId?: string): DialogAddress => ({
  dialog: 'purchase-offer',
  on: serviceId ? [accountId, serviceId] : [accountId],
})

export const checkUsage = (service: string): DialogAddress => ({
  dialog: 'check-usage',
  on: [service],
})
