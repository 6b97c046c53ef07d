import type { DialogAddress } from '@/lib/dialog'

export const addService = (accountId: string): DialogAddress => ({
  dialog: 'add-service',
  on: [accountId],
})

/** For the account, or for one of its services. */
export const purchaseOffer = (accountId: string, serviceId?: string): DialogAddress => ({
  dialog: 'purchase-offer',
  on: serviceId ? [accountId, serviceId] : [accountId],
})
