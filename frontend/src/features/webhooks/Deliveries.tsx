/** The deliveries of a webhook: what was sent, what was answered, and when the next try follows. */
import { plural, t } from '@lingui/core/macro'
import { Box, Button, Text, VisuallyHidden } from '@mantine/core'
import type { DeliveryNodeFragment, WebhookPageQuery } from '@/gql/graphql'
import { useBusiness } from '@/lib/business'
import { eventTitle } from '@/lib/eventTitle'
import { eventKindLabels } from '@/lib/labels'
import { withLineBreaks } from '@/lib/lineBreaks'
import { notify, notifyOfProblem } from '@/lib/notify'
import { serverMessage } from '@/lib/serverMessage'
import { useAction } from '@/lib/useAction'
import { AccountLink } from '@/ui/AccountLink'
import type { Column } from '@/ui/DataTable'
import { ListRows } from '@/ui/ListTable'
import { ClearFilters, isNarrowed, ListTools } from '@/ui/ListTools'
import { choices } from '@/ui/listFilters'
import { Panel } from '@/ui/Panel'
import { EmptyMessage } from '@/ui/States'
import { When } from '@/ui/When'
import { DeliveryStatusBadge } from './badges'
import { RedeliverWebhookDocument } from './operations.generated'
import { type DeliveriesSearch, deliveryStatusLabels } from './search'

export type WebhookRead = Extract<NonNullable<WebhookPageQuery['node']>, { __typename: 'Webhook' }>
type Delivery = DeliveryNodeFragment

interface DeliveriesProps {
  webhook: WebhookRead
  search: DeliveriesSearch
}

const filters = [choices('status', t`Status`, deliveryStatusLabels)]

export function Deliveries({ webhook, search }: DeliveriesProps) {
  const columns = webhook.status === 'ACTIVE' ? [...facts, again] : facts
  const some = isNarrowed(filters, search)
  return (
    <Box mt="lg">
      <Panel title={t`Deliveries`} hint={t`Of the last 30 days`}>
        <Box px="md" pt="sm">
          <ListTools
            label={t`Filter deliveries`}
            list="deliveries"
            search={search}
            filters={filters}
            columns={columns}
            hasViews={false}
          />
        </Box>
        <ListRows
          label={t`Deliveries`}
          list="deliveries"
          page={webhook.deliveries}
          columns={columns}
          minWidth={980}
          count={(total) => plural(total, { one: '# delivery', other: '# deliveries' })}
          empty={
            <EmptyMessage
              title={some ? t`No delivery has this status` : t`Nothing was sent yet`}
              hint={t`Events that happen from now on are delivered in order for each account.`}
              action={some && <ClearFilters filters={filters} size="xs" />}
            />
          }
        />
      </Panel>
    </Box>
  )
}

const facts: Column<Delivery>[] = [
  {
    id: 'event',
    header: t`Event`,
    isText: true,
    cell: ({ row }) => <Event delivery={row.original} />,
  },
  {
    id: 'account',
    header: t`Account`,
    cell: ({ row }) => <AccountLink account={row.original.event.account} />,
  },
  {
    id: 'status',
    header: t`Status`,
    stacked: 'aside',
    cell: ({ row }) => <DeliveryStatusBadge status={row.original.status} />,
  },
  { id: 'answer', header: t`Last answer`, cell: ({ row }) => <Answer delivery={row.original} /> },
  { id: 'attempts', header: t`Attempts`, cell: ({ row }) => row.original.attempts },
  {
    id: 'last',
    header: t`Last attempt`,
    cell: ({ row: { original } }) =>
      original.lastAttemptAt ? <When at={original.lastAttemptAt} /> : '–',
  },
  {
    id: 'next',
    header: t`Next attempt`,
    cell: ({ row }) => <NextAttempt delivery={row.original} />,
  },
]

const again: Column<Delivery> = {
  id: 'again',
  header: () => <VisuallyHidden>{t`Actions`}</VisuallyHidden>,
  isPinned: true,
  cell: ({ row }) => <SendAgain delivery={row.original} />,
}

function Event({ delivery: { event } }: { delivery: Delivery }) {
  const { timeZone } = useBusiness()
  return (
    <>
      <Text size="sm">{withLineBreaks(eventTitle(event, timeZone))}</Text>
      <Text size="xs" c="dimmed">
        {eventKindLabels[event.kind]}
      </Text>
    </>
  )
}

function Answer({ delivery }: { delivery: Delivery }) {
  if (!delivery.error) return delivery.responseStatus ?? '–'
  return (
    <Text size="xs" c="var(--mantine-color-error)" maw={280} style={{ overflowWrap: 'anywhere' }}>
      {serverMessage(delivery.error)}
    </Text>
  )
}

/** Events of an account are sent in order: the next one follows when the one before it is done. */
function NextAttempt({ delivery: { nextAttemptAt, status } }: { delivery: Delivery }) {
  if (nextAttemptAt) return <When at={nextAttemptAt} />
  return status === 'PENDING' ? t`After the event before it` : '–'
}

function SendAgain({ delivery }: { delivery: Delivery }) {
  const { timeZone } = useBusiness()
  const redeliver = useAction(RedeliverWebhookDocument, (data) => data.redeliverWebhook)
  const description = eventTitle(delivery.event, timeZone)
  const isPending = delivery.status === 'PENDING'

  async function send() {
    if (await redeliver.run({ id: delivery.id })) notify(t`Sent again within a second.`)
    else notifyOfProblem(t`The event was not sent again. Try again.`)
  }

  return (
    <Button
      size="compact-sm"
      mih={26}
      variant="default"
      loading={redeliver.busy}
      aria-label={isPending ? t`Send now: ${description}` : t`Send again: ${description}`}
      onClick={() => void send()}
    >
      {isPending ? t`Send now` : t`Send again`}
    </Button>
  )
}
