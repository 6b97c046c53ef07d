import { t } from '@lingui/core/macro'
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
import { ExpirationField, expirationRule } from './ExpirationField'
import { expirationOf, formatExpiration, readExpiration } from './expiration'
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
    <DialogFrame title={t`Edit expiration`}>
      <QueryResult result={result} retry={() => refetch({ requestPolicy: 'network-only' })}>
        {() => (
          <EmptyMessage title={t`Not found`} hint={t`There is no credit card with this id.`} />
        )}
      </QueryResult>
    </DialogFrame>
  )
}

function EditForm({ card, owner }: { card: MethodFragment; owner: string }) {
  const { close } = useDialog()
  const { label } = card
  const now = expirationOf(card)
  const form = useForm({
    initialValues: { expiration: '' },
    validate: { expiration: expirationRule },
  })
  const update = useAction(UpdateCardExpirationDocument, (data) => data.updateCardExpiration, form)

  async function submit(values: typeof form.values) {
    const expiration = readExpiration(values.expiration)
    if (!expiration) return
    const payload = await update.run({
      input: {
        paymentMethodId: card.id,
        expirationMonth: expiration.month,
        expirationYear: expiration.year,
      },
    })
    if (!payload) return
    const expires = formatExpiration(expiration)
    notify(t`${label} expires ${expires} now.`)
    close()
  }

  const facts = [
    [t`Kind`, paymentMethodLabels[card.kind]],
    [t`Brand`, card.brand ?? '–'],
    [t`Number`, `···· ${card.lastFour ?? '????'}`],
    [t`Expires`, now ? formatExpiration(now) : '–'],
    [t`Account`, owner],
  ] as const
  return (
    <FormDialog
      title={t`Edit expiration of ${label}`}
      submit={t`Save`}
      size={460}
      onSubmit={form.onSubmit(submit)}
      busy={update.busy}
      problems={update.problems}
      form={form}
    >
      <DataList size="sm" gap={6} labelWidth={90}>
        {facts.map(([fact, value]) => (
          <DataList.Item key={fact}>
            <DataList.ItemLabel>{fact}</DataList.ItemLabel>
            <DataList.ItemValue>{value}</DataList.ItemValue>
          </DataList.Item>
        ))}
      </DataList>
      <Text size="sm">
        {t`Only the expiration date can be edited. For a different card, add a new payment method.`}
      </Text>
      <ExpirationField data-autofocus {...form.getInputProps('expiration')} />
    </FormDialog>
  )
}
