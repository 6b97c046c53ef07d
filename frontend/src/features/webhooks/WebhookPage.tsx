/** One webhook: its status and its deliveries with attempts and answers. For admins. */
import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { IconWebhook } from '@tabler/icons-react'
import { useQuery } from 'urql'
import { useMay } from '@/lib/business'
import { formatCount } from '@/lib/language'
import { pageArguments } from '@/lib/paging'
import { useRefresh } from '@/lib/useRefresh'
import { AdminsOnly } from '@/ui/AdminsOnly'
import { Breadcrumb } from '@/ui/Breadcrumb'
import { Fact, Facts } from '@/ui/Facts'
import { ButtonLink, TextLink } from '@/ui/links'
import { PageHeader } from '@/ui/PageHeader'
import { NoSuchScreen, QueryResult } from '@/ui/States'
import { Warning } from '@/ui/Warning'
import { When } from '@/ui/When'
import { WebhookStatusBadge } from './badges'
import { Deliveries, type WebhookRead } from './Deliveries'
import { kindsLabel } from './kinds'
import { webhooksLink } from './links'
import { WebhookPageDocument } from './operations.generated'
import type { DeliveriesSearch } from './search'
import { WebhookActions } from './WebhookActions'

/** Deliveries are recorded about a second after their events. */
const refreshSeconds = 5

interface WebhookPageProps {
  id: string
  search: DeliveriesSearch
}

export function WebhookPage(props: WebhookPageProps) {
  return (
    <AdminsOnly title={t`Webhooks`}>
      <LoadedWebhook {...props} />
    </AdminsOnly>
  )
}

function LoadedWebhook({ id, search }: WebhookPageProps) {
  const [result, refetch] = useQuery({
    query: WebhookPageDocument,
    variables: { id, status: search.status, ...pageArguments(search) },
    pause: !useMay('ADMIN'),
  })
  const refetchNow = () => refetch({ requestPolicy: 'network-only' })
  useRefresh(refetchNow, refreshSeconds)
  return (
    <QueryResult result={result} retry={refetchNow} lines={8}>
      {({ node }) =>
        node?.__typename === 'Webhook' && !node.deletedAt ? (
          <Webhook webhook={node} search={search} />
        ) : (
          <NoSuchWebhook />
        )
      }
    </QueryResult>
  )
}

function Webhook({ webhook, search }: { webhook: WebhookRead; search: DeliveriesSearch }) {
  return (
    <>
      <Breadcrumb here={webhook.url}>
        <TextLink {...webhooksLink}>{t`Webhooks`}</TextLink>
      </Breadcrumb>
      <PageHeader
        title={webhook.url}
        hint={webhook.description ?? undefined}
        actions={<WebhookActions webhook={webhook} />}
      />
      {webhook.status === 'FAILING' && (
        <Warning title={t`Nothing is sent`} mb="md">
          <Trans>
            The endpoint answered 410 Gone, or every attempt has failed for three days. Its events
            are kept for 30 days: repair the endpoint, then resume.
          </Trans>
        </Warning>
      )}
      <Facts>
        <Fact label={t`Status`}>
          <WebhookStatusBadge status={webhook.status} />
        </Fact>
        <Fact label={t`Events`}>{kindsLabel(webhook.eventKinds)}</Fact>
        <Fact label={t`Pending deliveries`}>{formatCount(webhook.pending.totalCount)}</Fact>
        {webhook.failingSince && (
          <Fact label={t`Failing since`}>
            <When at={webhook.failingSince} />
          </Fact>
        )}
        {webhook.retryAt && (
          <Fact label={t`Asked to wait until`}>
            <When at={webhook.retryAt} />
          </Fact>
        )}
        <Fact label={t`Created`}>
          <When at={webhook.createdAt} day />, {webhook.createdBy}
        </Fact>
      </Facts>
      <Deliveries webhook={webhook} search={search} />
    </>
  )
}

function NoSuchWebhook() {
  return (
    <NoSuchScreen
      tab={t`Webhook not found · Tenure`}
      icon={<IconWebhook />}
      title={t`This webhook doesn't exist`}
      hint={t`It may have been deleted.`}
      action={<ButtonLink {...webhooksLink}>{t`All webhooks`}</ButtonLink>}
    />
  )
}
