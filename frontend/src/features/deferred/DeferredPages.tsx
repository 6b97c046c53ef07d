/** The deferred actions of all accounts, and of one account. */
import { t } from '@lingui/core/macro'
import { IconCalendarEvent, IconCalendarMonth } from '@tabler/icons-react'
import { useQuery } from 'urql'
import { useBusiness } from '@/lib/business'
import { pageArguments } from '@/lib/paging'
import { ColumnsMenu } from '@/ui/ColumnsMenu'
import { ExportLink } from '@/ui/ExportLink'
import { ButtonLink } from '@/ui/links'
import { PageHeader } from '@/ui/PageHeader'
import { EmptyMessage, QueryResult } from '@/ui/States'
import { ViewsMenu } from '@/ui/ViewsMenu'
import { columnsFor } from './columns'
import { ClearFilters, DeferredFilters, isNarrowed } from './DeferredFilters'
import { DeferredList } from './DeferredList'
import { calendarLink } from './links'
import { AccountDeferredActionsDocument, DeferredActionsDocument } from './operations.generated'
import { type DeferredSearch, deferredFilter } from './search'

export function DeferredPage({ search }: { search: DeferredSearch }) {
  const { timeZone } = useBusiness()
  const [result, refetch] = useQuery({
    query: DeferredActionsDocument,
    variables: { filter: deferredFilter(search, timeZone), ...pageArguments(search) },
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
      <DeferredFilters search={search}>
        <ViewsMenu list="deferred" />
        <ColumnsMenu list="deferred" columns={columnsFor({ ofOneAccount: false, may: false })} />
        <ExportLink list="deferred-actions" filter={deferredFilter(search, timeZone)} />
      </DeferredFilters>
      <QueryResult
        result={result}
        retry={() => refetch({ requestPolicy: 'network-only' })}
        lines={10}
      >
        {(data) => (
          <DeferredList actions={data.deferredActions} nothing={<NoActions search={search} />} />
        )}
      </QueryResult>
    </>
  )
}

export function DeferredTab({ number, search }: { number: string; search: DeferredSearch }) {
  const { timeZone } = useBusiness()
  const [result, refetch] = useQuery({
    query: AccountDeferredActionsDocument,
    variables: { number, filter: deferredFilter(search, timeZone), ...pageArguments(search) },
  })
  return (
    <>
      <DeferredFilters search={search} />
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
    </>
  )
}

interface NoActionsProps {
  search: DeferredSearch
  ofOneAccount?: boolean
}

function NoActions({ search, ofOneAccount = false }: NoActionsProps) {
  const some = isNarrowed(search)
  const none = ofOneAccount ? t`No deferred actions for this account` : t`No deferred actions yet`
  return (
    <EmptyMessage
      icon={<IconCalendarEvent />}
      title={some ? t`No deferred action matches` : none}
      hint={t`Choose a date instead of Now when you change a status or a hierarchy.`}
      action={some && <ClearFilters variant="default" size="xs" />}
    />
  )
}
