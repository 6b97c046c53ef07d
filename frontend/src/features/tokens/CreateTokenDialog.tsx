import { t } from '@lingui/core/macro'
import { Select, TextInput } from '@mantine/core'
import { isNotEmpty, useForm } from '@mantine/form'
import type { Role } from '@/gql/graphql'
import { optionsOf } from '@/lib/labels'
import { useAction } from '@/lib/useAction'
import { RoleField } from '@/ui/RoleField'
import { SecretDialog } from '@/ui/SecretDialog'
import { CreateTokenDocument } from './operations.generated'

/** Days, as texts; 0 for a token that does not expire. */
const lifetimes = {
  '30': t`After 30 days`,
  '90': t`After 90 days`,
  '365': t`After a year`,
  '1095': t`After three years`,
  '0': t`Never`,
}

export default function CreateTokenDialog() {
  const form = useForm({
    initialValues: { name: '', role: 'AGENT' as Role, expiresInDays: '365' },
    validate: { name: isNotEmpty(t`Enter the name of the partner system`) },
  })
  const create = useAction(CreateTokenDocument, (data) => data.createToken, form)
  const { role, expiresInDays } = form.values
  const name = form.values.name.trim()
  return (
    <SecretDialog
      title={t`New token`}
      submit={t`Create token`}
      making={create}
      form={form}
      onSubmit={async () =>
        (await create.run({ input: { name, role, expiresInDays: Number(expiresInDays) } }))?.secret
      }
      label={t`Token`}
      hint={t`${name} sends it as “Authorization: Bearer …”.`}
    >
      <TextInput
        label={t`Name`}
        autoComplete="off"
        required
        data-autofocus
        placeholder={t`Shop`}
        description={t`The partner system. Its changes are recorded with this name.`}
        {...form.getInputProps('name')}
      />
      <RoleField {...form.getInputProps('role')} />
      <Select
        label={t`Expires`}
        data={optionsOf(lifetimes).sort(byDays)}
        allowDeselect={false}
        {...form.getInputProps('expiresInDays')}
      />
    </SecretDialog>
  )
}

/** The keys of an object that are integers come in ascending order; "never" is last. */
function byDays(one: { value: string }, other: { value: string }): number {
  return (Number(one.value) || Number.MAX_VALUE) - (Number(other.value) || Number.MAX_VALUE)
}
