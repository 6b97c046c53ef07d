import { t } from '@lingui/core/macro'
import { Switch, TextInput } from '@mantine/core'
import type { Role, UserNodeFragment } from '@/gql/graphql'
import { useDialog } from '@/lib/dialog'
import { notify } from '@/lib/notify'
import { optionalText } from '@/lib/payload'
import { useAction } from '@/lib/useAction'
import { useEditForm } from '@/lib/useEditForm'
import { EditDialog } from '@/ui/EditDialog'
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

interface UserValues {
  name: string
  role: Role
  maySignIn: boolean
}

function userValues({ name, role, status }: UserNodeFragment): UserValues {
  return { name: name ?? '', role, maySignIn: status === 'ACTIVE' }
}

function EditForm({ user }: { user: UserNodeFragment }) {
  const { close } = useDialog()
  const edit = useEditForm(user, userValues)
  const { email } = user
  const update = useAction(UpdateUserDocument, (data) => data.updateUser, edit.form)

  async function submit({ name, role, maySignIn }: UserValues) {
    const status = maySignIn ? 'ACTIVE' : 'DISABLED'
    const input = { userId: user.id, name: optionalText(name) ?? null, role, status } as const
    if (!(await update.run({ input: { ...input, expectedVersion: edit.version } }))) return
    notify(t`${email} saved.`)
    close()
  }

  return (
    <EditDialog
      title={t`Edit ${email}`}
      edit={edit}
      saving={update}
      onSubmit={submit}
      staleTitle={t`This user was just edited by somebody else`}
      size={460}
    >
      <TextInput
        label={t`Name`}
        autoComplete="off"
        data-autofocus
        {...edit.form.getInputProps('name')}
      />
      <RoleField {...edit.form.getInputProps('role')} />
      <Switch
        label={t`May sign in`}
        description={t`Without it, all sessions of the user end at once.`}
        {...edit.form.getInputProps('maySignIn', { type: 'checkbox' })}
      />
    </EditDialog>
  )
}
