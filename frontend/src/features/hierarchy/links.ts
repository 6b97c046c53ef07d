import type { DialogAddress } from '@/lib/dialog'

export const changeHierarchy = (accountId: string): DialogAddress => ({
  dialog: 'change-hierarchy',
  on: [accountId],
})
