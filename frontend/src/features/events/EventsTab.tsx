/** What happened to an account and what is promised, newest first. */
import { plural, t } from '@lingui/core/macro'
import { Button, CloseButton, Group, Paper, Text } from '@mantine/core'
import { useQuery } from 'urql'
import type { EventsQuery } from '@/gql/graphql'
import { eventKindLabels } from '@/lib/labels'
import { listCount, pageArguments } from '@/lib/paging'
import { useChangeSearch } from '@/lib/useChangeSearch'
import { FilterSelect } from '@/ui/FilterSelect'
import { Pager } from '@/ui/Pager'
import { EmptyMessage, PageRows, QueryResult } from '@/ui/States'
import { EventTimeline } from './EventTimeline'
import { EventsDocument, ServiceNameDocument } from './operations.generated'
import { ScheduledEntries } from './ScheduledEntries'
import { type EventsSearch, showsScheduled } from './search'
import { useEntryPage } from './useEntryPage'

type Placed = NonNullable<EventsQuery['account']>

/** Many, so that a change and its effects are rarely on two pages. */
const eventsPerPage = 100

export function EventsTab({ number, search }: { number: string; search: EventsSearch }) {
  const changeSearch = useChangeSearch<EventsSearch>()
  const change = (changed: EventsSearch) =>
    changeSearch({ after: undefined, before: undefined, entry: undefined, ...changed })
  const [result, refetch] = useQuery({
    query: EventsDocument,
    variables: {
      number,
      filter: { kind: search.kind, service: search.service },
      ...pageArguments(search, eventsPerPage),
    },
  })
  const shown = result.data?.account
  useEntryPage({
    number,
    search,
    shown: shown && !result.fetching && !result.stale ? idsOf(shown) : null,
  })
  return (
    <>
      <Group gap="xs" mb="sm">
        <FilterSelect
          label={t`Kind`}
          labels={eventKindLabels}
          selected={search.kind}
          onSelect={(kind) => change({ kind })}
        />
        {search.service && (
          <OfService id={search.service} onClear={() => change({ service: undefined })} />
        )}
      </Group>
      <Paper>
        <QueryResult
          result={result}
          retry={() => refetch({ requestPolicy: 'network-only' })}
          lines={8}
        >
          {({ account }) =>
            account && (
              <PageRows
                page={{ nodes: entriesOf(account, search), pageInfo: account.events.pageInfo }}
                empty={
                  <EmptyMessage
                    title={t`No such events`}
                    hint={t`Nothing of this kind has happened to this account.`}
                    action={
                      <Button
                        variant="default"
                        size="xs"
                        onClick={() => change({ kind: undefined, service: undefined })}
                      >
                        {t`Show all events`}
                      </Button>
                    }
                  />
                }
              >
                {showsScheduled(search) && (
                  <ScheduledEntries
                    number={number}
                    actions={account.scheduled.nodes}
                    totalCount={account.scheduled.totalCount}
                    current={search.entry}
                  />
                )}
                <EventTimeline
                  number={number}
                  events={account.events.nodes}
                  accountId={account.id}
                  current={search.entry}
                />
                <Pager
                  page={account.events.pageInfo}
                  count={listCount(
                    account.events.totalCount,
                    plural(account.events.totalCount, { one: '# event', other: '# events' }),
                  )}
                />
              </PageRows>
            )
          }
        </QueryResult>
      </Paper>
    </>
  )
}

function idsOf({ scheduled, events }: Placed): string[] {
  return [...scheduled.nodes, ...events.nodes].map(({ id }) => id)
}

function entriesOf({ scheduled, events }: Placed, search: EventsSearch): { id: string }[] {
  return [...(showsScheduled(search) ? scheduled.nodes : []), ...events.nodes]
}

function OfService({ id, onClear }: { id: string; onClear: () => void }) {
  const [{ data }] = useQuery({ query: ServiceNameDocument, variables: { id } })
  const name = data?.node?.__typename === 'Service' ? data.node.name : null
  return (
    <Group gap={4}>
      <Text size="sm">{name ? t`Of ${name}` : t`Of one service`}</Text>
      <CloseButton aria-label={t`Show the events of every service`} onClick={onClear} />
    </Group>
  )
}
