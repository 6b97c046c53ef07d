/** The statuses of webhooks and deliveries. */
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleX,
  IconClock,
  IconPlayerPause,
  type IconProps,
} from '@tabler/icons-react'
import type { ComponentType } from 'react'
import type { WebhookDeliveryStatus, WebhookStatus } from '@/gql/graphql'
import { type Tone, ToneBadge } from '@/ui/Badges'
import { deliveryStatusLabels, webhookStatusLabels } from './search'

type Style = [Tone, ComponentType<IconProps>]

const webhookStyles: Record<WebhookStatus, Style> = {
  ACTIVE: ['good', IconCircleCheck],
  PAUSED: ['waiting', IconPlayerPause],
  FAILING: ['bad', IconAlertTriangle],
}

export function WebhookStatusBadge({ status }: { status: WebhookStatus }) {
  const [tone, sign] = webhookStyles[status]
  return <ToneBadge tone={tone} sign={sign} word={webhookStatusLabels[status]} />
}

const deliveryStyles: Record<WebhookDeliveryStatus, Style> = {
  PENDING: ['busy', IconClock],
  DELIVERED: ['good', IconCircleCheck],
  FAILED: ['bad', IconCircleX],
}

export function DeliveryStatusBadge({ status }: { status: WebhookDeliveryStatus }) {
  const [tone, sign] = deliveryStyles[status]
  return <ToneBadge tone={tone} sign={sign} word={deliveryStatusLabels[status]} />
}
