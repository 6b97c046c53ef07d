/** The fields of the dialogs that add and edit a contact: values, inputs and mapping. */
import { t } from '@lingui/core/macro'
import { Checkbox, Group, Radio, Textarea, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { useMemo } from 'react'
import type { ContactDetailsFragment, ContactKind } from '@/gql/graphql'
import { contactKindLabels, optionsOf } from '@/lib/labels'
import { optionalText } from '@/lib/payload'
import { FieldRow } from '@/ui/FieldRow'
import { PickField } from '@/ui/PickField'
import { countryOptions } from './countries'

export interface ContactValues {
  kind: ContactKind
  isPrimary: boolean
  name: string
  email: string
  phone: string
  addressLines: string
  city: string
  region: string
  postalCode: string
  country: string | null
}

/** The initial values of a form: those of a billing contact, or of the edited contact. */
export function contactValues(contact?: ContactDetailsFragment): ContactValues {
  return {
    kind: contact?.kind ?? 'BILLING',
    isPrimary: contact?.isPrimary ?? false,
    name: contact?.name ?? '',
    email: contact?.email ?? '',
    phone: contact?.phone ?? '',
    addressLines: contact?.addressLines ?? '',
    city: contact?.city ?? '',
    region: contact?.region ?? '',
    postalCode: contact?.postalCode ?? '',
    country: contact?.country ?? null,
  }
}

/** The fields of the mutation input. A blank field is null, which means "none". */
export function contactInput(values: ContactValues) {
  return {
    kind: values.kind,
    isPrimary: values.kind === 'BILLING' && values.isPrimary,
    name: values.name.trim(),
    email: optionalText(values.email) ?? null,
    phone: optionalText(values.phone) ?? null,
    addressLines: optionalText(values.addressLines) ?? null,
    city: optionalText(values.city) ?? null,
    region: optionalText(values.region) ?? null,
    postalCode: optionalText(values.postalCode) ?? null,
    country: values.country,
  }
}

export const contactRules = {
  name: (value: string) => (value.trim() ? null : t`Enter a name`),
}

export function ContactFields({ form }: { form: UseFormReturnType<ContactValues> }) {
  const countries = useMemo(countryOptions, [])
  return (
    <>
      <Radio.Group label={t`Kind`} {...form.getInputProps('kind')}>
        <Group gap="md" my={6}>
          {optionsOf(contactKindLabels).map(({ value, label }) => (
            <Radio key={value} value={value} label={label} />
          ))}
        </Group>
      </Radio.Group>
      {form.values.kind === 'BILLING' && (
        <Checkbox
          label={t`Primary: bills are addressed to this contact`}
          {...form.getInputProps('isPrimary', { type: 'checkbox' })}
        />
      )}
      <TextInput
        label={t`Name`}
        description={t`A person or a department`}
        required
        data-autofocus
        {...form.getInputProps('name')}
      />
      <FieldRow>
        <TextInput label={t`E-mail`} type="email" {...form.getInputProps('email')} />
        <TextInput label={t`Phone`} type="tel" {...form.getInputProps('phone')} />
      </FieldRow>
      <Textarea
        label={t`Address`}
        description={t`Street and number, at most 4 lines`}
        autosize
        minRows={2}
        maxRows={4}
        {...form.getInputProps('addressLines')}
      />
      <FieldRow>
        <TextInput label={t`Postal code`} {...form.getInputProps('postalCode')} />
        <TextInput label={t`City`} {...form.getInputProps('city')} />
      </FieldRow>
      <FieldRow>
        <TextInput label={t`State or region`} {...form.getInputProps('region')} />
        <PickField
          label={t`Country`}
          clearable
          clearButtonProps={{ 'aria-label': t`No country` }}
          options={countries}
          {...form.getInputProps('country')}
        />
      </FieldRow>
    </>
  )
}
