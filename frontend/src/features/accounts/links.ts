/** Links to the account screens and dialogs. */
import { linkOptions } from '@tanstack/react-router'
import type { DialogAddress } from '@/lib/dialog'

export const accountsLink = linkOptions({ to: '/accounts' })

export const overdueAccountsLink = linkOptions({ to: '/accounts', search: { overdue: true } })

export function accountLink(number: string) {
  return linkOptions({ to: '/accounts/$number', params: { number } })
}

export function accountsBelowLink(number: string) {
  return linkOptions({ to: '/accounts', search: { below: number } })
}

export const createAccount: DialogAddress = { dialog: 'create-account' }

export const editAccount = (accountId: string): DialogAddress => ({
  dialog: 'edit-account',
  on: [accountId],
})
