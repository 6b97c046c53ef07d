/** What is promised: the pending and failed deferred actions, acted on in place. */
import { plural, t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Box, Button, Group, Text, Timeline } from '@mantine/core'
import { IconAlertTriangle, IconClock } from '@tabler/icons-react'
import type { ScheduledEntryFragment } from '@/gql/graphql'
import { actionTitle } from '@/lib/actionTitle'
import { actorName } from '@/lib/actorName'
import { useMay } from '@/lib/business'
import { useOpenDialog } from '@/lib/dialog'
import { withLineBreaks } from '@/lib/lineBreaks'
import { waitsForInactivation } from '@/lib/scheduled'
import { serverMessage } from '@/lib/serverMessage'
import { DeferredStatusBadge } from '@/ui/Badges'
import { Dotted } from '@/ui/Dotted'
import { TextLink } from '@/ui/links'
import { When } from '@/ui/When'
import { Why } from '@/ui/Why'
import {
  accountDeferredLink,
  cancelDeferred,
  rescheduleDeferred,
  runDeferred,
} from '../deferred/links'
import { Entry } from './Entry'
import { EventFrame } from './EventFrame'

interface ScheduledEntriesProps {
  number: string
  /** The latest first. */
  actions: ScheduledEntryFragment[]
  totalCount: number
  /** The id of the action that is marked. */
  current: string | undefined
}

export function ScheduledEntries({ number, actions, totalCount, current }: ScheduledEntriesProps) {
  if (actions.length === 0) return null
  const more = totalCount - actions.length
  return (
    <Box component="section" aria-label={t`Scheduled`}>
      {more > 0 && (
        <Text size="sm" px="md" pt="sm">
          <TextLink {...accountDeferredLink(number)}>
            {plural(more, { one: '# later deferred action', other: '# later deferred actions' })}
          </TextLink>
        </Text>
      )}
      <Timeline
        bulletSize={24}
        lineWidth={1}
        m="md"
        mb="xs"
        color="gray"
        styles={{ item: { marginTop: 14 } }}
      >
        {actions.map((action) => (
          <Timeline.Item
            key={action.id}
            lineVariant="dashed"
            bullet={
              action.status === 'FAILED' ? (
                <IconAlertTriangle size={14} aria-hidden />
              ) : (
                <IconClock size={14} aria-hidden />
              )
            }
          >
            <Entry isCurrent={action.id === current}>
              <ScheduledItem action={action} number={number} />
            </Entry>
          </Timeline.Item>
        ))}
      </Timeline>
      <Text size="xs" c="dimmed" px="md" fw={600} tt="uppercase">
        {t`Now`}
      </Text>
    </Box>
  )
}

interface ScheduledItemProps {
  action: ScheduledEntryFragment
  number: string
}

function ScheduledItem({ action, number }: ScheduledItemProps) {
  const { reason, note } = action
  const createdBy = actorName(action.createdBy)
  return (
    <EventFrame
      number={number}
      id={action.id}
      at={action.scheduledFor}
      title={
        <Group gap={8}>
          <span>{withLineBreaks(actionTitle(action))}</span>
          <DeferredStatusBadge status={action.status} />
        </Group>
      }
    >
      <Text size="xs" c="dimmed">
        <Dotted>
          <Trans>
            Requested by {createdBy}, <When at={action.createdAt} />
          </Trans>
          {reason && t`Reason: ${reason}`}
          {note && t`Note: ${note}`}
        </Dotted>
      </Text>
      {action.failure && (
        <Text size="xs" c="var(--mantine-color-error)">
          {serverMessage(action.failure)}
        </Text>
      )}
      <Group gap={6} mt={4}>
        <ScheduledActions action={action} />
        <WhyScheduled action={action} />
      </Group>
    </EventFrame>
  )
}

function ScheduledActions({ action }: { action: ScheduledEntryFragment }) {
  const { id, status } = action
  const title = actionTitle(action)
  const open = useOpenDialog()
  if (!useMay('AGENT')) return null
  const actions = [
    { label: t`Run now`, address: runDeferred([id]), offered: !waitsForInactivation(action) },
    { label: t`Reschedule`, address: rescheduleDeferred([id]), offered: true },
    { label: t`Cancel`, address: cancelDeferred([id]), offered: status === 'PENDING' },
  ]
  return (
    <>
      {actions
        .filter(({ offered }) => offered)
        .map(({ label, address }) => (
          <Button
            key={label}
            size="compact-xs"
            mih={26}
            variant="default"
            aria-label={`${label}: ${title}`}
            onClick={() => open(address)}
          >
            {label}
          </Button>
        ))}
    </>
  )
}

/** The rule, what was requested, the attempts so far and the next one. */
function WhyScheduled({ action }: { action: ScheduledEntryFragment }) {
  const failed = action.status === 'FAILED'
  return (
    <Why
      about={actionTitle(action)}
      rules={[
        failed
          ? t`A failed action is not repeated automatically. Run it again or reschedule it.`
          : t`Runs within a minute of its time. It is skipped if its subject is closed by then.`,
        ...(waitsForInactivation(action) ? [t`The inactivation that it ends runs first.`] : []),
      ]}
      facts={[
        [t`Requested by`, actorName(action.createdBy)],
        [t`Requested`, <When key="requested" at={action.createdAt} />],
        [t`Reason`, action.reason],
        [t`Note`, action.note],
        [t`Attempts`, action.attempts > 0 && String(action.attempts)],
        [t`Result`, serverMessage(action.failure)],
        [t`Next try`, !failed && <When key="next" at={action.scheduledFor} />],
      ]}
    />
  )
}
