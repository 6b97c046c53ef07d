import { t } from '@lingui/core/macro'
import { Stack, Text } from '@mantine/core'
import { useDialog } from '@/lib/dialog'
import { notify } from '@/lib/notify'
import { useAction } from '@/lib/useAction'
import { ContactDetails } from '@/ui/ContactDetails'
import { FormDialog } from '@/ui/FormDialog'
import { ContactLoader, type ContactSubject } from './ContactLoader'
import { RemoveContactDocument } from './operations.generated'

export default function RemoveContactDialog() {
  return (
    <ContactLoader title={t`Remove contact`}>
      {(contact) => <RemoveForm contact={contact} />}
    </ContactLoader>
  )
}

/** Removes the contact as it is shown: if others change it meanwhile, the change is shown first. */
function RemoveForm({ contact }: { contact: ContactSubject }) {
  const { close } = useDialog()
  const remove = useAction(RemoveContactDocument, (data) => data.removeContact)
  const { name } = contact

  async function submit() {
    const removed = await remove.run({ id: contact.id, expectedVersion: contact.version })
    if (!removed) return
    notify(t`${name} removed.`)
    close()
  }

  return (
    <FormDialog
      title={t`Remove contact: ${name}`}
      submit={t`Remove contact`}
      color="red.9"
      size={460}
      busy={remove.busy}
      problems={remove.problems}
      onSubmit={(event) => {
        event?.preventDefault()
        void submit()
      }}
    >
      <Stack gap={2}>
        <ContactDetails contact={contact} />
      </Stack>
      {contact.isPrimary && (
        <Text size="sm">
          {t`Bills will be addressed to the oldest other billing contact, if there is one.`}
        </Text>
      )}
    </FormDialog>
  )
}
