import { t } from '@lingui/core/macro'
import { TextInput } from '@mantine/core'
import { isNotEmpty, useForm } from '@mantine/form'
import { useState } from 'react'
import { useQuery } from 'urql'
import { useDialog, useSubjectId } from '@/lib/dialog'
import { refusalOf, useDryRun } from '@/lib/dryRun'
import { notify } from '@/lib/notify'
import { useAction } from '@/lib/useAction'
import { billingDayProblem, typedBillingDay } from '@/lib/wholeNumbers'
import { FormDialog } from '@/ui/FormDialog'
import { PreviewBox } from '@/ui/PreviewBox'
import { BillUnitImpact } from './BillUnitImpact'
import {
  AddBillUnitDocument,
  BillUnitAccountDocument,
  PreviewBillUnitDocument,
} from './operations.generated'
import { PayerField } from './PayerField'

interface Values {
  name: string
  billingDayOfMonth: string
  payingParentId: string | null
}

export default function AddBillUnitDialog() {
  const accountId = useSubjectId()
  const { close } = useDialog()
  const [{ data }] = useQuery({ query: BillUnitAccountDocument, variables: { id: accountId } })
  const owner = data?.account?.name
  const [another, setAnother] = useState(false)
  const form = useForm<Values>({
    initialValues: { name: '', billingDayOfMonth: '', payingParentId: null },
    validate: {
      name: isNotEmpty(t`Enter a name`),
      billingDayOfMonth: billingDayProblem,
      payingParentId: (value) => (another && !value ? t`Choose the account that pays` : null),
    },
  })
  const add = useAction(AddBillUnitDocument, (answer) => answer.addBillUnit, form)
  const { billingDayOfMonth, payingParentId } = form.values
  const isPayerChosen = !another || payingParentId !== null
  const isChosen = isPayerChosen && billingDayProblem(billingDayOfMonth) === null
  const terms = {
    accountId,
    billingDayOfMonth: typedBillingDay(billingDayOfMonth),
    payingParentId: another ? payingParentId : null,
  }
  // Any name: the preview is not asked again for each letter of it.
  const preview = useDryRun(
    PreviewBillUnitDocument,
    isChosen ? { input: { ...terms, name: 'Preview' } } : null,
  )
  const previewed = preview.data?.addBillUnit

  async function submit(values: Values) {
    const name = values.name.trim()
    if (!(await add.run({ input: { ...terms, name } }))) return
    notify(t`Bill unit ${name} added.`)
    close()
  }

  return (
    <FormDialog
      title={owner ? t`Add bill unit to ${owner}` : t`Add bill unit`}
      submit={t`Add bill unit`}
      onSubmit={form.onSubmit(submit)}
      busy={add.busy}
      problems={add.problems}
      form={form}
    >
      <TextInput label={t`Name`} required data-autofocus {...form.getInputProps('name')} />
      <TextInput
        label={t`Billing day of month`}
        description={t`Leave blank to use the day of the default bill unit or of the payer.`}
        inputMode="numeric"
        autoComplete="off"
        {...form.getInputProps('billingDayOfMonth')}
      />
      <PayerField
        paidByAnother={another}
        onPaidByAnother={setAnother}
        {...form.getInputProps('payingParentId')}
      />
      {isChosen && (
        <PreviewBox preview={preview} refusal={refusalOf(previewed)} isScheduled={false}>
          {previewed?.billUnit && data?.account && (
            <BillUnitImpact unit={previewed.billUnit} present={data.account.status} />
          )}
        </PreviewBox>
      )}
    </FormDialog>
  )
}
