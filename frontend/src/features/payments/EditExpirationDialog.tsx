import { DataList, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery } from 'urql'
import type { MethodFragment } from '@/gql/graphql'
import { useDialog, useSubjectId } from '@/lib/dialog'
import { paymentMethodLabels } from '@/lib/labels'
import { notify } from '@/lib/notify'
import { useAction } from '@/lib/useAction'
import { DialogFrame, FormDialog } from '@/ui/FormDialog'
import { EmptyMessage, QueryResult } from '@/ui/States'
import { ExpirationFields, type ExpirationValues, expirationRules } from './ExpirationFields'
import { months } from './expiration'
import { PaymentMethodSubjectDocument, UpdateCardExpirationDocument } from './operations.generated'

export default function EditExpirationDialog() {
  const id = useSubjectId()
  const [result, refetch] = useQuery({
    query: PaymentMethodSubjectDocument,
    variables: { id },
    requestPolicy: 'network-only',
  })
  const node = result.data?.node
  if (node?.__typename === 'PaymentMethod' && node.kind === 'CREDIT_CARD') {
    return <EditForm key={node.id} card={node} owner={node.account.name} />
  }
  return (
    <DialogFrame title="Edit expiration">
      <QueryResult result={result} retry={() => refetch({ requestPolicy: 'network-only' })}>
        {() => <EmptyMessage title="Not found" hint="There is no credit card with this id." />}
      </QueryResult>
    </DialogFrame>
  )
}

function EditForm({ card, owner }: { card: MethodFragment; owner: string }) {
  const { close } = useDialog()
  const form = useForm<ExpirationValues>({
    initialValues: {
      expirationMonth: months[(card.expirationMonth ?? 0) - 1] ?? null,
      expirationYear: card.expirationYear ? String(card.expirationYear) : null,
    },
    validate: expirationRules,
  })
  const update = useAction(UpdateCardExpirationDocument, (data) => data.updateCardExpiration, form)

  async function submit({ expirationMonth, expirationYear }: ExpirationValues) {
    const payload = await update.run({
      input: {
        paymentMethodId: card.id,
        expirationMonth: Number(expirationMonth),
        expirationYear: Number(expirationYear),
      },
    })
    if (!payload) return
    notify(`${card.label} expires ${expirationMonth}/${expirationYear} now.`)
    close()
  }

  const facts = [
    ['Kind', paymentMethodLabels[card.kind]],
    ['Brand', card.brand ?? '–'],
    ['Number', `···· ${card.lastFour ?? '????'}`],
    ['Account', owner],
  ] as const
  return (
    <FormDialog
      title={`Edit expiration of ${card.label}`}
      submit="Save"
      size={460}
      onSubmit={form.onSubmit(submit)}
      busy={update.busy}
      problems={update.problems}
      form={form}
    >
      <DataList size="sm" gap={6} labelWidth={90}>
        {facts.map(([label, value]) => (
          <DataList.Item key={label}>
            <DataList.ItemLabel>{label}</DataList.ItemLabel>
            <DataList.ItemValue>{value}</DataList.ItemValue>
          </DataList.Item>
        ))}
      </DataList>
      <Text size="sm">
        Only the expiration date can be edited. For a different card, add a new payment method.
      </Text>
      <ExpirationFields
        month={form.getInputProps('expirationMonth')}
        year={form.getInputProps('expirationYear')}
        yearNow={card.expirationYear}
      />
    </FormDialog>
  )
}
