/** The users who sign in, with their roles. For admins. */
import { plural, t } from '@lingui/core/macro'
import { IconUsers } from '@tabler/icons-react'
import { roleLabels } from '@/lib/labels'
import { pageArguments } from '@/lib/paging'
import { AdminList } from '@/ui/AdminList'
import { choices } from '@/ui/listFilters'
import { createUser } from './links'
import { UsersDocument } from './operations.generated'
import { type UsersSearch, userStatusLabels } from './search'
import { userColumns } from './userColumns'

const filters = [
  choices('status', t`Status`, userStatusLabels),
  choices('role', t`Role`, roleLabels),
]

export function UsersPage({ search }: { search: UsersSearch }) {
  const filter = { status: search.status, role: search.role }
  return (
    <AdminList
      title={t`Users`}
      hint={t`Who may sign in, and what they may do`}
      list="users"
      toolsLabel={t`Filter users`}
      search={search}
      filters={filters}
      create={{ label: t`New user`, dialog: createUser }}
      exported={{ list: 'users', filter }}
      query={UsersDocument}
      variables={{ ...filter, ...pageArguments(search) }}
      pageOf={({ users }) => users}
      columns={userColumns}
      minWidth={820}
      count={(total) => plural(total, { one: '# user', other: '# users' })}
      empty={{
        icon: <IconUsers />,
        title: t`No users yet`,
        hint: t`A user signs in with an e-mail address and a password.`,
      }}
      noMatch={{ title: t`No user matches` }}
    />
  )
}
