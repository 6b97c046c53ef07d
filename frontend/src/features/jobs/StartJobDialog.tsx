import { t } from '@lingui/core/macro'
import { Select } from '@mantine/core'
import { isNotEmpty, useForm } from '@mantine/form'
import type { JobKind } from '@/gql/graphql'
import { useBusiness } from '@/lib/business'
import { useDialog } from '@/lib/dialog'
import { jobKindLabels, optionsOf } from '@/lib/labels'
import { notify } from '@/lib/notify'
import { listOf } from '@/lib/paging'
import { formatDate } from '@/lib/time'
import { useAction } from '@/lib/useAction'
import { DateField } from '@/ui/DateField'
import { FormDialog } from '@/ui/FormDialog'
import { StartJobDocument } from './operations.generated'

/** The jobs that need no more than a date. */
const startable = {
  DEFERRED_ACTIONS: jobKindLabels.DEFERRED_ACTIONS,
  BILL_DAY: jobKindLabels.BILL_DAY,
}

export default function StartJobDialog() {
  const { close, address } = useDialog()
  const [chosen] = listOf(address.choice, startable) ?? []
  const { clock } = useBusiness()
  const form = useForm({
    initialValues: {
      kind: (chosen ?? null) as JobKind | null,
      businessDate: clock.today as string | null,
    },
    validate: {
      kind: isNotEmpty(t`Choose a job`),
      businessDate: isNotEmpty(t`Choose a business date`),
    },
  })
  const start = useAction(StartJobDocument, (data) => data.startJob, form)

  async function submit({ kind, businessDate }: typeof form.values) {
    if (!kind) return
    const payload = await start.run({ input: { kind, businessDate } })
    if (!payload?.jobRun) return
    const { jobRun } = payload
    const [job, date] = [jobKindLabels[jobRun.kind], formatDate(jobRun.businessDate)]
    notify(t`Started: ${job}, ${date}.`)
    close()
  }

  return (
    <FormDialog
      title={t`Start a job`}
      submit={t`Start`}
      size={460}
      onSubmit={form.onSubmit(submit)}
      busy={start.busy}
      problems={start.problems}
      form={form}
    >
      <Select
        label={t`Job`}
        data={optionsOf(startable)}
        required
        data-autofocus
        placeholder={t`Choose a job`}
        allowDeselect={false}
        {...form.getInputProps('kind')}
      />
      <DateField
        label={t`Business date`}
        description={t`Today or an earlier day`}
        required
        allowPast
        allowFuture={false}
        {...form.getInputProps('businessDate')}
      />
    </FormDialog>
  )
}
