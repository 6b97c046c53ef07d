/** Runs, reschedules or cancels the selected deferred actions, and shows a result for each. */
import { plural, t } from '@lingui/core/macro'
import { Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery } from 'urql'
import { useBusiness } from '@/lib/business'
import { useDialog } from '@/lib/dialog'
import { formatWithWeekday, instantOf, wallOf } from '@/lib/time'
import { FormDialog } from '@/ui/FormDialog'
import { MomentField } from '@/ui/MomentField'
import { ScheduleConflicts } from '@/ui/ScheduleConflicts'
import {
  CancelDeferredActionsDocument,
  RescheduleDeferredActionsDocument,
  RunDeferredActionsDocument,
  SelectedDeferredActionsDocument,
} from './operations.generated'
import { cancelsBoth } from './reactivation'
import { SelectedActions } from './SelectedActions'
import { useBulk } from './useBulk'

function useIds(): string[] {
  return useDialog().address.on ?? []
}

export function RunDialog() {
  const ids = useIds()
  const bulk = useBulk(RunDeferredActionsDocument, (data) => data.runDeferredActions, {
    result: t`Completed.`,
    notice: (count) =>
      plural(count, { one: 'Deferred action completed.', other: '# deferred actions completed.' }),
  })
  return (
    <FormDialog
      title={plural(ids.length, {
        one: 'Run # deferred action now',
        other: 'Run # deferred actions now',
      })}
      submit={t`Run now`}
      busy={bulk.busy}
      problems={bulk.problems}
      over={bulk.outcome !== null}
      onSubmit={(event) => {
        event?.preventDefault()
        void bulk.run({ input: { ids } }, ids)
      }}
    >
      <SelectedActions
        ids={ids}
        outcome={bulk.outcome}
        sum={(count) => plural(count, { one: '# action completed', other: '# actions completed' })}
      />
    </FormDialog>
  )
}

export function CancelDialog() {
  const ids = useIds()
  const bulk = useBulk(CancelDeferredActionsDocument, (data) => data.cancelDeferredActions, {
    result: t`Cancelled.`,
    notice: (count) =>
      plural(count, { one: 'Deferred action cancelled.', other: '# deferred actions cancelled.' }),
  })
  return (
    <FormDialog
      title={plural(ids.length, {
        one: 'Cancel # deferred action',
        other: 'Cancel # deferred actions',
      })}
      submit={ids.length === 1 ? t`Cancel this action` : t`Cancel these actions`}
      back={t`Keep`}
      color="red.9"
      busy={bulk.busy}
      problems={bulk.problems}
      over={bulk.outcome !== null}
      onSubmit={(event) => {
        event?.preventDefault()
        void bulk.run({ input: { ids } }, ids)
      }}
    >
      {!bulk.outcome && <CancelledTogether ids={ids} />}
      <SelectedActions
        ids={ids}
        outcome={bulk.outcome}
        sum={(count) => plural(count, { one: '# action cancelled', other: '# actions cancelled' })}
      />
    </FormDialog>
  )
}

function CancelledTogether({ ids }: { ids: string[] }) {
  const { timeZone } = useBusiness()
  const [{ data }] = useQuery({ query: SelectedDeferredActionsDocument, variables: { ids } })
  const along = (data?.nodes ?? []).flatMap((node) =>
    node?.__typename === 'DeferredAction' && cancelsBoth(node) && node.pairedWith
      ? [node.pairedWith]
      : [],
  )
  const [first] = along
  if (!first) return null
  const day = formatWithWeekday(first.scheduledFor, timeZone)
  return (
    <Text size="sm">
      {along.length === 1
        ? t`The reactivation on ${day} is cancelled too.`
        : t`Their reactivations are cancelled too.`}
    </Text>
  )
}

export function RescheduleDialog() {
  const ids = useIds()
  const { timeZone } = useBusiness()
  const times = useTimesOfDay(ids)
  const form = useForm({
    initialValues: { scheduledFor: null as string | null },
    validate: { scheduledFor: (value) => (value ? null : t`Choose a date`) },
  })
  const bulk = useBulk(
    RescheduleDeferredActionsDocument,
    (data) => data.rescheduleDeferredActions,
    {
      result: t`Rescheduled.`,
      notice: (count) =>
        plural(count, {
          one: 'Deferred action rescheduled.',
          other: '# deferred actions rescheduled.',
        }),
    },
    form,
  )
  return (
    <FormDialog
      title={plural(ids.length, {
        one: 'Reschedule # deferred action',
        other: 'Reschedule # deferred actions',
      })}
      submit={t`Reschedule`}
      busy={bulk.busy}
      problems={bulk.problems}
      form={form}
      over={bulk.outcome !== null}
      onSubmit={form.onSubmit(({ scheduledFor }) => {
        if (scheduledFor)
          void bulk.run({ input: { ids, scheduledFor: instantOf(scheduledFor, timeZone) } }, ids)
      })}
    >
      <MomentField
        label={t`New date`}
        description={
          times.length > 1 ? t`A date without a time means 00:00 for all of them.` : null
        }
        required
        data-autofocus
        defaultTime={times.length === 1 ? times[0] : '00:00'}
        {...form.getInputProps('scheduledFor')}
      />
      {ids.length === 1 && !bulk.outcome && <Conflicts ids={ids} on={form.values.scheduledFor} />}
      <SelectedActions
        ids={ids}
        outcome={bulk.outcome}
        sum={(count) =>
          plural(count, { one: '# action rescheduled', other: '# actions rescheduled' })
        }
      />
    </FormDialog>
  )
}

/** The different times of day at which the actions are scheduled now: a new date keeps them. */
function useTimesOfDay(ids: string[]): string[] {
  const { timeZone } = useBusiness()
  const [{ data }] = useQuery({ query: SelectedDeferredActionsDocument, variables: { ids } })
  const times = (data?.nodes ?? []).flatMap((node) =>
    node?.__typename === 'DeferredAction'
      ? [wallOf(node.scheduledFor, timeZone).slice(11, 16)]
      : [],
  )
  return [...new Set(times)]
}

/** Conflicts with the new date. Shown for a single action only. */
function Conflicts({ ids, on }: { ids: string[]; on: string | null }) {
  const [{ data }] = useQuery({ query: SelectedDeferredActionsDocument, variables: { ids } })
  const [action] = data?.nodes ?? []
  if (action?.__typename !== 'DeferredAction') return null
  const { target, account, toStatus } = action
  return (
    <ScheduleConflicts
      target={target?.id ?? account.id}
      subject={target ? (target.__typename === 'Service' ? 'service' : 'offer') : 'account'}
      account={account.id}
      on={on}
      except={action.id}
      consequence={
        toStatus === 'CLOSED' ? t`There will be nothing left to close.` : t`It will be skipped.`
      }
    />
  )
}
