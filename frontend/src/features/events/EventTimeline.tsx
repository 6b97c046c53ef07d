import { Box, Group, Text, Timeline } from '@mantine/core'
import {
  IconCalendarEvent,
  IconCash,
  IconCoin,
  IconPencil,
  type IconProps,
  IconSitemap,
  IconSwitchHorizontal,
} from '@tabler/icons-react'
import type { ComponentType } from 'react'
import type { EventKind, EventNodeFragment } from '@/gql/graphql'
import { calculation } from '@/lib/calculation'
import { causeLabels, eventKindLabels } from '@/lib/labels'
import { AccountLink } from '@/ui/AccountLink'
import { Amount } from '@/ui/Amount'
import { StatusBadge } from '@/ui/Badges'
import { TextLink } from '@/ui/links'
import { When } from '@/ui/When'
import { billLink } from '../bills/links'
import { billsOf } from './bills'

const signs: Partial<Record<EventKind, ComponentType<IconProps>>> = {
  STATUS_CHANGE: IconSwitchHorizontal,
  HIERARCHY_CHANGE: IconSitemap,
  DEFERRED_ACTION: IconCalendarEvent,
  ACCOUNT_CHANGE: IconPencil,
  PAYMENT: IconCash,
}

export function EventTimeline({
  events,
  accountId,
}: {
  events: EventNodeFragment[]
  accountId: string
}) {
  return (
    <Timeline
      bulletSize={24}
      lineWidth={1}
      m="md"
      color="gray"
      styles={{ item: { marginTop: 14 } }}
    >
      {events.map((event) => {
        const Sign = signs[event.kind] ?? IconCoin
        return (
          <Timeline.Item key={event.id} bullet={<Sign size={14} aria-hidden />}>
            <EventEntry event={event} accountId={accountId} />
          </Timeline.Item>
        )
      })}
    </Timeline>
  )
}

function EventEntry({ event, accountId }: { event: EventNodeFragment; accountId: string }) {
  return (
    <Box>
      <Group gap="xs" justify="space-between" align="start">
        <Text size="sm" fw={500} flex="1 1 240px" style={{ overflowWrap: 'anywhere' }}>
          {event.description}
        </Text>
        <Text size="xs" c="dimmed">
          <When at={event.occurredAt} />
        </Text>
      </Group>
      {event.fromStatus && event.toStatus && event.fromStatus !== event.toStatus && (
        <Group gap={6} my={4}>
          <StatusBadge status={event.fromStatus} size="sm" />
          <Text span size="xs" aria-label="became">
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
          event.cause && `Cause: ${causeLabels[event.cause].toLowerCase()}`,
          `by ${event.actor}`,
        ]
          .filter(Boolean)
          .join(' · ')}
      </Text>
      {event.reason && <Text size="xs">Reason: {event.reason}</Text>}
      {event.followed && <Followed followed={event.followed} accountId={accountId} />}
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
          Bill {number}
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
  return (
    <Text size="xs" component="div">
      Caused by: {followed.description}
      {followed.account.id !== accountId && (
        <>
          {' of '}
          <AccountLink account={followed.account} />
        </>
      )}
    </Text>
  )
}
