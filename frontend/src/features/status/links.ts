/** The link to the dialog that changes the status of an account, a service or an offer. */
import type { Status } from '@/gql/graphql'
import type { DialogAddress } from '@/lib/dialog'

export const changeStatus = (id: string, to: Status): DialogAddress => ({
  dialog: 'change-status',
  on: [id],
  choice: to,
})
