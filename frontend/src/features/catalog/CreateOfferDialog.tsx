import { Autocomplete, Group, SegmentedControl, TextInput } from '@mantine/core'
import { isNotEmpty, useForm } from '@mantine/form'
import { useDialog } from '@/lib/dialog'
import { offerKindLabels, optionsOf, usualServiceKinds } from '@/lib/labels'
import { notify } from '@/lib/notify'
import { useAction } from '@/lib/useAction'
import { FormDialog } from '@/ui/FormDialog'
import { emptyOffer, type OfferValues, offerInput, offerRules } from './offer'
import { CreateOfferDocument } from './operations.generated'

export default function CreateOfferDialog() {
  const { close } = useDialog()
  const form = useForm<OfferValues>({
    initialValues: emptyOffer,
    validate: { code: isNotEmpty('Enter a code'), name: isNotEmpty('Enter a name'), ...offerRules },
  })
  const create = useAction(CreateOfferDocument, (data) => data.createOffer, form)
  const { kind, currency } = form.values

  async function submit(values: OfferValues) {
    const payload = await create.run({ input: offerInput(values) })
    if (!payload) return
    notify(`${payload.offer?.name ?? 'The offer'} created.`)
    close()
  }

  const amount = (label: string, field: keyof OfferValues) => (
    <TextInput
      label={label}
      inputMode="decimal"
      placeholder="None"
      {...form.getInputProps(field)}
    />
  )
  return (
    <FormDialog
      title="New offer"
      submit="Create offer"
      onSubmit={form.onSubmit(submit)}
      busy={create.busy}
      problems={create.problems}
      form={form}
    >
      <SegmentedControl
        aria-label="Kind"
        data={optionsOf(offerKindLabels)}
        {...form.getInputProps('kind')}
      />
      <Group grow align="start">
        <TextInput label="Code" required data-autofocus {...form.getInputProps('code')} />
        <TextInput label="Name" required {...form.getInputProps('name')} />
      </Group>
      <Group grow align="start">
        <Autocomplete
          label="For services of kind"
          placeholder="Account"
          data={usualServiceKinds}
          {...form.getInputProps('serviceKind')}
        />
        <TextInput label="Currency" required maxLength={3} {...form.getInputProps('currency')} />
      </Group>
      {kind === 'CHARGE' ? (
        <>
          <Group grow align="start">
            {amount(`Monthly fee in ${currency}`, 'monthlyFee')}
            {amount(`Purchase fee in ${currency}`, 'purchaseFee')}
            {amount(`Cancel fee in ${currency}`, 'cancelFee')}
          </Group>
          <Group grow align="start">
            {amount(`Usage rate in ${currency}`, 'usageRate')}
            <TextInput
              label="Per"
              placeholder="MB, SMS, minute"
              {...form.getInputProps('usageUnit')}
            />
          </Group>
        </>
      ) : (
        <Group grow align="start">
          {amount('Per cent off the monthly fee', 'monthlyPercentOff')}
          {amount('Per cent off usage', 'usagePercentOff')}
        </Group>
      )}
    </FormDialog>
  )
}
