/** The events of an account as entries: each is a change, which unfolds to its effects. */
import { plural } from '@lingui/core/macro'
import { Box, Button, Collapse, Stack, Timeline } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import {
  IconCalendarEvent,
  IconCash,
  IconChevronRight,
  IconCoin,
  IconPencil,
  type IconProps,
  IconSitemap,
  IconSwitchHorizontal,
} from '@tabler/icons-react'
import { type ComponentType, useId } from 'react'
import type { EventKind, EventNodeFragment } from '@/gql/graphql'
import { useBusiness } from '@/lib/business'
import { formatMoney } from '@/lib/money'
import { Entry } from './Entry'
import { EventEntry } from './EventEntry'
import { contains, type TimelineEntry, timelineEntries, totalsOf } from './groups'

const signs: Partial<Record<EventKind, ComponentType<IconProps>>> = {
  STATUS_CHANGE: IconSwitchHorizontal,
  HIERARCHY_CHANGE: IconSitemap,
  DEFERRED_ACTION: IconCalendarEvent,
  ACCOUNT_CHANGE: IconPencil,
  PAYMENT: IconCash,
}

interface EventTimelineProps {
  number: string
  events: EventNodeFragment[]
  accountId: string
  /** The id of the event whose entry is marked. */
  current: string | undefined
}

export function EventTimeline({ number, events, accountId, current }: EventTimelineProps) {
  const { timeZone } = useBusiness()
  return (
    <Timeline
      bulletSize={24}
      lineWidth={1}
      m="md"
      color="gray"
      styles={{ item: { marginTop: 14 } }}
    >
      {timelineEntries(events, timeZone).map((entry) => {
        const Sign = signs[entry.lead.kind] ?? IconCoin
        return (
          <Timeline.Item key={entry.key} bullet={<Sign size={14} aria-hidden />}>
            <Entry isCurrent={current !== undefined && contains(entry, current)}>
              <EventEntry event={entry.lead} accountId={accountId} number={number}>
                {entry.others.length > 0 && (
                  <Effects entry={entry} accountId={accountId} number={number} />
                )}
              </EventEntry>
            </Entry>
          </Timeline.Item>
        )
      })}
    </Timeline>
  )
}

interface EffectsProps {
  entry: TimelineEntry
  accountId: string
  number: string
}

function Effects({ entry, accountId, number }: EffectsProps) {
  const [opened, { toggle }] = useDisclosure(false)
  const list = useId()
  return (
    <>
      <Button
        size="compact-xs"
        mih={26}
        h="auto"
        mt={4}
        py={2}
        styles={{ label: { whiteSpace: 'normal', textAlign: 'start', lineHeight: 1.4 } }}
        variant="default"
        aria-expanded={opened}
        aria-controls={list}
        leftSection={
          <IconChevronRight
            size={13}
            aria-hidden
            style={{ transform: opened ? 'rotate(90deg)' : undefined }}
          />
        }
        onClick={toggle}
      >
        {effectsLabel(entry)}
      </Button>
      <Collapse expanded={opened} id={list}>
        {opened && (
          <Stack gap="xs" mt="xs" pl="md" component="ul" style={{ listStyle: 'none' }} m={0}>
            {entry.others.map((event) => (
              <Box key={event.id} component="li">
                <EventEntry event={event} accountId={accountId} number={number} isEffect />
              </Box>
            ))}
          </Stack>
        )}
      </Collapse>
    </>
  )
}

/** "2 services, 5 offers, 3 charges (−4.20 USD)". */
function effectsLabel({ lead, others }: TimelineEntry): string {
  const { services, offers, charges, sum } = totalsOf(lead.amount ? [lead, ...others] : others)
  const total = sum && formatMoney(sum.amount, sum.currency)
  if (lead.amount) {
    return plural(charges, {
      one: `# charge that day: ${total}`,
      other: `# charges that day: ${total}`,
    })
  }
  const rest = others.length - services - offers - charges
  const parts = [
    services > 0 && plural(services, { one: '# service', other: '# services' }),
    offers > 0 && plural(offers, { one: '# offer', other: '# offers' }),
    charges > 0 && plural(charges, { one: `# charge (${total})`, other: `# charges (${total})` }),
    rest > 0 && plural(rest, { one: '# more event', other: '# more events' }),
  ]
  return parts.filter(Boolean).join(', ')
}
