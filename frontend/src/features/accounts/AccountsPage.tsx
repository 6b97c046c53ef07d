/** The list of accounts with search, filters and sort order, which are kept in the URL. */
import { plural, t } from '@lingui/core/macro'
import { Button, CloseButton, Group, NativeSelect, Paper, Text } from '@mantine/core'
import { IconPlus, IconUserSearch } from '@tabler/icons-react'
import { useQuery } from 'urql'
import type { AccountSort } from '@/gql/graphql'
import { useMay } from '@/lib/business'
import { useOpenDialog } from '@/lib/dialog'
import { causeLabels, optionsOf, rankLabels, statusLabels } from '@/lib/labels'
import { pageArguments } from '@/lib/paging'
import { useChangeSearch } from '@/lib/useChangeSearch'
import { AccountLink } from '@/ui/AccountLink'
import { ColumnsMenu } from '@/ui/ColumnsMenu'
import { ExportLink } from '@/ui/ExportLink'
import { FilterSelect } from '@/ui/FilterSelect'
import { PageHeader } from '@/ui/PageHeader'
import { Pager } from '@/ui/Pager'
import { SearchField } from '@/ui/SearchField'
import { EmptyMessage, QueryResult } from '@/ui/States'
import { ViewsMenu } from '@/ui/ViewsMenu'
import { AccountsTable, accountColumns } from './AccountsTable'
import { createAccount } from './links'
import { AccountBelowDocument, AccountsDocument } from './operations.generated'
import { SelectionBar } from './SelectionBar'
import { type AccountsSearch, accountFilter, sortLabels } from './search'
import { useSelectedAccounts } from './useSelectedAccounts'

export function AccountsPage({ search }: { search: AccountsSearch }) {
  const changeSearch = useChangeSearch<AccountsSearch>()
  const change = (changed: AccountsSearch) =>
    changeSearch({ after: undefined, before: undefined, ...changed }, { replace: 'q' in changed })
  const open = useOpenDialog()
  const mayChange = useMay('AGENT')
  const below = useBelow(search.below)
  const filter = accountFilter(search, below?.id)
  const [result, refetch] = useQuery({
    query: AccountsDocument,
    variables: {
      filter,
      sort: search.sort,
      ...pageArguments(search),
    },
    pause: search.below !== undefined && !below,
  })
  const selected = useSelectedAccounts(result.data?.accounts.nodes ?? [], filter)
  const create = mayChange && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => open(createAccount)}>
      {t`New account`}
    </Button>
  )
  return (
    <>
      <PageHeader title={t`Accounts`} actions={create} />
      <Filters search={search} change={change} below={below?.id} />
      {below && (
        <Group gap="xs" mb="sm">
          <Text size="sm">{t`Below`}</Text>
          <AccountLink account={below} />
          <CloseButton
            aria-label={t`Show accounts of every hierarchy`}
            onClick={() => change({ below: undefined })}
          />
        </Group>
      )}
      <Paper>
        <QueryResult
          result={result}
          retry={() => refetch({ requestPolicy: 'network-only' })}
          lines={10}
        >
          {({ accounts }) =>
            accounts.nodes.length === 0 ? (
              <NoAccounts search={search} change={change} create={create} />
            ) : (
              <>
                <SelectionBar selected={selected} filter={filter} total={accounts.totalCount} />
                <AccountsTable
                  accounts={accounts.nodes}
                  selected={selected.onPage}
                  onSelect={mayChange ? selected.select : undefined}
                />
                <Pager
                  page={accounts.pageInfo}
                  count={plural(accounts.totalCount, { one: '# account', other: '# accounts' })}
                />
              </>
            )
          }
        </QueryResult>
      </Paper>
    </>
  )
}

type Change = (change: Partial<AccountsSearch>) => void

interface FiltersProps {
  search: AccountsSearch
  change: Change
  below: string | undefined
}

function Filters({ search, change, below }: FiltersProps) {
  return (
    <Group gap="xs" mb="sm" role="search">
      <SearchField
        aria-label={t`Search accounts`}
        placeholder={t`Number, name, e-mail, phone or login`}
        value={search.q ?? ''}
        onSearch={(q) => change({ q })}
        flex="1 1 260px"
      />
      <FilterSelect
        label={t`Status`}
        labels={statusLabels}
        selected={search.status}
        onSelect={(status) => change({ status })}
      />
      <FilterSelect
        label={t`Rank`}
        labels={rankLabels}
        selected={search.rank}
        onSelect={(rank) => change({ rank })}
      />
      <FilterSelect
        label={t`Reason`}
        labels={causeLabels}
        selected={search.heldBy}
        onSelect={(heldBy) => change({ heldBy })}
      />
      <Button
        variant={search.overdue ? 'light' : 'default'}
        aria-pressed={search.overdue ?? false}
        fw={search.overdue ? 600 : 400}
        onClick={() => change({ overdue: search.overdue ? undefined : true })}
      >
        {t`Overdue`}
      </Button>
      <NativeSelect
        aria-label={t`Sort`}
        data={optionsOf(sortLabels)}
        value={search.sort ?? 'CREATED_DESC'}
        onChange={(event) => {
          const sort = event.currentTarget.value as AccountSort
          change({ sort: sort === 'CREATED_DESC' ? undefined : sort })
        }}
      />
      <ViewsMenu list="accounts" />
      <ColumnsMenu list="accounts" columns={accountColumns} />
      <ExportLink list="accounts" filter={accountFilter(search, below)} sort={search.sort} />
    </Group>
  )
}

function NoAccounts({
  search,
  change,
  create,
}: {
  search: AccountsSearch
  change: Change
  create: React.ReactNode
}) {
  const filtered =
    search.q || search.status || search.rank || search.heldBy || search.overdue || search.below
  if (!filtered) {
    return (
      <EmptyMessage
        title={t`No accounts yet`}
        hint={t`Create the first one, or import a file with tenure import.`}
        action={create}
      />
    )
  }
  const clear = {
    q: undefined,
    status: undefined,
    rank: undefined,
    heldBy: undefined,
    overdue: undefined,
    below: undefined,
  }
  return (
    <EmptyMessage
      icon={<IconUserSearch />}
      title={t`No account matches`}
      hint={t`Try a name, an e-mail address or the full number.`}
      action={
        <Button variant="default" onClick={() => change(clear)}>
          {t`Clear search and filters`}
        </Button>
      }
    />
  )
}

function useBelow(number: string | undefined) {
  const [{ data }] = useQuery({
    query: AccountBelowDocument,
    variables: { number: number ?? '' },
    pause: !number,
  })
  return number ? data?.account : undefined
}
