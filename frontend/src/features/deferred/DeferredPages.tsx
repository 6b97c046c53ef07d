/** The deferred actions of all accounts, and of one account. */
import { IconCalendarEvent, IconCalendarMonth } from '@tabler/icons-react'
import { useQuery } from 'urql'
import { useBusiness } from '@/lib/business'
import { pageArguments } from '@/lib/paging'
import { ButtonLink } from '@/ui/links'
import { PageHeader } from '@/ui/PageHeader'
import { EmptyMessage, QueryResult } from '@/ui/States'
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
        title="Deferred actions"
        hint="Changes scheduled for a later date"
        actions={
          <ButtonLink
            {...calendarLink({ kind: search.kind, status: search.status })}
            variant="default"
            leftSection={<IconCalendarMonth size={16} aria-hidden />}
          >
            Calendar
          </ButtonLink>
        }
      />
      <DeferredFilters search={search} />
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
              nothing={<NoActions search={search} where="for this account" />}
              ofOneAccount
            />
          )
        }
      </QueryResult>
    </>
  )
}

function NoActions({ search, where = 'yet' }: { search: DeferredSearch; where?: string }) {
  const some = isNarrowed(search)
  return (
    <EmptyMessage
      icon={<IconCalendarEvent />}
      title={some ? 'No deferred action matches' : `No deferred actions ${where}`}
      hint="Choose a date instead of Now when you change a status or a hierarchy."
      action={some && <ClearFilters variant="default" size="xs" />}
    />
  )
}
