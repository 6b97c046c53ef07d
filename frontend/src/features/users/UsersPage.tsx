/** The users who sign in, with their roles. For admins. */
import { plural, t } from '@lingui/core/macro'
import { Button } from '@mantine/core'
import { IconUsers } from '@tabler/icons-react'
import { pageArguments } from '@/lib/paging'
import { useChangeSearch } from '@/lib/useChangeSearch'
import { AdminList } from '@/ui/AdminList'
import { FilterSelect } from '@/ui/FilterSelect'
import { createUser } from './links'
import { UsersDocument } from './operations.generated'
import { type UsersSearch, userStatusLabels } from './search'
import { userColumns } from './userColumns'

export function UsersPage({ search }: { search: UsersSearch }) {
  const change = useChangeSearch<UsersSearch>()
  return (
    <AdminList
      title={t`Users`}
      hint={t`Who may sign in, and what they may do`}
      create={{ label: t`New user`, dialog: createUser }}
      query={UsersDocument}
      variables={{ status: search.status, ...pageArguments(search) }}
      listOf={({ users }) => users}
      columns={userColumns}
      minWidth={820}
      countOf={(total) => plural(total, { one: '# user', other: '# users' })}
      filters={
        <FilterSelect
          label={t`Status`}
          labels={userStatusLabels}
          selected={search.status}
          onSelect={(status) => change({ status, after: undefined, before: undefined })}
        />
      }
      empty={{
        icon: <IconUsers />,
        title: t`No user matches`,
        hint: t`Choose another status.`,
        action: (
          <Button variant="default" onClick={() => change({ status: undefined })}>
            {t`Clear filter`}
          </Button>
        ),
      }}
    />
  )
}
