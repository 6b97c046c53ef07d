/** Ends a dispute: granted in full, in part, or denied. */
import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { DataList, Group, Radio, Textarea } from '@mantine/core'
import { useForm } from '@mantine/form'
import type { ReactNode } from 'react'
import { useQuery } from 'urql'
import type { DisputeRowFragment } from '@/gql/graphql'
import { useDialog, useSubjectId } from '@/lib/dialog'
import { disputeStatusLabels, optionsOf } from '@/lib/labels'
import { formatMoney } from '@/lib/money'
import { notify } from '@/lib/notify'
import { optionalText } from '@/lib/payload'
import { amountProblem, typedAmount } from '@/lib/typedAmounts'
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
    <DialogFrame title={t`Settle dispute`}>
      <QueryResult result={result} retry={() => refetch({ requestPolicy: 'network-only' })}>
        {() => <EmptyMessage title={t`Not found`} hint={t`There is no dispute with this id.`} />}
      </QueryResult>
    </DialogFrame>
  )
}

function SettleForm({ dispute }: { dispute: DisputeRowFragment }) {
  const { close, address } = useDialog()
  const { amount, currency } = dispute.amount
  const [name, limit] = [subjectName(dispute), formatMoney(amount, currency)]
  const form = useForm({
    initialValues: { decision: decisionOf(address.choice), granted: '', note: '' },
    validate: {
      decision: (value) => (value ? null : t`Choose a decision.`),
      granted: (value, { decision }) =>
        decision === 'part'
          ? amountProblem(value, t`Enter an amount, for example 5.00.`, currency)
          : null,
    },
  })
  const settle = useAction(SettleDisputeDocument, (data) => data.settleDispute, form)

  const { decision } = form.values

  async function submit({ granted, note }: typeof form.values) {
    if (!decision) return
    const input = {
      disputeId: dispute.id,
      granted: grantedBy(decision, amount, typedAmount(granted, currency)),
      note: optionalText(note),
    }
    const payload = await settle.run({ input })
    if (!payload) return
    notify(`${disputeStatusLabels[payload.dispute?.status ?? 'GRANTED']}.`)
    close()
  }

  return (
    <FormDialog
      title={t`Settle dispute: ${name}`}
      submit={t`Settle`}
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
          label={t`Granted`}
          currency={currency}
          required
          description={t`Up to ${limit}. The rest becomes due again.`}
          {...form.getInputProps('granted')}
        />
      )}
      <Textarea label={t`Note`} autosize minRows={1} maxRows={5} {...form.getInputProps('note')} />
    </FormDialog>
  )
}

function Asked({ dispute }: { dispute: DisputeRowFragment }) {
  const { openedBy } = dispute
  return (
    <DataList size="sm" gap={6} labelWidth={120}>
      <DataList.Item>
        <DataList.ItemLabel>{t`Disputed`}</DataList.ItemLabel>
        <DataList.ItemValue>
          {formatMoney(dispute.amount.amount, dispute.amount.currency)}
        </DataList.ItemValue>
      </DataList.Item>
      <DataList.Item>
        <DataList.ItemLabel>{t`Reason`}</DataList.ItemLabel>
        <DataList.ItemValue>{dispute.reason}</DataList.ItemValue>
      </DataList.Item>
      <DataList.Item>
        <DataList.ItemLabel>{t`Opened`}</DataList.ItemLabel>
        <DataList.ItemValue>
          <span>
            <Trans>
              <When at={dispute.openedAt} /> by {openedBy}
            </Trans>
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
      label={t`Decision`}
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
