import { Text, Textarea } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import { useQuery } from 'urql'
import type { BillUnitSubjectQuery } from '@/gql/graphql'
import { useDialog, useSubjectId } from '@/lib/dialog'
import { notify } from '@/lib/notify'
import { optionalText } from '@/lib/payload'
import { useAction } from '@/lib/useAction'
import { AccountLink } from '@/ui/AccountLink'
import { DialogFrame, FormDialog } from '@/ui/FormDialog'
import { EmptyMessage, QueryResult } from '@/ui/States'
import { BillUnitSubjectDocument, ChangePayerDocument } from './operations.generated'
import { PayerField } from './PayerField'

type Unit = Extract<NonNullable<BillUnitSubjectQuery['node']>, { __typename: 'BillUnit' }>

export default function ChangePayerDialog() {
  const id = useSubjectId()
  const [result, refetch] = useQuery({
    query: BillUnitSubjectDocument,
    variables: { id },
    requestPolicy: 'network-only',
  })
  const node = result.data?.node
  if (node?.__typename === 'BillUnit') return <ChangePayerForm key={node.id} unit={node} />
  return (
    <DialogFrame title="Change payer">
      <QueryResult result={result} retry={() => refetch({ requestPolicy: 'network-only' })}>
        {() => <EmptyMessage title="Not found" hint="There is no bill unit with this id." />}
      </QueryResult>
    </DialogFrame>
  )
}

interface Values {
  payingParentId: string | null
  note: string
}

function ChangePayerForm({ unit }: { unit: Unit }) {
  const { close } = useDialog()
  const [another, setAnother] = useState(unit.payingParent == null)
  const form = useForm<Values>({
    initialValues: { payingParentId: null, note: '' },
    validate: {
      payingParentId: (value) => (another && !value ? 'Choose the account that pays' : null),
    },
  })
  const change = useAction(ChangePayerDocument, (data) => data.changePayer, form)

  async function submit(values: Values) {
    const payload = await change.run({
      input: {
        billUnitId: unit.id,
        payingParentId: another ? values.payingParentId : null,
        note: optionalText(values.note),
        expectedVersion: unit.version,
      },
    })
    if (!payload) return
    notify(
      another
        ? `${unit.name} is now billed to another account.`
        : `${unit.name} is now billed to this account.`,
    )
    close()
  }

  return (
    <FormDialog
      title={`Change payer of ${unit.name}`}
      submit="Change payer"
      onSubmit={form.onSubmit(submit)}
      busy={change.busy}
      problems={change.problems}
      form={form}
    >
      <Text size="sm" component="div">
        Now:{' '}
        {unit.payingParent ? <AccountLink account={unit.payingParent.account} /> : 'this account'}
      </Text>
      <PayerField
        paidByAnother={another}
        onPaidByAnother={setAnother}
        {...form.getInputProps('payingParentId')}
      />
      <Textarea label="Note" autosize minRows={1} maxRows={5} {...form.getInputProps('note')} />
    </FormDialog>
  )
}
