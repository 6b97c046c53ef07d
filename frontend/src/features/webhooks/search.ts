/** The state of the lists of webhooks and deliveries in the URL, and the labels of statuses. */
import { t } from '@lingui/core/macro'
import type { WebhookDeliveryStatus, WebhookStatus } from '@/gql/graphql'
import { listOf, type PageSearch, pageSearch } from '@/lib/paging'

export interface WebhooksSearch extends PageSearch {
  status?: WebhookStatus[]
}

export interface DeliveriesSearch extends PageSearch {
  status?: WebhookDeliveryStatus[]
}

export const webhookStatusLabels: Record<WebhookStatus, string> = {
  ACTIVE: t`Active`,
  PAUSED: t`Paused`,
  FAILING: t`Failing`,
}

export const deliveryStatusLabels: Record<WebhookDeliveryStatus, string> = {
  PENDING: t`Pending`,
  DELIVERED: t`Delivered`,
  FAILED: t`Failed`,
}

export function webhooksSearch(search: Record<string, unknown>): WebhooksSearch {
  return { status: listOf(search.status, webhookStatusLabels), ...pageSearch(search) }
}

export function deliveriesSearch(search: Record<string, unknown>): DeliveriesSearch {
  return { status: listOf(search.status, deliveryStatusLabels), ...pageSearch(search) }
}
