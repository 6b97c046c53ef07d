import { t } from '@lingui/core/macro'
import { TextInput } from '@mantine/core'
import { isEmail, useForm } from '@mantine/form'
import type { Role } from '@/gql/graphql'
import { optionalText } from '@/lib/payload'
import { useAction } from '@/lib/useAction'
import { RoleField } from '@/ui/RoleField'
import { SecretDialog } from '@/ui/SecretDialog'
import { CreateUserDocument } from './operations.generated'

export default function CreateUserDialog() {
  const form = useForm({
    initialValues: { email: '', name: '', role: 'AGENT' as Role },
    validate: { email: isEmail(t`Enter an e-mail address`) },
  })
  const create = useAction(CreateUserDocument, (data) => data.createUser, form)
  const { email, name, role } = form.values
  return (
    <SecretDialog
      title={t`New user`}
      submit={t`Create user`}
      making={create}
      form={form}
      onSubmit={async () =>
        (await create.run({ input: { email, name: optionalText(name), role } }))?.password
      }
      label={t`Password`}
      hint={t`Give it to ${email}, who can change it after signing in.`}
    >
      <TextInput
        label={t`E-mail`}
        type="email"
        autoComplete="off"
        required
        data-autofocus
        description={t`The address to sign in with. It cannot be changed.`}
        {...form.getInputProps('email')}
      />
      <TextInput label={t`Name`} autoComplete="off" {...form.getInputProps('name')} />
      <RoleField {...form.getInputProps('role')} />
    </SecretDialog>
  )
}
