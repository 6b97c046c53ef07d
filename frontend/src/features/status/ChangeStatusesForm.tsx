/** The form that starts a status change job: the change, its preview, and its confirmation. */
import { t } from '@lingui/core/macro'
import { Autocomplete, Textarea } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { StartStatusChangeJobInput, Status } from '@/gql/graphql'
import { useBusiness } from '@/lib/business'
import { useDryRun } from '@/lib/dryRun'
import { notify } from '@/lib/notify'
import { isExactCount } from '@/lib/paging'
import { optionalText } from '@/lib/payload'
import { instantOf } from '@/lib/time'
import { useAction } from '@/lib/useAction'
import { FormDialog } from '@/ui/FormDialog'
import { type Timing, WhenField } from '@/ui/WhenField'
import { jobRunLink } from '../jobs/links'
import { ClosingWarning } from './ClosingWarning'
import { JobPreview } from './JobPreview'
import {
  PreviewStatusChangeJobDocument,
  StartStatusChangeJobDocument,
} from './operations.generated'
import { ReactivationField } from './ReactivationField'
import { StatusChoice } from './StatusChoice'
import { useReasons } from './useReasons'
import { jobButtonLabel, jobStarted, jobTitle } from './verbs'

/** Accounts by their keys, by a filter, or those that a job has not changed. */
export type AccountSelection = Pick<
  StartStatusChangeJobInput,
  'accountIds' | 'filter' | 'retryJobRunId' | 'expectedCount'
>

interface Values {
  status: Status
  deferUntil: string | null
  backdateTo: string | null
  reactivateOn: string | null
  reason: string
  note: string
}

interface ChangeStatusesFormProps {
  selection: AccountSelection
  count: number
  /** Counts again the accounts that the selection means now. */
  onCount?: () => void
  initial?: Partial<Values>
}

const offered: Status[] = ['INACTIVE', 'ACTIVE', 'CLOSED']

export function ChangeStatusesForm({
  selection,
  count,
  onCount,
  initial,
}: ChangeStatusesFormProps) {
  const { timeZone } = useBusiness()
  const navigate = useNavigate()
  const [timing, setTiming] = useState<Timing>('now')
  const [sure, setSure] = useState(false)
  const [cancels, setCancels] = useState(true)
  const form = useForm<Values>({
    initialValues: {
      status: 'INACTIVE',
      deferUntil: null,
      backdateTo: null,
      reactivateOn: null,
      reason: '',
      note: '',
      ...initial,
    },
    validate: {
      deferUntil: (value) => (timing === 'later' && !value ? t`Choose a date, or Now` : null),
      backdateTo: (value) => (timing === 'past' && !value ? t`Choose a date, or Now` : null),
    },
  })
  const start = useAction(StartStatusChangeJobDocument, (data) => data.startStatusChangeJob, form)
  const { status, deferUntil, backdateTo, reactivateOn } = form.values
  const reasons = useReasons(status)
  const later = timing === 'later' ? deferUntil : null
  const instant = (wall: string | null) => (wall ? instantOf(wall, timeZone) : undefined)
  const change: StartStatusChangeJobInput = {
    ...selection,
    status,
    deferUntil: instant(later),
    backdateTo: timing === 'past' ? (backdateTo ?? undefined) : undefined,
    reactivateOn: status === 'INACTIVE' ? instant(reactivateOn) : undefined,
  }

  const preview = useDryRun(PreviewStatusChangeJobDocument, { input: change })
  const { impact, jobRun } = preview.data?.startStatusChangeJob ?? {}
  const conflicts = impact?.conflictingDeferredActionCount ?? 0
  // The list counts up to a limit, the preview all of them.
  const total = jobRun?.total ?? (isExactCount(count) ? count : null)

  function previewAgain() {
    start.clear()
    onCount?.()
    preview.retry()
  }

  async function submit(values: Values) {
    const { reason, note } = values
    const payload = await start.run({
      input: {
        ...change,
        reason: optionalText(reason),
        note: optionalText(note),
        cancelConflicts: cancels && conflicts > 0,
      },
    })
    // The preview says so too, and offers what helps.
    if (!payload?.jobRun) return preview.retry()
    notify(jobStarted(payload.jobRun.total))
    void navigate({ ...jobRunLink(payload.jobRun.id), replace: true, ignoreBlocker: true })
  }

  return (
    <FormDialog
      title={jobTitle(total)}
      submit={jobButtonLabel(status, total, timing === 'later')}
      color={status === 'CLOSED' ? 'red.9' : undefined}
      onSubmit={form.onSubmit(submit)}
      busy={start.busy}
      problems={start.problems}
      form={form}
      ready={status !== 'CLOSED' || sure}
    >
      <StatusChoice
        from="ACTIVE"
        offered={offered}
        value={status}
        onChange={(next) => form.setFieldValue('status', next)}
      />
      <WhenField
        timing={timing}
        onTiming={setTiming}
        input={form.getInputProps('deferUntil')}
        past={form.getInputProps('backdateTo')}
      />
      {status === 'INACTIVE' && (
        <ReactivationField from={later} input={form.getInputProps('reactivateOn')} />
      )}
      <Autocomplete
        label={t`Reason`}
        data={reasons}
        maxLength={255}
        {...form.getInputProps('reason')}
      />
      <Textarea label={t`Note`} autosize minRows={1} maxRows={5} {...form.getInputProps('note')} />
      <JobPreview
        preview={preview}
        isScheduled={timing === 'later'}
        cancels={cancels}
        onCancels={setCancels}
        onPreviewAgain={previewAgain}
      />
      {status === 'CLOSED' && <ClosingWarning kind="account" sure={sure} onSure={setSure} />}
    </FormDialog>
  )
}
