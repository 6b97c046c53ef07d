/** The fields of a reason, for the dialogs that create and edit one. */
import { t } from '@lingui/core/macro'
import { Checkbox, Group, TextInput } from '@mantine/core'
import { isNotEmpty, type UseFormReturnType } from '@mantine/form'
import type { Status } from '@/gql/graphql'
import { optionsOf, statusVerbs } from '@/lib/labels'

export interface ReasonValues {
  label: string
  appliesTo: Status[]
}

export const reasonRules = {
  label: isNotEmpty(t`Enter a text`),
  appliesTo: isNotEmpty(t`Choose at least one`),
}

export function ReasonFields<Values extends ReasonValues>({
  form,
}: {
  form: UseFormReturnType<Values>
}) {
  return (
    <>
      <TextInput
        label={t`Text`}
        required
        autoComplete="off"
        placeholder={t`Moved away`}
        {...form.getInputProps('label')}
      />
      <Checkbox.Group label={t`Offered for`} required {...form.getInputProps('appliesTo')}>
        <Group mt={6}>
          {optionsOf(statusVerbs).map(({ value, label }) => (
            <Checkbox
              key={value}
              value={value}
              label={label}
              aria-invalid={form.errors.appliesTo ? true : undefined}
            />
          ))}
        </Group>
      </Checkbox.Group>
    </>
  )
}
