/** The webhooks: endpoints of partner systems that are sent events. For admins. */
import { plural, t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Button, Paper, Text } from '@mantine/core'
import { IconPlus, IconWebhook } from '@tabler/icons-react'
import { useQuery } from 'urql'
import type { WebhookNodeFragment } from '@/gql/graphql'
import { useMay } from '@/lib/business'
import { useOpenDialog } from '@/lib/dialog'
import { formatCount } from '@/lib/language'
import { type PageSearch, pageArguments } from '@/lib/paging'
import { AdminsOnly } from '@/ui/AdminsOnly'
import { type Column, DataTable } from '@/ui/DataTable'
import { TextLink } from '@/ui/links'
import { PageHeader } from '@/ui/PageHeader'
import { Pager } from '@/ui/Pager'
import { EmptyMessage, QueryResult } from '@/ui/States'
import { When } from '@/ui/When'
import { WebhookStatusBadge } from './badges'
import { kindsLabel } from './kinds'
import { createWebhook, webhookLink } from './links'
import { WebhooksDocument } from './operations.generated'

type Webhook = WebhookNodeFragment

export function WebhooksPage({ search }: { search: PageSearch }) {
  return (
    <AdminsOnly title={t`Webhooks`}>
      <Webhooks search={search} />
    </AdminsOnly>
  )
}

function Webhooks({ search }: { search: PageSearch }) {
  const open = useOpenDialog()
  const [result, refetch] = useQuery({
    query: WebhooksDocument,
    variables: pageArguments(search),
    pause: !useMay('ADMIN'),
  })
  const create = (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => open(createWebhook)}>
      {t`New webhook`}
    </Button>
  )
  return (
    <>
      <PageHeader
        title={t`Webhooks`}
        hint={t`Partner systems that are told of events`}
        actions={create}
      />
      <Paper>
        <QueryResult
          result={result}
          retry={() => refetch({ requestPolicy: 'network-only' })}
          lines={6}
        >
          {({ webhooks }) =>
            webhooks.nodes.length > 0 ? (
              <>
                <DataTable
                  label={t`Webhooks`}
                  columns={columns}
                  rows={webhooks.nodes}
                  minWidth={820}
                />
                <Pager
                  page={webhooks.pageInfo}
                  count={plural(webhooks.totalCount, { one: '# webhook', other: '# webhooks' })}
                />
              </>
            ) : (
              <EmptyMessage
                icon={<IconWebhook />}
                title={t`No webhooks yet`}
                hint={
                  <Trans>
                    A webhook sends each event to the address of a partner system, signed and in
                    order.
                  </Trans>
                }
                action={create}
              />
            )
          }
        </QueryResult>
      </Paper>
    </>
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
