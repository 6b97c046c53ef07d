import { Select } from '@mantine/core'
import { DateInput } from '@mantine/dates'
import '@mantine/dates/styles.layer.css'
import { useForm } from '@mantine/form'
import type { JobKind } from '@/gql/graphql'
import { useBusiness } from '@/lib/business'
import { useDialog } from '@/lib/dialog'
import { jobKindLabels, optionsOf } from '@/lib/labels'
import { notify } from '@/lib/notify'
import { formatDate } from '@/lib/time'
import { useAction } from '@/lib/useAction'
import { calendarProps } from '@/ui/calendar'
import { FormDialog } from '@/ui/FormDialog'
import { StartJobDocument } from './operations.generated'

export default function StartJobDialog() {
  const { close } = useDialog()
  const { clock } = useBusiness()
  const form = useForm({
    initialValues: {
      kind: 'DEFERRED_ACTIONS' as JobKind,
      businessDate: clock.today as string | null,
    },
    validate: { businessDate: (day) => (day ? null : 'Choose a business date') },
  })
  const start = useAction(StartJobDocument, (data) => data.startJob, form)

  async function submit({ kind, businessDate }: typeof form.values) {
    const payload = await start.run({ input: { kind, businessDate } })
    if (!payload?.jobRun) return
    notify(
      `Started: ${jobKindLabels[payload.jobRun.kind]}, ${formatDate(payload.jobRun.businessDate)}.`,
    )
    close()
  }

  return (
    <FormDialog
      title="Start a job"
      submit="Start"
      size={440}
      onSubmit={form.onSubmit(submit)}
      busy={start.busy}
      problems={start.problems}
      form={form}
    >
      <Select
        label="Job"
        data={optionsOf(jobKindLabels)}
        allowDeselect={false}
        {...form.getInputProps('kind')}
      />
      <DateInput
        label="Business date"
        description="Today or an earlier day"
        valueFormat="YYYY-MM-DD"
        maxDate={clock.today}
        defaultDate={clock.today}
        {...calendarProps}
        {...form.getInputProps('businessDate')}
      />
    </FormDialog>
  )
}
