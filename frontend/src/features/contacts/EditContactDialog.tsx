import { t } from '@lingui/core/macro'
import { useDialog } from '@/lib/dialog'
import { notify } from '@/lib/notify'
import { useAction } from '@/lib/useAction'
import { useEditForm } from '@/lib/useEditForm'
import { EditDialog } from '@/ui/EditDialog'
import {
  ContactFields,
  type ContactValues,
  contactInput,
  contactRules,
  contactValues,
} from './ContactFields'
import { ContactLoader, type ContactSubject } from './ContactLoader'
import { UpdateContactDocument } from './operations.generated'

export default function EditContactDialog() {
  return (
    <ContactLoader title={t`Edit contact`}>
      {(contact) => <EditForm key={contact.id} contact={contact} />}
    </ContactLoader>
  )
}

function EditForm({ contact }: { contact: ContactSubject }) {
  const { close } = useDialog()
  const edit = useEditForm(contact, contactValues, contactRules)
  const update = useAction(UpdateContactDocument, (data) => data.updateContact, edit.form)

  async function submit(values: ContactValues) {
    const payload = await update.run({
      input: { contactId: contact.id, ...contactInput(values), expectedVersion: edit.version },
    })
    if (!payload) return
    const name = values.name.trim()
    notify(t`${name} saved.`)
    close()
  }

  const { name } = contact
  return (
    <EditDialog
      title={t`Edit contact: ${name}`}
      edit={edit}
      saving={update}
      onSubmit={submit}
      staleTitle={t`This contact was just edited by somebody else`}
    >
      <ContactFields form={edit.form} />
    </EditDialog>
  )
}
