/** Links to the hierarchy of an account and its dialog. */
import { linkOptions } from '@tanstack/react-router'
import type { DialogAddress } from '@/lib/dialog'

export function hierarchyLink(number: string) {
  return linkOptions({ to: '/accounts/$number/hierarchy', params: { number } })
}

export const changeHierarchy = (accountId: string): DialogAddress => ({
  dialog: 'change-hierarchy',
  on: [accountId],
})
