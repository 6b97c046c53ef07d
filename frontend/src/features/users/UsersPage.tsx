/** The users who sign in, with their roles. For admins. */
import { plural, t } from '@lingui/core/macro'
import { Button, Group, Paper } from '@mantine/core'
import { IconPlus, IconUsers } from '@tabler/icons-react'
import { useQuery } from 'urql'
import { useMay } from '@/lib/business'
import { useOpenDialog } from '@/lib/dialog'
import { pageArguments } from '@/lib/paging'
import { useChangeSearch } from '@/lib/useChangeSearch'
import { AdminsOnly } from '@/ui/AdminsOnly'
import { DataTable } from '@/ui/DataTable'
import { FilterSelect } from '@/ui/FilterSelect'
import { PageHeader } from '@/ui/PageHeader'
import { Pager } from '@/ui/Pager'
import { EmptyMessage, QueryResult } from '@/ui/States'
import { createUser } from './links'
import { UsersDocument } from './operations.generated'
import { type UsersSearch, userStatusLabels } from './search'
import { userColumns } from './userColumns'

export function UsersPage({ search }: { search: UsersSearch }) {
  return (
    <AdminsOnly title={t`Users`}>
      <Users search={search} />
    </AdminsOnly>
  )
}

function Users({ search }: { search: UsersSearch }) {
  const change = useChangeSearch<UsersSearch>()
  const open = useOpenDialog()
  const [result, refetch] = useQuery({
    query: UsersDocument,
    variables: { status: search.status, ...pageArguments(search) },
    pause: !useMay('ADMIN'),
  })
  return (
    <>
      <PageHeader
        title={t`Users`}
        hint={t`Who may sign in, and what they may do`}
        actions={
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => open(createUser)}>
            {t`New user`}
          </Button>
        }
      />
      <Group gap="xs" mb="sm">
        <FilterSelect
          label={t`Status`}
          labels={userStatusLabels}
          selected={search.status}
          onSelect={(status) => change({ status, after: undefined, before: undefined })}
        />
      </Group>
      <Paper>
        <QueryResult
          result={result}
          retry={() => refetch({ requestPolicy: 'network-only' })}
          lines={8}
        >
          {({ users }) =>
            users.nodes.length > 0 ? (
              <>
                <DataTable
                  label={t`Users`}
                  columns={userColumns}
                  rows={users.nodes}
                  minWidth={820}
                />
                <Pager
                  page={users.pageInfo}
                  count={plural(users.totalCount, { one: '# user', other: '# users' })}
                />
              </>
            ) : (
              <EmptyMessage
                icon={<IconUsers />}
                title={t`No user matches`}
                hint={t`Choose another status.`}
                action={
                  <Button variant="default" onClick={() => change({ status: undefined })}>
                    {t`Clear filter`}
                  </Button>
                }
              />
            )
          }
        </QueryResult>
      </Paper>
    </>
  )
}
