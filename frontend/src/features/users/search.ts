/** The state of the list of users in the URL. */
import { t } from '@lingui/core/macro'
import type { UserStatus } from '@/gql/graphql'
import { listOf, type PageSearch, pageSearch } from '@/lib/paging'

export interface UsersSearch extends PageSearch {
  status?: UserStatus[]
}

export const userStatusLabels: Record<UserStatus, string> = {
  ACTIVE: t`Active`,
  DISABLED: t`Disabled`,
}

export function usersSearch(search: Record<string, unknown>): UsersSearch {
  return { status: listOf(search.status, userStatusLabels), ...pageSearch(search) }
}
