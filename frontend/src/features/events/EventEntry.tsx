/** One event: what happened, when, its amount, its cause, and by whom. */
import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Box, Group, Text } from '@mantine/core'
import type { EventNodeFragment, HoldCause } from '@/gql/graphql'
import { calculation } from '@/lib/calculation'
import { eventKindLabels } from '@/lib/labels'
import { AccountLink } from '@/ui/AccountLink'
import { Amount } from '@/ui/Amount'
import { StatusBadge } from '@/ui/Badges'
import { TextLink } from '@/ui/links'
import { When } from '@/ui/When'
import { billLink } from '../bills/links'
import { billsOf } from './bills'
import { timelineLink } from './links'

const causes: Record<HoldCause, string> = {
  MANUAL: t`Cause: agent`,
  DEBT: t`Cause: debt`,
  PARENT: t`Cause: payer`,
  ACCOUNT: t`Cause: account`,
  SERVICE: t`Cause: service`,
}

interface EventEntryProps {
  event: EventNodeFragment
  accountId: string
  /** The number of the account, for the link to the entry. */
  number: string
  /** Omits the cause, which is the entry above. */
  isEffect?: boolean
}

export function EventEntry({ event, accountId, number, isEffect = false }: EventEntryProps) {
  const { actor, reason } = event
  return (
    <Box>
      <Group gap="xs" justify="space-between" align="start">
        <Text size="sm" fw={isEffect ? 400 : 500} flex="1 1 240px" className="wrapped">
          {event.description}
        </Text>
        <TextLink size="xs" c="dimmed" {...timelineLink(number, event.id)}>
          <When at={event.occurredAt} />
        </TextLink>
      </Group>
      {event.fromStatus && event.toStatus && event.fromStatus !== event.toStatus && (
        <Group gap={6} my={4}>
          <StatusBadge status={event.fromStatus} size="sm" />
          <Text span size="xs" aria-label={t`became`}>
            →
          </Text>
          <StatusBadge status={event.toStatus} size="sm" />
        </Group>
      )}
      <Money event={event} />
      <Text size="xs" c="dimmed">
        {[
          eventKindLabels[event.kind],
          event.target?.name ?? event.service?.name,
          event.cause && causes[event.cause],
          t`by ${actor}`,
        ]
          .filter(Boolean)
          .join(' · ')}
      </Text>
      {reason && <Text size="xs">{t`Reason: ${reason}`}</Text>}
      {event.followed && !isEffect && <Followed followed={event.followed} accountId={accountId} />}
    </Box>
  )
}

/** The amount of an event, and its bills. */
function Money({ event }: { event: EventNodeFragment }) {
  const bills = billsOf(event)
  if (!event.amount && bills.length === 0) return null
  return (
    <Group gap="xs">
      {event.amount && <Text size="sm">{calculation(event) ?? <Amount of={event.amount} />}</Text>}
      {bills.map((number) => (
        <TextLink key={number} {...billLink(number)}>
          {t`Bill ${number}`}
        </TextLink>
      ))}
    </Group>
  )
}

function Followed({
  followed,
  accountId,
}: {
  followed: NonNullable<EventNodeFragment['followed']>
  accountId: string
}) {
  const { description, account } = followed
  return (
    <Text size="xs" component="div">
      {account.id === accountId ? (
        t`Caused by: ${description}`
      ) : (
        <Trans>
          Caused by: {description} of <AccountLink account={account} />
        </Trans>
      )}
    </Text>
  )
}
