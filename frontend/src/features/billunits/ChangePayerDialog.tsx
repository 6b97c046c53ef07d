import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Text, Textarea } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import { useQuery } from 'urql'
import type { BillUnitSubjectQuery } from '@/gql/graphql'
import { useDialog, useSubjectId } from '@/lib/dialog'
import { refusalOf, useDryRun } from '@/lib/dryRun'
import { notify } from '@/lib/notify'
import { optionalText } from '@/lib/payload'
import { useAction } from '@/lib/useAction'
import { AccountLink } from '@/ui/AccountLink'
import { DialogFrame, FormDialog } from '@/ui/FormDialog'
import { PayerImpact } from '@/ui/PayerImpact'
import { EmptyMessage, QueryResult } from '@/ui/States'
import {
  BillUnitSubjectDocument,
  ChangePayerDocument,
  PreviewPayerDocument,
} from './operations.generated'
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
    <DialogFrame title={t`Change payer`}>
      <QueryResult result={result} retry={() => refetch({ requestPolicy: 'network-only' })}>
        {() => <EmptyMessage title={t`Not found`} hint={t`There is no bill unit with this id.`} />}
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
      payingParentId: (value) => (another && !value ? t`Choose the account that pays` : null),
    },
  })
  const change = useAction(ChangePayerDocument, (data) => data.changePayer, form)
  const { payingParentId } = form.values
  const isChosen = !another || payingParentId !== null
  const payer = { billUnitId: unit.id, payingParentId: another ? payingParentId : null }
  const preview = useDryRun(PreviewPayerDocument, isChosen ? { input: payer } : null)
  const previewed = preview.data?.changePayer

  async function submit(values: Values) {
    const payload = await change.run({
      input: {
        ...payer,
        note: optionalText(values.note),
        expectedVersion: unit.version,
      },
    })
    if (!payload) return
    notify(
      another
        ? t`${unit.name} is now billed to another account.`
        : t`${unit.name} is now billed to this account.`,
    )
    close()
  }

  return (
    <FormDialog
      title={t`Change payer of ${unit.name}`}
      submit={t`Change payer`}
      onSubmit={form.onSubmit(submit)}
      busy={change.busy}
      problems={change.problems}
      form={form}
    >
      <Text size="sm" component="div">
        {unit.payingParent ? (
          <Trans>
            Now: <AccountLink account={unit.payingParent.account} />
          </Trans>
        ) : (
          t`Now: this account`
        )}
      </Text>
      <PayerField
        paidByAnother={another}
        onPaidByAnother={setAnother}
        {...form.getInputProps('payingParentId')}
      />
      {isChosen && (
        <PayerImpact
          preview={preview}
          refusal={refusalOf(previewed)}
          account={previewed?.billUnit?.account}
          impact={previewed?.impact ?? undefined}
        />
      )}
      <Textarea label={t`Note`} autosize minRows={1} maxRows={5} {...form.getInputProps('note')} />
    </FormDialog>
  )
}
