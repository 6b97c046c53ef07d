import { t } from '@lingui/core/macro'
import { Autocomplete, SegmentedControl, TextInput } from '@mantine/core'
import { isNotEmpty, useForm } from '@mantine/form'
import { useDialog } from '@/lib/dialog'
import { offerKindLabels, optionsOf, usualServiceKinds } from '@/lib/labels'
import { notify } from '@/lib/notify'
import { useAction } from '@/lib/useAction'
import { FieldRow } from '@/ui/FieldRow'
import { FormDialog } from '@/ui/FormDialog'
import { emptyOffer, type OfferValues, offerInput, offerRules } from './offer'
import { CreateOfferDocument } from './operations.generated'

export default function CreateOfferDialog() {
  const { close } = useDialog()
  const form = useForm<OfferValues>({
    initialValues: emptyOffer,
    validate: {
      code: isNotEmpty(t`Enter a code`),
      name: isNotEmpty(t`Enter a name`),
      ...offerRules,
    },
  })
  const create = useAction(CreateOfferDocument, (data) => data.createOffer, form)
  const { kind, currency } = form.values

  async function submit(values: OfferValues) {
    const payload = await create.run({ input: offerInput(values) })
    if (!payload) return
    const name = values.name.trim()
    notify(t`${name} created.`)
    close()
  }

  const amount = (label: string, field: keyof OfferValues) => (
    <TextInput
      label={label}
      inputMode="decimal"
      placeholder={t`None`}
      {...form.getInputProps(field)}
    />
  )
  return (
    <FormDialog
      title={t`New offer`}
      size={640}
      submit={t`Create offer`}
      onSubmit={form.onSubmit(submit)}
      busy={create.busy}
      problems={create.problems}
      form={form}
    >
      <SegmentedControl
        aria-label={t`Kind`}
        data={optionsOf(offerKindLabels)}
        {...form.getInputProps('kind')}
      />
      <FieldRow>
        <TextInput label={t`Code`} required data-autofocus {...form.getInputProps('code')} />
        <TextInput label={t`Name`} required {...form.getInputProps('name')} />
      </FieldRow>
      <FieldRow>
        <Autocomplete
          label={t`For services of kind`}
          placeholder={t`Account`}
          data={usualServiceKinds}
          {...form.getInputProps('serviceKind')}
        />
        <TextInput label={t`Currency`} required maxLength={3} {...form.getInputProps('currency')} />
      </FieldRow>
      {kind === 'CHARGE' ? (
        <>
          <FieldRow>
            {amount(t`Monthly fee in ${currency}`, 'monthlyFee')}
            {amount(t`Purchase fee in ${currency}`, 'purchaseFee')}
            {amount(t`Cancel fee in ${currency}`, 'cancelFee')}
          </FieldRow>
          <FieldRow>
            {amount(t`Usage rate in ${currency}`, 'usageRate')}
            <TextInput
              label={t`Per`}
              placeholder={t`MB, SMS, minute`}
              {...form.getInputProps('usageUnit')}
            />
          </FieldRow>
        </>
      ) : (
        <FieldRow>
          {amount(t`Per cent off the monthly fee`, 'monthlyPercentOff')}
          {amount(t`Per cent off usage`, 'usagePercentOff')}
        </FieldRow>
      )}
    </FormDialog>
  )
}
