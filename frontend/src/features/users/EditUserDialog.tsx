import { t } from '@lingui/core/macro'
import { Switch, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import type { UserNodeFragment } from '@/gql/graphql'
import { useDialog } from '@/lib/dialog'
import { notify } from '@/lib/notify'
import { optionalText } from '@/lib/payload'
import { useAction } from '@/lib/useAction'
import { FormDialog } from '@/ui/FormDialog'
import { RoleField } from '@/ui/RoleField'
import { UpdateUserDocument } from './operations.generated'
import { UserSubject } from './UserSubject'

export default function EditUserDialog() {
  return (
    <UserSubject title={t`Edit user`}>
      {(user) => <EditForm key={user.id} user={user} />}
    </UserSubject>
  )
}

function EditForm({ user }: { user: UserNodeFragment }) {
  const { close } = useDialog()
  const [expectedVersion] = useState(user.version)
  const form = useForm({
    initialValues: {
      name: user.name ?? '',
      role: user.role,
      maySignIn: user.status === 'ACTIVE',
    },
  })
  const { email } = user
  const update = useAction(UpdateUserDocument, (data) => data.updateUser, form)

  async function submit({ name, role, maySignIn }: typeof form.values) {
    const status = maySignIn ? 'ACTIVE' : 'DISABLED'
    const input = { userId: user.id, name: optionalText(name) ?? null, role, status } as const
    if (!(await update.run({ input: { ...input, expectedVersion } }))) return
    notify(t`${email} saved.`)
    close()
  }

  return (
    <FormDialog
      title={t`Edit ${email}`}
      submit={t`Save`}
      onSubmit={form.onSubmit(submit)}
      busy={update.busy}
      problems={update.problems}
      form={form}
      size={460}
    >
      <TextInput
        label={t`Name`}
        autoComplete="off"
        data-autofocus
        {...form.getInputProps('name')}
      />
      <RoleField {...form.getInputProps('role')} />
      <Switch
        label={t`May sign in`}
        description={t`Without it, all sessions of the user end at once.`}
        {...form.getInputProps('maySignIn', { type: 'checkbox' })}
      />
    </FormDialog>
  )
}
