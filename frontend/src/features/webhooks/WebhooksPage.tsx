/** The webhooks of partner systems. For admins. */
import { plural, t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Text } from '@mantine/core'
import { IconWebhook } from '@tabler/icons-react'
import type { WebhookNodeFragment } from '@/gql/graphql'
import { formatCount } from '@/lib/language'
import { type PageSearch, pageArguments } from '@/lib/paging'
import { AdminList } from '@/ui/AdminList'
import type { Column } from '@/ui/DataTable'
import { TextLink } from '@/ui/links'
import { When } from '@/ui/When'
import { WebhookStatusBadge } from './badges'
import { kindsLabel } from './kinds'
import { createWebhook, webhookLink } from './links'
import { WebhooksDocument } from './operations.generated'

type Webhook = WebhookNodeFragment

export function WebhooksPage({ search }: { search: PageSearch }) {
  return (
    <AdminList
      title={t`Webhooks`}
      hint={t`Partner systems that are told of events`}
      create={{ label: t`New webhook`, dialog: createWebhook }}
      query={WebhooksDocument}
      variables={pageArguments(search)}
      listOf={({ webhooks }) => webhooks}
      columns={columns}
      minWidth={820}
      countOf={(total) => plural(total, { one: '# webhook', other: '# webhooks' })}
      empty={{
        icon: <IconWebhook />,
        title: t`No webhooks yet`,
        hint: (
          <Trans>
            A webhook sends each event to the address of a partner system, signed and in order.
          </Trans>
        ),
      }}
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
