import { Autocomplete, SegmentedControl, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useId, useState } from 'react'
import type { Status } from '@/gql/graphql'
import { useBusiness } from '@/lib/business'
import { useDialog } from '@/lib/dialog'
import { holdSentence, type Subject } from '@/lib/holds'
import { countLabel } from '@/lib/labels'
import { instantOf } from '@/lib/time'
import { todayOf } from '@/lib/wallTime'
import { FormDialog } from '@/ui/FormDialog'
import { ScheduleConflicts } from '@/ui/ScheduleConflicts'
import { type Timing, WhenField } from '@/ui/WhenField'
import { ClosingWarning } from './ClosingWarning'
import { closingTimes } from './closingTimes'
import { conflictsOf, ImpactBox } from './ImpactBox'
import { ReactivationField } from './ReactivationField'
import { backdateOf, changeOf, outcomeOf, type StatusValues } from './statusChange'
import { accountOf, choices, kindOf, nameOf, type StatusNode, verb } from './subject'
import { useChangeStatus } from './useChangeStatus'
import { useReasons } from './useReasons'
import { useStatusPreview } from './useStatusPreview'

const reactivationSkipped =
  'The reactivation will be skipped. Scheduled changes do not reopen anything.'

interface ChangeStatusFormProps {
  node: StatusNode
  wanted: Status | undefined
}

export function ChangeStatusForm({ node, wanted }: ChangeStatusFormProps) {
  const { close } = useDialog()
  const { timeZone, now } = useBusiness()
  const kind = kindOf(node)
  const offered = choices(node)
  const [timing, setTiming] = useState<Timing>('now')
  const [sure, setSure] = useState(false)
  const [cancels, setCancels] = useState(true)
  const form = useForm<StatusValues>({
    initialValues: {
      status: wanted && offered.includes(wanted) ? wanted : (offered[0] ?? 'INACTIVE'),
      deferUntil: null,
      backdateTo: null,
      reactivateOn: null,
      reason: '',
      note: '',
      login: '',
    },
    validate: {
      deferUntil: (value) => (timing === 'later' && !value ? 'Choose a date, or Now' : null),
      backdateTo: (value) => (timing === 'past' && !value ? 'Choose a date, or Now' : null),
    },
  })
  const change = useChangeStatus(node, form)
  const { status } = form.values
  const reasons = useReasons(status)
  const preview = useStatusPreview(node.id, kind, {
    status,
    backdateTo: backdateOf(form.values, timing),
    login: form.values.login || undefined,
  })
  const word = verb(node.status, status)
  const button = status === 'CLOSED' ? `${word} ${kind}` : word
  const later = timing === 'later' ? form.values.deferUntil : null

  async function submit(values: StatusValues) {
    const wanted = changeOf(values, timing, { version: node.version, timeZone })
    const conflicts = conflictsOf(preview.impact, later && instantOf(later, timeZone))
    const payload = await change.run(wanted)
    if (!payload) return
    const cancelled = cancels ? await change.cancel(conflicts.map((action) => action.id)) : 0
    const done = outcomeOf(payload, nameOf(node), word, timeZone)
    const also = cancelled ? ` ${countLabel(cancelled, 'deferred action')} cancelled.` : ''
    change.announce(done + also, status, wanted, payload)
    close()
  }

  return (
    <FormDialog
      title={`${word} ${nameOf(node)}`}
      submit={timing === 'later' ? `${button} on this date` : button}
      color={status === 'CLOSED' ? 'red.9' : undefined}
      onSubmit={form.onSubmit(submit)}
      busy={change.busy}
      problems={change.problems}
      form={form}
      ready={status !== 'CLOSED' || sure}
    >
      <CurrentStatus node={node} kind={kind} />
      {offered.length > 1 && (
        <StatusChoice
          node={node}
          offered={offered}
          value={status}
          onChange={(next) => form.setFieldValue('status', next)}
        />
      )}
      <WhenField
        timing={timing}
        onTiming={setTiming}
        input={{
          ...form.getInputProps('deferUntil'),
          ...(status === 'CLOSED' && closingTimes(node, todayOf(now(), timeZone))),
        }}
        past={form.getInputProps('backdateTo')}
      />
      <ScheduleConflicts
        target={node.id}
        subject={kind}
        account={accountOf(node)}
        on={later}
        consequence={
          status === 'CLOSED'
            ? 'There will be nothing left to close.'
            : 'The change will be skipped. Scheduled changes do not reopen anything.'
        }
      />
      {status === 'INACTIVE' && (
        <>
          <ReactivationField from={later} input={form.getInputProps('reactivateOn')} />
          <ScheduleConflicts
            target={node.id}
            subject={kind}
            ofReactivation
            on={form.values.reactivateOn}
            consequence={reactivationSkipped}
          />
        </>
      )}
      {node.__typename === 'Service' && node.status === 'CLOSED' && (
        <TextInput
          label="New login"
          description="Required if the previous login is in use."
          {...form.getInputProps('login')}
        />
      )}
      <Autocomplete
        label="Reason"
        data={reasons}
        maxLength={255}
        {...form.getInputProps('reason')}
      />
      <Textarea label="Note" autosize minRows={1} maxRows={5} {...form.getInputProps('note')} />
      <ImpactBox
        account={accountOf(node)}
        status={status}
        preview={preview}
        on={later}
        cancels={cancels}
        onCancels={setCancels}
      />
      {status === 'CLOSED' && <ClosingWarning kind={kind} sure={sure} onSure={setSure} />}
    </FormDialog>
  )
}

function CurrentStatus({ node, kind }: { node: StatusNode; kind: Subject }) {
  const why = holdSentence(node.holds, kind)
  return why && <Text size="sm">Now: {why}</Text>
}

interface StatusChoiceProps {
  node: StatusNode
  offered: Status[]
  value: Status
  onChange: (status: Status) => void
}

function StatusChoice({ node, offered, value, onChange }: StatusChoiceProps) {
  const label = useId()
  return (
    <Stack gap={6}>
      <Text id={label} size="sm" fw={500}>
        Change
      </Text>
      <SegmentedControl
        aria-labelledby={label}
        value={value}
        onChange={(next) => onChange(next as Status)}
        data={offered.map((status) => ({ value: status, label: verb(node.status, status) }))}
      />
    </Stack>
  )
}
