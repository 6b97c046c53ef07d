/** The state of the list of deliveries in the URL, and the labels of statuses. */
import { t } from '@lingui/core/macro'
import type { WebhookDeliveryStatus, WebhookStatus } from '@/gql/graphql'
import { listOf, type PageSearch, pageSearch } from '@/lib/paging'

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

export function deliveriesSearch(search: Record<string, unknown>): DeliveriesSearch {
  return { status: listOf(search.status, deliveryStatusLabels), ...pageSearch(search) }
}
