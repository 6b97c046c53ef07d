import { t } from '@lingui/core/macro'
import { useDialog } from '@/lib/dialog'
import { notify } from '@/lib/notify'
import { useAction } from '@/lib/useAction'
import { useEditForm } from '@/lib/useEditForm'
import { FormDialog } from '@/ui/FormDialog'
import { StaleEdit } from '@/ui/StaleEdit'
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

  function takeOver() {
    edit.takeOver()
    update.clear()
  }

  const { name } = contact
  return (
    <FormDialog
      title={t`Edit contact: ${name}`}
      submit={t`Save`}
      onSubmit={edit.form.onSubmit(submit)}
      busy={update.busy}
      problems={edit.isStale ? [] : update.problems}
      form={edit.form}
      ready={!edit.isStale}
    >
      {edit.isStale && (
        <StaleEdit title={t`This contact was just edited by somebody else`} onTakeOver={takeOver} />
      )}
      <ContactFields form={edit.form} />
    </FormDialog>
  )
}
