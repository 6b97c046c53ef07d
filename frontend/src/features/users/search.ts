/** The state of the list of users in the URL. */
import { t } from '@lingui/core/macro'
import type { Role, UserStatus } from '@/gql/graphql'
import { roleLabels } from '@/lib/labels'
import { listOf, type PageSearch, pageSearch } from '@/lib/paging'

export interface UsersSearch extends PageSearch {
  status?: UserStatus[]
  role?: Role[]
}

export const userStatusLabels: Record<UserStatus, string> = {
  ACTIVE: t`Active`,
  DISABLED: t`Disabled`,
}

export function usersSearch(search: Record<string, unknown>): UsersSearch {
  return {
    status: listOf(search.status, userStatusLabels),
    role: listOf(search.role, roleLabels),
    ...pageSearch(search),
  }
}
