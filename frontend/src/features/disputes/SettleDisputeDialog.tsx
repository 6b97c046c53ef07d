/** Ends a dispute: granted in full, in part, or denied. */
import { DataList, Group, Radio, Textarea } from '@mantine/core'
import { useForm } from '@mantine/form'
import type { ReactNode } from 'react'
import { useQuery } from 'urql'
import type { DisputeRowFragment } from '@/gql/graphql'
import { useDialog, useSubjectId } from '@/lib/dialog'
import { disputeStatusLabels, optionsOf } from '@/lib/labels'
import { formatMoney, isAmount } from '@/lib/money'
import { notify } from '@/lib/notify'
import { optionalText } from '@/lib/payload'
import { useAction } from '@/lib/useAction'
import { AmountField } from '@/ui/AmountField'
import { DialogFrame, FormDialog } from '@/ui/FormDialog'
import { EmptyMessage, QueryResult } from '@/ui/States'
import { When } from '@/ui/When'
import { type Decision, decisionLabels, decisionOf, grantedBy } from './decision'
import { DisputeToSettleDocument, SettleDisputeDocument } from './operations.generated'
import { subjectName } from './subject'

export default function SettleDisputeDialog() {
  const id = useSubjectId()
  const [result, refetch] = useQuery({
    query: DisputeToSettleDocument,
    variables: { id },
    requestPolicy: 'network-only',
  })
  const dispute = result.data?.node
  if (dispute?.__typename === 'Dispute') return <SettleForm key={dispute.id} dispute={dispute} />
  return (
    <DialogFrame title="Settle dispute">
      <QueryResult result={result} retry={() => refetch({ requestPolicy: 'network-only' })}>
        {() => <EmptyMessage title="Not found" hint="There is no dispute with this id." />}
      </QueryResult>
    </DialogFrame>
  )
}

function SettleForm({ dispute }: { dispute: DisputeRowFragment }) {
  const { close, address } = useDialog()
  const { amount, currency } = dispute.amount
  const form = useForm({
    initialValues: { decision: decisionOf(address.choice), granted: '', note: '' },
    validate: {
      decision: (value) => (value ? null : 'Choose a decision.'),
      granted: (value, { decision }) =>
        decision !== 'part' || isAmount(value) ? null : 'Enter an amount, for example 5.00.',
    },
  })
  const settle = useAction(SettleDisputeDocument, (data) => data.settleDispute, form)

  const { decision } = form.values

  async function submit({ granted, note }: typeof form.values) {
    if (!decision) return
    const input = {
      disputeId: dispute.id,
      granted: grantedBy(decision, amount, granted),
      note: optionalText(note),
    }
    const payload = await settle.run({ input })
    if (!payload) return
    notify(`${disputeStatusLabels[payload.dispute?.status ?? 'GRANTED']}.`)
    close()
  }

  return (
    <FormDialog
      title={`Settle dispute: ${subjectName(dispute)}`}
      submit="Settle"
      onSubmit={form.onSubmit(submit)}
      busy={settle.busy}
      problems={settle.problems}
      form={form}
    >
      <Asked dispute={dispute} />
      <DecisionChoice
        decision={decision}
        error={form.errors.decision}
        onDecision={(next) => form.setFieldValue('decision', next)}
      />
      {decision === 'part' && (
        <AmountField
          label="Granted"
          currency={currency}
          required
          description={`Up to ${formatMoney(amount, currency)}. The rest becomes due again.`}
          {...form.getInputProps('granted')}
        />
      )}
      <Textarea label="Note" autosize minRows={1} maxRows={5} {...form.getInputProps('note')} />
    </FormDialog>
  )
}

function Asked({ dispute }: { dispute: DisputeRowFragment }) {
  return (
    <DataList size="sm" gap={6} labelWidth={120}>
      <DataList.Item>
        <DataList.ItemLabel>Disputed</DataList.ItemLabel>
        <DataList.ItemValue>
          {formatMoney(dispute.amount.amount, dispute.amount.currency)}
        </DataList.ItemValue>
      </DataList.Item>
      <DataList.Item>
        <DataList.ItemLabel>Reason</DataList.ItemLabel>
        <DataList.ItemValue>{dispute.reason}</DataList.ItemValue>
      </DataList.Item>
      <DataList.Item>
        <DataList.ItemLabel>Opened</DataList.ItemLabel>
        <DataList.ItemValue>
          <span>
            <When at={dispute.openedAt} /> by {dispute.openedBy}
          </span>
        </DataList.ItemValue>
      </DataList.Item>
    </DataList>
  )
}

interface DecisionChoiceProps {
  /** Null while none is chosen: a wrong one would move money. */
  decision: Decision | null
  error: ReactNode
  onDecision: (decision: Decision) => void
}

function DecisionChoice({ decision, error, onDecision }: DecisionChoiceProps) {
  return (
    <Radio.Group
      label="Decision"
      required
      error={error}
      value={decision}
      onChange={(next) => onDecision(next as Decision)}
    >
      <Group gap="md" my={6}>
        {optionsOf(decisionLabels).map(({ value, label }) => (
          <Radio key={value} value={value} label={label} />
        ))}
      </Group>
    </Radio.Group>
  )
}
