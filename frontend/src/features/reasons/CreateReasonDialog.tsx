import { t } from '@lingui/core/macro'
import { TextInput } from '@mantine/core'
import { isNotEmpty, useForm } from '@mantine/form'
import { useDialog } from '@/lib/dialog'
import { notify } from '@/lib/notify'
import { useAction } from '@/lib/useAction'
import { FormDialog } from '@/ui/FormDialog'
import { CreateReasonDocument } from './operations.generated'
import { ReasonFields, type ReasonValues, reasonRules } from './ReasonFields'

interface NewReason extends ReasonValues {
  code: string
}

export default function CreateReasonDialog() {
  const { close } = useDialog()
  const form = useForm<NewReason>({
    initialValues: { code: '', label: '', appliesTo: ['INACTIVE'] },
    validate: { ...reasonRules, code: isNotEmpty(t`Enter a code`) },
  })
  const create = useAction(CreateReasonDocument, (data) => data.createReason, form)

  async function submit({ code, label, appliesTo }: NewReason) {
    const input = { code: code.trim(), label: label.trim(), appliesTo }
    if (!(await create.run({ input }))) return
    notify(t`Reason created.`)
    close()
  }

  return (
    <FormDialog
      title={t`New reason`}
      submit={t`Create reason`}
      onSubmit={form.onSubmit(submit)}
      busy={create.busy}
      problems={create.problems}
      form={form}
      size={460}
    >
      <TextInput
        label={t`Code`}
        required
        data-autofocus
        autoComplete="off"
        placeholder={t`moved-away`}
        description={t`For programs. It cannot be changed.`}
        {...form.getInputProps('code')}
      />
      <ReasonFields form={form} />
    </FormDialog>
  )
}
