import type { DialogAddress } from '@/lib/dialog'

export const addBillUnit = (accountId: string): DialogAddress => ({
  dialog: 'add-bill-unit',
  on: [accountId],
})

export const changePayer = (billUnitId: string): DialogAddress => ({
  dialog: 'change-payer',
  on: [billUnitId],
})
