import { plural, t } from '@lingui/core/macro'
import { Autocomplete, Text, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import type { Status } from '@/gql/graphql'
import { useBusiness } from '@/lib/business'
import { useDialog } from '@/lib/dialog'
import { holdSentence, type Subject } from '@/lib/holds'
import { instantOf } from '@/lib/time'
import { useSeen } from '@/lib/useSeen'
import { todayOf } from '@/lib/wallTime'
import { FormDialog } from '@/ui/FormDialog'
import { ScheduleConflicts } from '@/ui/ScheduleConflicts'
import { StaleEdit } from '@/ui/StaleEdit'
import { type Timing, WhenField } from '@/ui/WhenField'
import { ClosingWarning } from './ClosingWarning'
import { closingTimes } from './closingTimes'
import { conflictsOf, ImpactBox } from './ImpactBox'
import { ReactivationField } from './ReactivationField'
import { StatusChoice } from './StatusChoice'
import { backdateOf, changeOf, outcomeOf, type StatusValues } from './statusChange'
import { accountOf, choices, kindOf, nameOf, type StatusNode } from './subject'
import { useChangeStatus } from './useChangeStatus'
import { useReasons } from './useReasons'
import { useStatusPreview } from './useStatusPreview'
import { buttonLabel, titleOf, verbOf } from './verbs'

const nothingReopens = t`Scheduled changes do not reopen anything.`
const changeSkipped = t`The change will be skipped.`
const reactivationSkipped = t`The reactivation will be skipped.`

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
      deferUntil: (value) => (timing === 'later' && !value ? t`Choose a date, or Now` : null),
      backdateTo: (value) => (timing === 'past' && !value ? t`Choose a date, or Now` : null),
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
  const verb = verbOf(node.status, status)
  const seen = useSeen([node.status, node.holds])
  const isOutdated = seen.isOutdated && !change.busy
  const later = timing === 'later' ? form.values.deferUntil : null

  function takeOver() {
    seen.accept()
    change.clear()
    if (!offered.includes(status)) form.setFieldValue('status', offered[0] ?? 'INACTIVE')
  }

  async function submit(values: StatusValues) {
    const conflicts = conflictsOf(preview.impact, later && instantOf(later, timeZone))
    const wanted = changeOf(values, timing, {
      version: node.version,
      timeZone,
      cancelConflicts: cancels && conflicts.length > 0,
    })
    const payload = await change.run(wanted)
    if (!payload) return
    seen.finish()
    const cancelled = payload.cancelledDeferredActionCount
    const done = outcomeOf(payload, nameOf(node), verb, timeZone)
    const also =
      cancelled > 0 &&
      plural(cancelled, {
        one: '# deferred action cancelled.',
        other: '# deferred actions cancelled.',
      })
    change.announce(also ? `${done} ${also}` : done, status, wanted, payload)
    close()
  }

  return (
    <FormDialog
      title={titleOf(verb, nameOf(node))}
      submit={buttonLabel(verb, kind, timing === 'later')}
      color={status === 'CLOSED' ? 'red.9' : undefined}
      onSubmit={form.onSubmit(submit)}
      busy={change.busy}
      problems={isOutdated ? [] : change.problems}
      form={form}
      ready={!isOutdated && (status !== 'CLOSED' || sure)}
    >
      {isOutdated && (
        <StaleEdit
          title={t`The status was just changed by somebody else`}
          text={t`What you typed is kept. Check what your change affects now.`}
          button={t`Continue`}
          onTakeOver={takeOver}
        />
      )}
      <CurrentStatus node={node} kind={kind} />
      {offered.length > 1 && (
        <StatusChoice
          from={node.status}
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
        nowOnly={node.status === 'CLOSED' ? t`A reopening can't be scheduled.` : null}
      />
      <ScheduleConflicts
        target={node.id}
        subject={kind}
        account={accountOf(node)}
        on={later}
        consequence={
          status === 'CLOSED'
            ? t`There will be nothing left to close.`
            : `${changeSkipped} ${nothingReopens}`
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
            consequence={`${reactivationSkipped} ${nothingReopens}`}
          />
        </>
      )}
      {node.__typename === 'Service' && node.status === 'CLOSED' && (
        <TextInput
          label={t`New login`}
          description={t`Required if the previous login is in use.`}
          {...form.getInputProps('login')}
        />
      )}
      <Autocomplete
        label={t`Reason`}
        data={reasons}
        maxLength={255}
        {...form.getInputProps('reason')}
      />
      <Textarea label={t`Note`} autosize minRows={1} maxRows={5} {...form.getInputProps('note')} />
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
  return why && <Text size="sm">{t`Now: ${why}`}</Text>
}
