import {
  Alert,
  Autocomplete,
  Checkbox,
  SegmentedControl,
  Stack,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useId, useState } from 'react'
import type { Status } from '@/gql/graphql'
import { useBusiness } from '@/lib/business'
import { useDialog } from '@/lib/dialog'
import { holdSentence, type Subject } from '@/lib/holds'
import { notify } from '@/lib/notify'
import { optionalText } from '@/lib/payload'
import { formatWithWeekday, instantOf } from '@/lib/time'
import { todayOf } from '@/lib/wallTime'
import { FormDialog } from '@/ui/FormDialog'
import { MomentField } from '@/ui/MomentField'
import { ScheduleConflicts } from '@/ui/ScheduleConflicts'
import { type Timing, WhenField } from '@/ui/WhenField'
import { closingTimes } from './closingTimes'
import { ImpactBox } from './ImpactBox'
import { accountOf, choices, kindOf, type StatusNode, verb } from './subject'
import { useChangeStatus } from './useChangeStatus'

const reasons = [
  'Customer request',
  'Moving',
  'Vacation',
  'Lost or stolen',
  'Fraud suspected',
  'Unpaid',
  'Contract ended',
]

export interface StatusValues {
  status: Status
  deferUntil: string | null
  reactivateOn: string | null
  reason: string
  note: string
  login: string
}

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
  const form = useForm<StatusValues>({
    initialValues: {
      status: wanted && offered.includes(wanted) ? wanted : (offered[0] ?? 'INACTIVE'),
      deferUntil: null,
      reactivateOn: null,
      reason: '',
      note: '',
      login: '',
    },
    validate: {
      deferUntil: (value) => (timing === 'later' && !value ? 'Choose a date, or Now' : null),
    },
  })
  const change = useChangeStatus(kind, form)
  const { status } = form.values
  const word = verb(node.status, status)
  const button = status === 'CLOSED' ? `${word} ${kind}` : word
  const later = timing === 'later' ? form.values.deferUntil : null

  async function submit(values: StatusValues) {
    const instant = (wall: string | null) => (wall ? instantOf(wall, timeZone) : undefined)
    const payload = await change.run(node.id, {
      status,
      reason: optionalText(values.reason),
      note: optionalText(values.note),
      login: optionalText(values.login),
      deferUntil: timing === 'later' ? instant(values.deferUntil) : undefined,
      reactivateOn: status === 'INACTIVE' ? instant(values.reactivateOn) : undefined,
      expectedVersion: node.version,
    })
    if (!payload) return
    notify(outcomeOf(payload, `${nameOf(node)}: ${doneLabels[word]}`, timeZone))
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
        <MomentField
          label="Reactivate on"
          description="Optional."
          shortcuts={[]}
          {...form.getInputProps('reactivateOn')}
        />
      )}
      {status === 'INACTIVE' && (
        <ScheduleConflicts
          target={node.id}
          subject={kind}
          ofReactivation
          on={form.values.reactivateOn}
          consequence="The reactivation will be skipped. Scheduled changes do not reopen anything."
        />
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
      <ImpactBox id={node.id} kind={kind} status={status} on={later} />
      {status === 'CLOSED' && <ClosingWarning kind={kind} sure={sure} onSure={setSure} />}
    </FormDialog>
  )
}

interface Scheduled {
  deferredAction?: { summary: string; scheduledFor: string } | null
  reactivation?: { scheduledFor: string } | null
}

/** The notice after a change; `done` describes a change that was made now. */
function outcomeOf(
  { deferredAction, reactivation }: Scheduled,
  done: string,
  zone: string,
): string {
  const back =
    reactivation && `active again on ${formatWithWeekday(reactivation.scheduledFor, zone)}`
  if (!deferredAction) return back ? `${done}, ${back}.` : `${done}.`
  const from = formatWithWeekday(deferredAction.scheduledFor, zone)
  return back
    ? `Scheduled: inactive from ${from}, ${back}.`
    : `Scheduled for ${from}: ${deferredAction.summary}`
}

const doneLabels: Record<string, string> = {
  Close: 'closed',
  Inactivate: 'inactivated',
  Reopen: 'reopened',
  Reactivate: 'reactivated',
}

function nameOf(node: StatusNode): string {
  return node.__typename === 'Account' ? `${node.name} (${node.number})` : node.name
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

const warnings: Record<Subject, string> = {
  account:
    'All services and offers end. Reopening the account later restores its services, ' +
    'not their offers. Accounts that it pays for are closed too.',
  service:
    'The service and its offers end. Reopening the service later does not restore its offers.',
  offer: "The offer ends and can't be restored. The customer has to purchase it again.",
}

function ClosingWarning({
  kind,
  sure,
  onSure,
}: {
  kind: Subject
  sure: boolean
  onSure: (sure: boolean) => void
}) {
  return (
    <Alert
      color="red"
      variant="outline"
      icon={<IconAlertTriangle />}
      title="Offers can't be restored"
    >
      <Text size="sm" mb="sm">
        {warnings[kind]}
      </Text>
      <Checkbox
        color="red.9"
        label="I understand"
        checked={sure}
        onChange={(event) => onSure(event.currentTarget.checked)}
      />
    </Alert>
  )
}
