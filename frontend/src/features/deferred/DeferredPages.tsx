/** The deferred actions of all accounts, and of one account. */
import { t } from '@lingui/core/macro'
import { Paper } from '@mantine/core'
import { IconCalendarEvent, IconCalendarMonth } from '@tabler/icons-react'
import { useQuery } from 'urql'
import { useBusiness } from '@/lib/business'
import { pageArguments } from '@/lib/paging'
import { ClearFilters, isNarrowed, ListTools } from '@/ui/ListTools'
import { ButtonLink } from '@/ui/links'
import { PageHeader } from '@/ui/PageHeader'
import { EmptyMessage, QueryResult } from '@/ui/States'
import { columnsFor } from './columns'
import { DeferredList } from './DeferredList'
import { deferredFilters } from './filters'
import { calendarLink } from './links'
import { AccountDeferredActionsDocument, DeferredActionsDocument } from './operations.generated'
import { type DeferredSearch, deferredFilter, deferredSorts } from './search'

export function DeferredPage({ search }: { search: DeferredSearch }) {
  const { timeZone } = useBusiness()
  const filter = deferredFilter(search, timeZone)
  const [result, refetch] = useQuery({
    query: DeferredActionsDocument,
    variables: { filter, sort: search.sort, ...pageArguments(search) },
  })
  return (
    <>
      <PageHeader
        title={t`Deferred actions`}
        hint={t`Changes scheduled for a later date`}
        actions={
          <ButtonLink
            {...calendarLink({ kind: search.kind, status: search.status })}
            variant="default"
            leftSection={<IconCalendarMonth size={16} aria-hidden />}
          >
            {t`Calendar`}
          </ButtonLink>
        }
      />
      <ListTools
        label={t`Filter deferred actions`}
        list="deferred"
        search={search}
        filters={deferredFilters}
        sorts={deferredSorts}
        columns={columnsFor({ ofOneAccount: false, may: false })}
        exported={{ list: 'deferred-actions', filter, sort: search.sort }}
      />
      <Paper>
        <QueryResult
          result={result}
          retry={() => refetch({ requestPolicy: 'network-only' })}
          lines={10}
        >
          {(data) => (
            <DeferredList actions={data.deferredActions} nothing={<NoActions search={search} />} />
          )}
        </QueryResult>
      </Paper>
    </>
  )
}

export function DeferredTab({ number, search }: { number: string; search: DeferredSearch }) {
  const { timeZone } = useBusiness()
  const filter = deferredFilter(search, timeZone)
  const [result, refetch] = useQuery({
    query: AccountDeferredActionsDocument,
    variables: { number, filter, sort: search.sort, ...pageArguments(search) },
  })
  return (
    <>
      <ListTools
        label={t`Filter deferred actions`}
        list="deferred"
        search={search}
        filters={deferredFilters}
        sorts={deferredSorts}
        columns={columnsFor({ ofOneAccount: true, may: false })}
        hasViews={false}
        exported={{
          list: 'deferred-actions',
          filter: { ...filter, account: `account:${number}` },
          sort: search.sort,
        }}
      />
      <Paper>
        <QueryResult result={result} retry={() => refetch({ requestPolicy: 'network-only' })}>
          {({ account }) =>
            account && (
              <DeferredList
                actions={account.deferredActions}
                nothing={<NoActions search={search} ofOneAccount />}
                ofOneAccount
              />
            )
          }
        </QueryResult>
      </Paper>
    </>
  )
}

interface NoActionsProps {
  search: DeferredSearch
  ofOneAccount?: boolean
}

function NoActions({ search, ofOneAccount = false }: NoActionsProps) {
  const some = isNarrowed(deferredFilters, search)
  const none = ofOneAccount ? t`No deferred actions for this account` : t`No deferred actions yet`
  return (
    <EmptyMessage
      icon={<IconCalendarEvent />}
      title={some ? t`No deferred action matches` : none}
      hint={t`Choose a date instead of Now when you change a status or a hierarchy.`}
      action={some && <ClearFilters filters={deferredFilters} size="xs" />}
    />
  )
}
