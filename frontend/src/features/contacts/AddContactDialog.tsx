import { t } from '@lingui/core/macro'
import { useForm } from '@mantine/form'
import { useQuery } from 'urql'
import { useDialog, useSubjectId } from '@/lib/dialog'
import { notify } from '@/lib/notify'
import { useAction } from '@/lib/useAction'
import { FormDialog } from '@/ui/FormDialog'
import {
  ContactFields,
  type ContactValues,
  contactInput,
  contactRules,
  contactValues,
} from './ContactFields'
import { AddContactDocument, ContactOwnerDocument } from './operations.generated'

export default function AddContactDialog() {
  const accountId = useSubjectId()
  const { close, address } = useDialog()
  const [{ data }] = useQuery({ query: ContactOwnerDocument, variables: { id: accountId } })
  const form = useForm<ContactValues>({
    initialValues: { ...contactValues(), isPrimary: address.choice === 'primary' },
    validate: contactRules,
  })
  const add = useAction(AddContactDocument, (payload) => payload.addContact, form)

  async function submit(values: ContactValues) {
    const payload = await add.run({ input: { accountId, ...contactInput(values) } })
    if (!payload) return
    const name = values.name.trim()
    notify(t`${name} added.`)
    close()
  }

  const owner = data?.account?.name
  return (
    <FormDialog
      title={owner ? t`Add contact to ${owner}` : t`Add contact`}
      submit={t`Add contact`}
      onSubmit={form.onSubmit(submit)}
      busy={add.busy}
      problems={add.problems}
      form={form}
    >
      <ContactFields form={form} />
    </FormDialog>
  )
}
