/** Status badges with a colour, an icon and a label: never colour alone. */
import { t } from '@lingui/core/macro'
import { Badge, type BadgeProps, Text } from '@mantine/core'
import {
  IconAlertTriangle,
  IconBan,
  IconCircleCheck,
  IconCircleHalf2,
  IconCircleX,
  IconClock,
  IconFileInvoice,
  IconLoader,
  IconMessageQuestion,
  IconPlayerPause,
  type IconProps,
  IconSlash,
} from '@tabler/icons-react'
import type { ComponentType, ReactNode } from 'react'
import type {
  BillStateFragment,
  BillStatus,
  DeferredActionStatus,
  DisputeStatus,
  JobRunStatus,
  PaymentStatus,
  Rank,
  Status,
} from '@/gql/graphql'
import { useBusiness } from '@/lib/business'
import {
  billStatusLabels,
  deferredStatusLabels,
  disputeStatusLabels,
  jobStatusLabels,
  paymentStatusLabels,
  rankLabels,
  statusLabels,
} from '@/lib/labels'
import { formatCount } from '@/lib/language'
import { isOverdue } from '@/lib/overdue'
import classes from './Badges.module.css'

export type Tone = 'good' | 'waiting' | 'ended' | 'bad' | 'busy'
type Sign = ComponentType<IconProps>

interface ToneBadgeProps extends BadgeProps {
  tone: Tone
  sign: Sign
  word: string
}

export function ToneBadge({ tone, sign: SignIcon, word, ...rest }: ToneBadgeProps) {
  return (
    <Badge
      tt="none"
      fw={600}
      data-tone={tone}
      leftSection={<SignIcon size={13} stroke={2.4} color={`var(--tenure-${tone})`} aria-hidden />}
      {...rest}
      className={[classes.badge, rest.className].filter(Boolean).join(' ')}
    >
      {word}
    </Badge>
  )
}

const statusStyles: Record<Status, [Tone, Sign]> = {
  ACTIVE: ['good', IconCircleCheck],
  INACTIVE: ['waiting', IconPlayerPause],
  CLOSED: ['ended', IconBan],
}

export function StatusBadge({ status, ...rest }: { status: Status } & BadgeProps) {
  const [tone, sign] = statusStyles[status]
  return <ToneBadge tone={tone} sign={sign} word={statusLabels[status]} {...rest} />
}

const deferredStyles: Record<DeferredActionStatus, [Tone, Sign]> = {
  PENDING: ['busy', IconClock],
  DONE: ['good', IconCircleCheck],
  FAILED: ['bad', IconCircleX],
  NOT_APPLICABLE: ['ended', IconSlash],
  CANCELLED: ['ended', IconBan],
}

export function DeferredStatusBadge({ status }: { status: DeferredActionStatus }) {
  const [tone, sign] = deferredStyles[status]
  return <ToneBadge tone={tone} sign={sign} word={deferredStatusLabels[status]} />
}

/** A count with the sign of what it counts, without a badge. */
export function ToneCount({
  tone,
  sign: CountSign,
  children,
}: {
  tone: Tone
  sign: Sign
  children: ReactNode
}) {
  return (
    <Text span className={classes.count}>
      <CountSign size={13} stroke={2.4} color={`var(--tenure-${tone})`} aria-hidden />
      {children}
    </Text>
  )
}

/** The count of one status, without a badge. */
export function DeferredCount({
  status,
  count,
  named = false,
}: {
  status: DeferredActionStatus
  count: number
  named?: boolean
}) {
  const [tone, sign] = deferredStyles[status]
  return (
    <ToneCount tone={tone} sign={sign}>
      {formatCount(count)}
      {named && ` ${deferredStatusLabels[status].toLowerCase()}`}
    </ToneCount>
  )
}

const jobStyles: Record<JobRunStatus, [Tone, Sign]> = {
  QUEUED: ['busy', IconClock],
  RUNNING: ['busy', IconLoader],
  DONE: ['good', IconCircleCheck],
  DONE_WITH_FAILURES: ['waiting', IconAlertTriangle],
  FAILED: ['bad', IconCircleX],
  CANCELLED: ['ended', IconBan],
}

export function JobStatusBadge({ status }: { status: JobRunStatus }) {
  const [tone, sign] = jobStyles[status]
  return <ToneBadge tone={tone} sign={sign} word={jobStatusLabels[status]} />
}

const billStyles: Record<BillStatus, [Tone, Sign]> = {
  PENDING: ['busy', IconClock],
  OPEN: ['waiting', IconFileInvoice],
  PAID: ['good', IconCircleCheck],
}

/** Shows Overdue for an open bill past its due date. */
export function BillStatusBadge({ bill, ...rest }: { bill: BillStateFragment } & BadgeProps) {
  const { clock } = useBusiness()
  const overdue = isOverdue(bill, clock.today)
  const [tone, sign]: [Tone, Sign] = overdue ? ['bad', IconAlertTriangle] : billStyles[bill.status]
  return (
    <ToneBadge
      tone={tone}
      sign={sign}
      word={overdue ? t`Overdue` : billStatusLabels[bill.status]}
      {...rest}
    />
  )
}

const disputeStyles: Record<DisputeStatus, [Tone, Sign]> = {
  OPEN: ['waiting', IconMessageQuestion],
  GRANTED: ['good', IconCircleCheck],
  PARTLY_GRANTED: ['good', IconCircleHalf2],
  DENIED: ['ended', IconBan],
}

export function DisputeStatusBadge({ status }: { status: DisputeStatus }) {
  const [tone, sign] = disputeStyles[status]
  return <ToneBadge tone={tone} sign={sign} word={disputeStatusLabels[status]} />
}

const paymentStyles: Record<PaymentStatus, [Tone, Sign]> = {
  PENDING: ['busy', IconClock],
  SUCCEEDED: ['good', IconCircleCheck],
  FAILED: ['bad', IconCircleX],
}

export function PaymentStatusBadge({ status }: { status: PaymentStatus }) {
  const [tone, sign] = paymentStyles[status]
  return <ToneBadge tone={tone} sign={sign} word={paymentStatusLabels[status]} />
}

export function RankBadge({ rank }: { rank: Rank | null | undefined }) {
  if (!rank) return null
  return (
    <Badge tt="none" fw={500} variant="outline" color="gray" c="var(--mantine-color-text)">
      {rankLabels[rank]}
    </Badge>
  )
}
