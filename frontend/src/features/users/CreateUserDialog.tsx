import { t } from '@lingui/core/macro'
import { TextInput } from '@mantine/core'
import { isEmail, useForm } from '@mantine/form'
import { useState } from 'react'
import type { Role } from '@/gql/graphql'
import { optionalText } from '@/lib/payload'
import { useAction } from '@/lib/useAction'
import { FormDialog } from '@/ui/FormDialog'
import { RoleField } from '@/ui/RoleField'
import { Secret } from '@/ui/Secret'
import { CreateUserDocument } from './operations.generated'

export default function CreateUserDialog() {
  const [password, setPassword] = useState<string | null>(null)
  const form = useForm({
    initialValues: { email: '', name: '', role: 'AGENT' as Role },
    validate: { email: isEmail(t`Enter an e-mail address`) },
  })
  const create = useAction(CreateUserDocument, (data) => data.createUser, form)
  const { email } = form.values

  async function submit({ email, name, role }: typeof form.values) {
    const payload = await create.run({ input: { email, name: optionalText(name), role } })
    if (payload) setPassword(payload.password)
  }

  return (
    <FormDialog
      title={t`New user`}
      submit={t`Create user`}
      onSubmit={form.onSubmit(submit)}
      busy={create.busy}
      problems={create.problems}
      form={form}
      over={password !== null}
      size={460}
    >
      {password === null ? (
        <>
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
        </>
      ) : (
        <Secret
          label={t`Password`}
          hint={t`Give it to ${email}, who can change it after signing in.`}
          secret={password}
        />
      )}
    </FormDialog>
  )
}
