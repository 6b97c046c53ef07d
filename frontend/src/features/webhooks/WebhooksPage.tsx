/** The webhooks of partner systems. For admins. */
import { plural, t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Text } from '@mantine/core'
import { IconWebhook } from '@tabler/icons-react'
import type { WebhookNodeFragment } from '@/gql/graphql'
import { formatCount } from '@/lib/language'
import { pageArguments } from '@/lib/paging'
import { AdminList } from '@/ui/AdminList'
import type { Column } from '@/ui/DataTable'
import { TextLink } from '@/ui/links'
import { choices } from '@/ui/listFilters'
import { When } from '@/ui/When'
import { WebhookStatusBadge } from './badges'
import { kindsLabel } from './kinds'
import { createWebhook, webhookLink } from './links'
import { WebhooksDocument } from './operations.generated'
import { type WebhooksSearch, webhookStatusLabels } from './search'

type Webhook = WebhookNodeFragment

const filters = [choices('status', t`Status`, webhookStatusLabels)]

export function WebhooksPage({ search }: { search: WebhooksSearch }) {
  const filter = { status: search.status }
  return (
    <AdminList
      title={t`Webhooks`}
      hint={t`Partner systems that are told of events`}
      list="webhooks"
      toolsLabel={t`Filter webhooks`}
      search={search}
      filters={filters}
      create={{ label: t`New webhook`, dialog: createWebhook }}
      exported={{ list: 'webhooks', filter }}
      query={WebhooksDocument}
      variables={{ ...filter, ...pageArguments(search) }}
      pageOf={({ webhooks }) => webhooks}
      columns={columns}
      minWidth={820}
      count={(total) => plural(total, { one: '# webhook', other: '# webhooks' })}
      empty={{
        icon: <IconWebhook />,
        title: t`No webhooks yet`,
        hint: (
          <Trans>
            A webhook sends each event to the address of a partner system, signed and in order.
          </Trans>
        ),
      }}
      noMatch={{ title: t`No webhook matches` }}
    />
  )
}

const columns: Column<Webhook>[] = [
  { id: 'url', header: t`Address`, cell: ({ row }) => <Address webhook={row.original} /> },
  { id: 'status', header: t`Status`, cell: ({ row }) => <Status webhook={row.original} /> },
  { id: 'kinds', header: t`Events`, cell: ({ row }) => kindsLabel(row.original.eventKinds) },
  {
    id: 'pending',
    header: t`Pending deliveries`,
    cell: ({ row }) => formatCount(row.original.pending.totalCount),
  },
  {
    id: 'created',
    header: t`Created`,
    cell: ({ row }) => <When at={row.original.createdAt} day />,
  },
]

function Address({ webhook }: { webhook: Webhook }) {
  return (
    <>
      <TextLink {...webhookLink(webhook.id)} fw={500} style={{ overflowWrap: 'anywhere' }}>
        {webhook.url}
      </TextLink>
      {webhook.description && (
        <Text size="xs" c="dimmed">
          {webhook.description}
        </Text>
      )}
    </>
  )
}

function Status({ webhook }: { webhook: Webhook }) {
  return (
    <>
      <WebhookStatusBadge status={webhook.status} />
      {webhook.failingSince && (
        <Text size="xs" c="dimmed" mt={2}>
          <Trans>
            Failing since <When at={webhook.failingSince} />
          </Trans>
        </Text>
      )}
    </>
  )
}
