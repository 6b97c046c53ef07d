/** One event: what happened, when, its amount, its cause, and by whom. */
import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Group, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import type { EventNodeFragment, HoldCause } from '@/gql/graphql'
import { actorName } from '@/lib/actorName'
import { useBusiness } from '@/lib/business'
import { calculation } from '@/lib/calculation'
import { eventTitle } from '@/lib/eventTitle'
import { eventKindLabels } from '@/lib/labels'
import { withLineBreaks } from '@/lib/lineBreaks'
import { serverText } from '@/lib/serverMessage'
import { AccountLink } from '@/ui/AccountLink'
import { Amount } from '@/ui/Amount'
import { StatusBadge } from '@/ui/Badges'
import { Dotted } from '@/ui/Dotted'
import { TextLink } from '@/ui/links'
import { billLink } from '../bills/links'
import { billsOf } from './bills'
import { EventFrame } from './EventFrame'

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
  /** Its effects. */
  children?: ReactNode
}

export function EventEntry(props: EventEntryProps) {
  const { event, accountId, number, isEffect = false, children } = props
  const { timeZone } = useBusiness()
  const actor = actorName(event.actor)
  // Tenure itself gives the reason of a debt.
  const reason = event.reason && serverText(event.reason)
  const billedFor = accountOfCharges(event, accountId)
  return (
    <EventFrame
      number={number}
      id={event.id}
      at={event.occurredAt}
      fw={isEffect ? 400 : 500}
      title={
        billedFor ? (
          <Trans>
            Charges of <AccountLink account={billedFor} />, billed here
          </Trans>
        ) : (
          withLineBreaks(eventTitle(event, timeZone))
        )
      }
    >
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
        <Dotted>
          {eventKindLabels[event.kind]}
          {event.target?.name ?? event.service?.name}
          {event.cause && causes[event.cause]}
          {t`by ${actor}`}
        </Dotted>
      </Text>
      {reason && event.reason !== event.followed?.description && (
        <Text size="xs">{t`Reason: ${reason}`}</Text>
      )}
      {event.followed && !isEffect && !billedFor && (
        <Followed followed={event.followed} accountId={accountId} />
      )}
      {children}
    </EventFrame>
  )
}

/** The account whose charges came to this one; its own event says the same. */
function accountOfCharges({ kind, followed }: EventNodeFragment, accountId: string) {
  const isReceived = kind === 'TRANSFER' && followed && followed.account.id !== accountId
  return isReceived ? followed.account : null
}

/** The amount of an event, and its bills. */
function Money({ event }: { event: EventNodeFragment }) {
  const bills = billsOf(event)
  if (!event.amount && bills.length === 0) return null
  return (
    <Group gap="0 10px">
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
  const { timeZone } = useBusiness()
  const { account } = followed
  const description = eventTitle(followed, timeZone)
  return (
    <Text size="xs" component="div">
      {account.id === accountId ? (
        withLineBreaks(t`Caused by: ${description}`)
      ) : (
        <Dotted>
          {t`Caused by: ${description}`}
          <AccountLink account={account} />
        </Dotted>
      )}
    </Text>
  )
}
