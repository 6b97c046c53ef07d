/** The list of accounts with search, filters and sort order, which are kept in the URL. */
import { plural, t } from '@lingui/core/macro'
import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { lazy, Suspense, useState } from 'react'
import { useQuery } from 'urql'
import type { AccountRefFragment, AccountRowFragment } from '@/gql/graphql'
import { useMay } from '@/lib/business'
import { useOpenDialog } from '@/lib/dialog'
import { causeLabels, rankLabels, statusLabels } from '@/lib/labels'
import { pageArguments } from '@/lib/paging'
import { ListTable } from '@/ui/ListTable'
import { ListTools } from '@/ui/ListTools'
import { choices, condition, given, words } from '@/ui/listFilters'
import { PageHeader } from '@/ui/PageHeader'
import { accountAmounts, accountColumns } from './accountColumns'
import { createAccount } from './links'
import { AccountBelowDocument, AccountsDocument } from './operations.generated'
import { type AccountsSearch, accountFilter, sortLabels } from './search'
import { useSelectedAccounts } from './useSelectedAccounts'

const BelowChip = lazy(() => import('./BelowChip'))
const BestMatches = lazy(() => import('./BestMatches'))
const NoAccounts = lazy(() => import('./NoAccounts'))
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
  const filter = accountFilter(search)
  const [result, refetch] = useQuery({
    query: AccountsDocument,
    variables: { filter, sort: search.sort, ...pageArguments(search) },
  })
  const [best, setBest] = useState<AccountRowFragment[]>([])
  const selected = useSelectedAccounts(bestFirst(best, result.data?.accounts.nodes ?? []), filter)
  const total = result.data?.accounts.totalCount ?? 0
  const create = mayChange && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => open(createAccount)}>
      {t`New account`}
    </Button>
  )
  const all = [...filters, given('below', t`Below`, below && chipOf(below))]
  return (
    <>
      <PageHeader title={t`Accounts`} actions={create} />
      <ListTools
        label={t`Filter accounts`}
        list="accounts"
        search={search}
        filters={all}
        sorts={search.q ? { BEST_MATCH: t`Best match first`, ...sortLabels } : sortLabels}
        columns={accountColumns}
        exported={{ list: 'accounts', filter, sort: search.sort }}
      />
      {showsBestFirst(search) && (
        <Suspense>
          <BestMatches search={search} onFound={setBest} />
        </Suspense>
      )}
      <ListTable
        label={t`Accounts`}
        list="accounts"
        result={result}
        refetch={refetch}
        pageOf={({ accounts }) => ({ ...accounts, nodes: bestFirst(best, accounts.nodes) })}
        columns={accountColumns}
        minWidth={860}
        oneLine
        amounts={accountAmounts}
        toolbar={
          mayChange &&
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
        empty={
          <Suspense>
            <NoAccounts filters={all} search={search} create={create} />
          </Suspense>
        }
      />
    </>
  )
}

/** On the first page of a search, without another order or a filter that the rows do not tell. */
function showsBestFirst({ q, sort, overdue, below, after, before }: AccountsSearch): boolean {
  return q !== undefined && !(sort || overdue || below || after || before)
}

/** The rows of the list, with the best ones first. */
function bestFirst(best: AccountRowFragment[], rows: AccountRowFragment[]) {
  return [...best, ...rows.filter(({ id }) => !best.some((each) => each.id === id))]
}

function chipOf(account: AccountRefFragment) {
  return (
    <Suspense>
      <BelowChip account={account} />
    </Suspense>
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
