/** The list of accounts with search, filters and sort order, which are kept in the URL. */
import { plural, t } from '@lingui/core/macro'
import { Button, Group, Text } from '@mantine/core'
import { IconPlus, IconUserSearch } from '@tabler/icons-react'
import { lazy, type ReactNode, Suspense } from 'react'
import { useQuery } from 'urql'
import type { AccountRefFragment } from '@/gql/graphql'
import { useMay } from '@/lib/business'
import { useOpenDialog } from '@/lib/dialog'
import { causeLabels, rankLabels, statusLabels } from '@/lib/labels'
import { pageArguments } from '@/lib/paging'
import { AccountLink } from '@/ui/AccountLink'
import { ListTable } from '@/ui/ListTable'
import { ClearFilters, isNarrowed, ListTools } from '@/ui/ListTools'
import { choices, condition, given, type ListFilter, words } from '@/ui/listFilters'
import { PageHeader } from '@/ui/PageHeader'
import { EmptyMessage } from '@/ui/States'
import { accountAmounts, accountColumns } from './accountColumns'
import { createAccount } from './links'
import { AccountBelowDocument, AccountsDocument } from './operations.generated'
import { type AccountsSearch, accountFilter, sortLabels } from './search'
import { useSelectedAccounts } from './useSelectedAccounts'

const SelectionBar = lazy(() => import('./SelectionBar'))

const filters = [
  words('q', t`Search accounts`, t`Number, name, e-mail, phone or login`),
  choices('status', t`Status`, statusLabels),
  choices('rank', t`Rank`, rankLabels),
  choices('heldBy', t`Reason`, causeLabels),
  condition('overdue', t`Overdue`),
]

export function AccountsPage({ search }: { search: AccountsSearch }) {
  const open = useOpenDialog()
  const mayChange = useMay('AGENT')
  const below = useBelow(search.below)
  const filter = accountFilter(search, below?.id)
  const [result, refetch] = useQuery({
    query: AccountsDocument,
    variables: { filter, sort: search.sort, ...pageArguments(search) },
    pause: search.below !== undefined && !below,
  })
  const selected = useSelectedAccounts(result.data?.accounts.nodes ?? [], filter)
  const total = result.data?.accounts.totalCount ?? 0
  const create = mayChange && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => open(createAccount)}>
      {t`New account`}
    </Button>
  )
  const all = [...filters, given('below', t`Below`, below && <Below account={below} />)]
  return (
    <>
      <PageHeader title={t`Accounts`} actions={create} />
      <ListTools
        label={t`Filter accounts`}
        list="accounts"
        search={search}
        filters={all}
        sorts={sortLabels}
        columns={accountColumns}
        exported={{ list: 'accounts', filter, sort: search.sort }}
      />
      <ListTable
        label={t`Accounts`}
        list="accounts"
        result={result}
        refetch={refetch}
        pageOf={({ accounts }) => accounts}
        columns={accountColumns}
        minWidth={860}
        oneLine
        amounts={accountAmounts}
        toolbar={
          (selected.isAll || selected.numbers.length > 0) && (
            <Suspense>
              <SelectionBar selected={selected} filter={filter} total={total} />
            </Suspense>
          )
        }
        selected={selected.onPage}
        onSelect={mayChange ? selected.select : undefined}
        nameOf={(account) => account.name}
        count={(all) => plural(all, { one: '# account', other: '# accounts' })}
        empty={<NoAccounts filters={all} search={search} create={create} />}
      />
    </>
  )
}

function Below({ account }: { account: AccountRefFragment }) {
  return (
    <Group gap="xs" px="xs" wrap="nowrap">
      <Text size="sm">{t`Below`}</Text>
      <AccountLink account={account} />
    </Group>
  )
}

interface NoAccountsProps {
  filters: ListFilter[]
  search: AccountsSearch
  create: ReactNode
}

function NoAccounts({ filters, search, create }: NoAccountsProps) {
  if (!isNarrowed(filters, search)) {
    return (
      <EmptyMessage
        title={t`No accounts yet`}
        hint={t`Create the first one, or import a file with tenure import.`}
        action={create}
      />
    )
  }
  return (
    <EmptyMessage
      icon={<IconUserSearch />}
      title={t`No account matches`}
      hint={t`Try a name, an e-mail address or the full number.`}
      action={<ClearFilters filters={filters} />}
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
